import { adoptManifests } from '../../lib/adopt/adopt';
import { renderCilium } from '../../lib/cilium/render';
import type { CiliumValues } from '../../imports/cilium-chart';
import { ownedByRelease } from '../../lib/helm/ownership';
import type { KubernetesObject } from '../../lib/kubernetes/types';

function rendered(values: CiliumValues, version = '1.19.6'): readonly KubernetesObject[] {
  return renderCilium({ version, values, unknownValues: 'warn' }).objects;
}

describe('adoptManifests', () => {
  it('finds no values for the defaults', () => {
    expect(adoptManifests(rendered({}))).toMatchObject({ values: {}, explained: [], left: [], isEqual: true });
  });

  it('names the lines that each value explains', () => {
    const { explained } = adoptManifests(rendered({ operator: { replicas: 1 } }));
    const object = 'apps/Deployment kube-system/cilium-operator';
    const lines = ['spec.replicas', 'spec.strategy.rollingUpdate.maxUnavailable'].map((path) => ({ object, path }));
    expect(explained).toEqual([{ path: 'operator.replicas', value: 1, lines }]);
  });

  it('turns marks of Helm into the release', () => {
    const release = { name: 'cilium', namespace: 'kube-system' };
    const adopted = adoptManifests(rendered({ MTU: 1420 }).map((object) => ownedByRelease(object, release)));
    expect(adopted).toMatchObject({ helmRelease: release, values: { MTU: 1420 }, left: [] });
  });

  it('names secret data and never shows it', () => {
    const key =
      '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n';
    const data = { 'tls.key': Buffer.from(key).toString('base64'), 'tls.crt': 'Y3J0' };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hubble-server-certs', namespace: 'kube-system' },
      type: 'kubernetes.io/tls',
      data,
    };
    const adopted = adoptManifests([...rendered({}), secret]);
    expect(adopted.left).toEqual([
      { kind: 'secret', object: 'Secret kube-system/hubble-server-certs', keys: ['tls.key'] },
    ]);
    expect(JSON.stringify(adopted)).not.toMatch(/PRIVATE KEY|LS0tLS1CRUdJTiBQUklWQVRFIEtFWS/);
  });
});
