import { adoptManifests } from '../../lib/adopt/adopt';
import type { Adopted } from '../../lib/adopt/adopt';
import { patched } from '../../lib/adopt/patches';
import { renderCilium } from '../../lib/cilium/render';
import type { CiliumValues } from '../../imports/cilium-chart';
import { nameInForm, normalForm } from '../../lib/helm/normal-form';
import type { KubernetesObject } from '../../lib/kubernetes/types';

const VALUES: CiliumValues = {
  kubeProxyReplacement: true,
  k8sServiceHost: 'localhost',
  k8sServicePort: 7445,
  hubble: { relay: { enabled: true }, metrics: { enabled: ['dns', 'drop'] } },
  operator: { replicas: 1 },
};

function rendered(values: CiliumValues, version = '1.19.6'): readonly KubernetesObject[] {
  return renderCilium({ version, values, unknownValues: 'warn' }).objects;
}

/** One object of a list, changed. */
function withChanged(
  objects: readonly KubernetesObject[],
  name: string,
  change: (object: KubernetesObject) => KubernetesObject,
): readonly KubernetesObject[] {
  return objects.map((object) => (nameInForm(object) === name ? change(object) : object));
}

function edits({ left }: Adopted): readonly Adopted['left'][number][] {
  return left.filter(({ kind }) => kind === 'edited');
}

describe('adoptManifests', () => {
  it.each(['1.18.12', '1.19.6', '1.20.0'])('finds the values that %s was rendered with', (version) => {
    const adopted = adoptManifests(rendered(VALUES, version));
    expect(adopted).toMatchObject({
      version,
      namespace: 'kube-system',
      kubeVersion: '1.34.0',
      isEqual: true,
      left: [],
    });
    expect(adopted.values).toEqual(VALUES);
  });

  it('lists an edit by hand as a patch that makes the object equal', () => {
    const name = 'apps/DaemonSet kube-system/cilium';
    const objects = withChanged(rendered({}), name, (object) => ({
      ...object,
      spec: { ...(object.spec as object), minReadySeconds: 7 },
    }));
    const adopted = adoptManifests(objects);
    expect(adopted.isEqual).toBe(false);
    expect(edits(adopted)).toEqual([
      { kind: 'edited', object: name, patch: [{ op: 'add', path: '/spec/minReadySeconds', value: 7 }] },
    ]);
    const [edit] = edits(adopted);
    const own = rendered(adopted.values).find((object) => nameInForm(object) === name);
    if (own === undefined || edit?.kind !== 'edited') throw new Error('not there');
    expect(normalForm([patched(own, edit.patch)])).toEqual(
      normalForm(objects.filter((object) => nameInForm(object) === name)),
    );
  });

  it('keeps other objects, and names those that are not there', () => {
    const pool = { apiVersion: 'cilium.io/v2', kind: 'CiliumLoadBalancerIPPool', metadata: { name: 'pool' }, spec: {} };
    const { left } = adoptManifests([...rendered({}).filter(({ kind }) => kind !== 'Service'), pool]);
    expect(left).toContainEqual({
      kind: 'other',
      object: 'cilium.io/CiliumLoadBalancerIPPool pool',
      manifest: pool,
      isHook: false,
    });
  });
});
