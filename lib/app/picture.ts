import { ApiObject, Chart } from 'cdk8s';
import { ConstructOrder } from 'constructs';
import type { IConstruct } from 'constructs';
import type { KubernetesObject } from '../kubernetes/types';
import { ciliumOf, isMarkedAsCilium } from './cilium';
import type { CiliumInApp } from './cilium';
import { once } from './contents';
import { chartsOfPatch, isPatch } from './patches';
import type { PatchInApp } from './patches';

/** What rules over several objects read of an app, from one walk over its tree. Lists have the order of the tree. */
export interface Picture {
  readonly constructs: readonly IConstruct[];
  readonly objects: readonly ApiObject[];
  readonly charts: readonly Chart[];
  readonly ciliums: readonly CiliumInApp[];
  readonly patches: readonly PatchInApp[];
  /** Constructs by the Cilium that they belong to, which can be in another app. */
  readonly byCilium: ReadonlyMap<CiliumInApp | undefined, readonly IConstruct[]>;
  /** Charts that patches carry, with the charts in them: the patch compares their objects. */
  readonly carried: ReadonlySet<IConstruct>;
}

/** The picture of the app that a construct is in: one for each synthesis. */
export function pictureOf({ node: { root } }: IConstruct): Picture {
  return once(root, 'picture', () => {
    const constructs = root.node.findAll();
    const byCilium = new Map<CiliumInApp | undefined, IConstruct[]>();
    for (const construct of constructs) {
      const cilium = ciliumOf(construct);
      const same = byCilium.get(cilium);
      if (same === undefined) byCilium.set(cilium, [construct]);
      else same.push(construct);
    }
    const patches = constructs.filter(isPatch);
    return {
      constructs,
      objects: constructs.filter((one): one is ApiObject => ApiObject.isApiObject(one)),
      charts: constructs.filter((one): one is Chart => Chart.isChart(one)),
      ciliums: constructs.filter((one): one is CiliumInApp => isMarkedAsCilium(one)),
      patches,
      byCilium,
      carried: new Set(patches.flatMap(chartsOfPatch).flatMap(chartsIn)),
    };
  });
}

/** The Services of an app as they are written; none when it has several clusters, because it is unknown which one a Service belongs to. */
export function servicesOf(construct: IConstruct): readonly KubernetesObject[] {
  const { root } = construct.node;
  return once(root, 'services', () => {
    const { ciliums, objects } = pictureOf(root);
    const services = ciliums.length > 1 ? [] : objects.filter(({ kind }) => kind === 'Service');
    return services.map((service) => service.toJson() as KubernetesObject);
  });
}

/** A chart and the charts in it, inner ones first. */
export function chartsIn(chart: IConstruct): readonly Chart[] {
  const find = (): readonly IConstruct[] => chart.node.findAll(ConstructOrder.POSTORDER);
  return once(chart, 'charts', () => find().filter((one): one is Chart => Chart.isChart(one)));
}

/** The Ciliums in a chart and in the charts in it. */
export function ciliumsIn(chart: IConstruct): readonly CiliumInApp[] {
  return once(chart, 'ciliums', () => chart.node.findAll().filter((one): one is CiliumInApp => isMarkedAsCilium(one)));
}
