import { valueSets } from '../../conformance/helm/cases';
import { forUs } from '../../lib/releases/declared-differences';
import { renderCilium } from '../../lib/cilium/render';
import type { Finding } from '../../lib/rules/finding';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { schemaFindings } from '../../lib/talos/patch/object-schema';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import { RIGHT_OBJECTS, WRONG_OBJECTS } from '../kubernetes/object-rows';
import { sample } from '../speed';

const judged = (object: KubernetesObject, kubernetes = '1.34.4'): readonly Finding[] =>
  schemaFindings([{ object, at: `manifests.app: ${identity(object)}` }], kubernetes);

describe('objects in a patch', () => {
  it.each(RIGHT_OBJECTS.map(([name, object]) => ({ name, object })))('$name is accepted', ({ object }) => {
    expect(judged(object)).toEqual([]);
  });

  it.each(WRONG_OBJECTS.map(([name, object, at]) => ({ name, object, at })))(
    '$name is refused at its place',
    ({ object, at }) => {
      const found = judged(object).filter(({ level }) => level === 'error');
      expect(found.map((finding) => finding.paths.join())).toEqual([expect.stringMatching(/^manifests\.app: /)]);
      expect(found[0]?.paths[0]?.endsWith(`: ${at ?? ''}`)).toBe(true);
    },
  );

  it('are not judged when their kind is unknown', () => {
    expect(
      judged({ apiVersion: 'example.com/v1', kind: 'DaemonSet', metadata: { name: 'x' }, spec: { anything: 1 } }),
    ).toEqual([]);
  });

  it('make the patch fail, with the name of the manifest and of the object', () => {
    const object = WRONG_OBJECTS.find(([name]) => name === 'a misspelt field of a pod')?.[1] as KubernetesObject;
    const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.4' });
    expect(() => renderTalosPatch({ talos, manifests: [{ name: '50-app', objects: [object] }] })).toThrow(
      /50-app: apps\/DaemonSet default\/x: spec\.template\.spec\.hostNetwrok: Unknown field of PodSpec\..*\n.*`hostNetwork`/,
    );
  });
});

/** A value set that was made to reach every branch of the templates, and that no API server takes as a whole. */
const NOT_TAKEN: Readonly<Record<string, RegExp>> = {
  '21-ipsec-strict': /cilium-operator: spec\.(maxUnavailable|strategy\.rollingUpdate)$/,
  '41-certgen-min': /hubble-ui: spec\.rules$/,
  '45-preflight-kvstore': /cilium-ingress: spec\.externalTrafficPolicy$/,
};

describe.each(['1.18.12', '1.19.6', '1.20.0'].map((version, i) => [version, i] as const))(
  'what Cilium %s renders',
  (version, i) => {
    it('is accepted by the API server of every supported Kubernetes, for every value set', () => {
      for (const { id, values, namespace, kubeVersion, apiVersions } of sample(valueSets(), 11, i)) {
        let objects: readonly KubernetesObject[];
        try {
          ({ objects } = renderCilium({
            version,
            values: forUs(values),
            namespace,
            kubeVersion,
            apiVersions,
            unknownValues: 'warn',
          }));
        } catch {
          continue; // what the chart refuses is held elsewhere
        }
        const found = objects.flatMap((object) => [judged(object, kubeVersion), judged(object, '1.37.0')].flat());
        expect(found.map(({ paths }) => paths.join()).filter((at) => !(NOT_TAKEN[id]?.test(at) ?? false))).toEqual([]);
      }
    });
  },
);
