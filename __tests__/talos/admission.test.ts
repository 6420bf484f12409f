import type { KubernetesObject } from '../../lib';
import { describeFinding } from '../../lib';
import { judge, testRows } from './together';
import type { Row } from './together';

/** A webhook about pods, as policy engines install them. */
function webhook(more: object = {}, rule: object = {}): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'engine' },
    webhooks: [
      {
        name: 'pods.engine.example.org',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { service: { name: 'engine', namespace: 'engine' } },
        rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'], ...rule }],
        ...more,
      },
    ],
  };
}

const outside = (...namespaces: readonly string[]): object => ({
  namespaceSelector: {
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: namespaces }],
  },
});

const SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'engine', namespace: 'engine' },
  spec: { selector: { app: 'engine' }, ports: [{ port: 443 }] },
};

const engine = (hostNetwork: boolean): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'engine', namespace: 'engine' },
  spec: {
    selector: { matchLabels: { app: 'engine' } },
    template: {
      metadata: { labels: { app: 'engine' } },
      spec: { hostNetwork, containers: [{ name: 'engine', image: 'example.org/engine:1' }] },
    },
  },
});

const rows: readonly Row[] = [
  {
    what: 'a webhook about every object',
    objects: [webhook(), SERVICE, engine(false)],
    finds: [['talos-patch/admission-deadlock', 'warning', 'webhooks[0]']],
    repaired: { objects: [webhook(outside('kube-system', 'engine')), SERVICE, engine(false)] },
  },
  {
    what: 'a webhook that leaves out another namespace',
    objects: [webhook(outside('engine'))],
    finds: [['talos-patch/admission-deadlock', 'warning', 'webhooks[0]']],
    repaired: { objects: [webhook({ failurePolicy: 'Ignore' })] },
  },
  {
    what: 'a webhook about pods with any label',
    objects: [webhook({ objectSelector: { matchExpressions: [{ key: 'k8s-app', operator: 'Exists' }] } })],
    finds: [['talos-patch/admission-deadlock', 'warning', 'webhooks[0]']],
    repaired: { objects: [webhook({ objectSelector: { matchLabels: { 'engine.example.org/inject': 'true' } } })] },
  },
];

describe('webhooks that Cilium waits for', () => {
  testRows(rows);

  it.each<readonly [what: string, objects: readonly KubernetesObject[]]>([
    ['about other kinds', [webhook({}, { apiGroups: ['apps'], resources: ['deployments'] })]],
    ['about changes', [webhook({}, { operations: ['UPDATE', 'DELETE'] })]],
    ['at an address outside the cluster', [webhook({ clientConfig: { url: 'https://engine.example.org' } })]],
    ['with conditions', [webhook({ matchConditions: [{ name: 'mine', expression: 'true' }] })]],
  ])('are not those %s', (_, objects) => {
    expect(judge({ objects }).map(describeFinding)).toEqual([]);
  });

  it('are not those on the network of nodes', () => {
    const found = judge({ objects: [webhook(), SERVICE, engine(true)] });
    expect(found.map(({ id }) => id)).not.toContain('talos-patch/admission-deadlock');
  });
});
