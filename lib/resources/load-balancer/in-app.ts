import { judgeBy } from '../../app/judges';
import type { CiliumInApp } from '../../app/cilium';
import type { Prediction } from '../../app/predictions';
import { clustersOf, objectsOf, pictureOf } from '../../app/picture';
import type { Context } from '../../cilium/context';
import { predictPods } from '../../cilium/pods/prediction';
import type { ICilium } from '../../cilium/reference';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import type { Finding } from '../../rules/finding';
import type { NodeAddress } from './node-addresses';
import { predictServices } from './service-prediction';
import { serviceFindings } from './service-rules';

/**
 * Has the Services of every cluster of an app judged that no patch carries; a patch judges those in its manifests. What becomes of them
 * and of pods is predicted for every cluster.
 */
export function judgeServices(): void {
  judgeBy({ cluster: servicesOfCluster, prediction: predictionOfCluster });
}

function predictionOfCluster(cilium: CiliumInApp): Prediction {
  const context = (cilium as ICilium).rendered?.context;
  if (context === undefined) return { services: [], pods: [] };
  const objects = objectsOf(cilium).map(({ object }) => object);
  const { path } = cilium.node;
  return { services: predictServices(path, objects, context), pods: predictPods(path, objects, context) };
}

function servicesOfCluster(cilium: CiliumInApp): readonly Finding[] {
  const context = (cilium as ICilium).rendered?.context;
  if (context === undefined) return [];
  const { patches } = pictureOf(cilium);
  if (patches.some((patch) => clustersOf(patch).includes(cilium))) return [];
  const objects = objectsOf(cilium).map(({ object, source, manifest }) => ({
    object,
    place: manifest ?? (source.node.scope ?? source).node.path,
  }));
  return serviceFindings(objects, context, apiServerAddresses(context));
}

/** Addresses of the API server, which control planes have. A patch compares them with its pools itself. */
function apiServerAddresses({ v, talos }: Context): readonly NodeAddress[] {
  const rows = [
    ['talos.vip.ip', talos?.given?.vip?.ip ?? ''],
    ['cilium.k8sServiceHost', String(v.k8sServiceHost ?? '')],
  ] as const;
  return rows.flatMap(([at, text]) => {
    const range = addressFamily(text) === undefined ? undefined : parseCidr(text);
    return range === undefined ? [] : [{ at, text, range }];
  });
}
