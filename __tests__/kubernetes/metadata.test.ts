import { ApiObject, App, Chart } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { Cilium } from '../../lib/cilium/cilium';
import '../../lib/index';
import { findingsOf } from '../../lib/app/findings';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import { DATA_OBJECTS, METADATA_OBJECTS } from './metadata-rows';
import type { Verdict } from './metadata-rows';

const ROWS = [...METADATA_OBJECTS, ...DATA_OBJECTS];
const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.4' });

function inPatch(object: KubernetesObject): readonly Finding[] {
  try {
    return renderTalosPatch({ talos, allowSecrets: true, manifests: [{ name: '20-app', objects: [object] }] }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ level }) => level === 'error')) return 'wrong';
  return findings.some(({ id }) => id.endsWith('/server-fields')) ? 'warned' : 'right';
}

describe('what an API server refuses in any object', () => {
  it.each(ROWS)('$name is $verdict in a patch', ({ object, verdict }) => {
    expect(verdictOf(inPatch(object))).toBe(verdict);
  });

  // cdk8s writes no empty maps and lists, and letters for texts.
  const written = [...METADATA_OBJECTS.filter((_, i) => i % 3 === 0), ...DATA_OBJECTS].filter(
    ({ name }) => !/managedFields without|an empty|as (?:empty )?list|as text|in a CiliumNetworkPolicy/.test(name),
  );

  it('is found in plain objects of an app', () => {
    const app = new App();
    const chart = new Chart(app, 'app');
    new Cilium(chart, 'cilium', { version: '1.19.6' });
    const made = written.map(
      ({ object }, i) => new ApiObject(chart, `row-${String(i)}`, object as unknown as ApiObjectProps),
    );
    const verdicts = made.map((plain, i) => `${written[i]?.name ?? ''}: ${verdictOf(findingsOf(plain))}`);
    expect(verdicts).toEqual(written.map(({ name, verdict }) => `${name}: ${verdict}`));
  });

  it.each([
    ['labels', 'xy'],
    ['annotations', true],
    ['finalizers', 'x'],
    ['name', 5],
  ])('metadata.%s of a wrong type is found, although cdk8s writes something else', (field, value) => {
    const app = new App();
    new Cilium(new Chart(app, 'app'), 'cilium', { version: '1.19.6' });
    const props = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { [field]: value } };
    const plain = new ApiObject(new Chart(app, 'other'), 'x', props as unknown as ApiObjectProps);
    expect(findingsOf(plain)).toEqual([
      expect.objectContaining({ id: 'kubernetes/type', level: 'error', paths: [`metadata.${field}`] }),
    ]);
  });
});
