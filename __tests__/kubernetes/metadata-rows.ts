import type { KubernetesObject } from '../../lib/kubernetes/types';

/* Metadata of all objects, ConfigMaps and Secrets: what an API server refuses, and what it takes. conformance/apiserver holds the table against a real one. */

/** `wrong` is an error here and refused by the server; `warned` has a finding, whatever the server answers. */
export type Verdict = 'right' | 'warned' | 'wrong';

/** Metadata beside name and namespace; of custom resources the second verdict. */
export type MetadataRow = readonly [name: string, metadata: object, verdict: Verdict, ofCustom?: Verdict];

const owner = (fields: object): object => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'b', ...fields }],
});
const managed = { manager: 'a', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} };

export const METADATA_ROWS: readonly MetadataRow[] = [
  ['nothing', {}, 'right'],
  ['labels and annotations', { labels: { 'a.example/b': 'c', d: '' }, annotations: { 'A.example/b': 'c d' } }, 'right'],
  ['null for both', { labels: null, annotations: null }, 'right'],
  ['a number as annotation', { annotations: { a: 5 } }, 'wrong'],
  ['true as annotation', { annotations: { a: true } }, 'wrong'],
  ['a map as annotation', { annotations: { a: { b: 1 } } }, 'wrong'],
  ['a list as annotation', { annotations: { a: ['x'] } }, 'wrong'],
  ['a blank in the key of an annotation', { annotations: { 'a b': 'c' } }, 'wrong'],
  ['an empty key of an annotation', { annotations: { '': 'c' } }, 'wrong'],
  ['64 letters as key of an annotation', { annotations: { ['a'.repeat(64)]: 'c' } }, 'wrong'],
  ['annotations as list', { annotations: ['x'] }, 'wrong'],
  ['annotations as text', { annotations: 'xy' }, 'wrong'],
  ['annotations as empty list', { annotations: [] }, 'wrong'],
  ['annotations of 256 KiB', { annotations: { a: 'x'.repeat(256 * 1024 - 1) } }, 'right'],
  ['annotations of more than 256 KiB', { annotations: { a: 'x'.repeat(256 * 1024) } }, 'wrong'],
  ['annotations of more bytes than letters', { annotations: { a: 'é'.repeat(140 * 1024) } }, 'wrong'],
  ['a number as label', { labels: { a: 5 } }, 'wrong'],
  ['a map as label', { labels: { a: { b: 'c' } } }, 'wrong'],
  ['a blank in the key of a label', { labels: { 'a b': 'c' } }, 'wrong'],
  ['a line break in a label', { labels: { a: 'c\n' } }, 'wrong'],
  ['a slash in a label', { labels: { a: 'b/c' } }, 'wrong'],
  ['an upper-case domain of a label', { labels: { 'A.example/b': 'c' } }, 'wrong'],
  ['labels as list', { labels: ['x'] }, 'wrong'],
  ['labels as text', { labels: 'xy' }, 'wrong'],
  ['a name that metadata does not have', { clusterName: 'home' }, 'wrong'],
  ['a uid', { uid: 'b5c6f7a0-0d6c-4c1f-8f6e-2f0a9b8a7c11' }, 'warned'],
  ['a number as uid', { uid: 5 }, 'wrong'],
  ['an empty uid', { uid: '' }, 'right'],
  ['managedFields', { managedFields: [managed] }, 'warned'],
  ['managedFields without fields', { managedFields: [{}] }, 'warned'],
  ['managedFields as text', { managedFields: 'x' }, 'warned'],
  ['no managedFields', { managedFields: null }, 'right'],
  ['a resourceVersion', { resourceVersion: '1' }, 'warned'],
  ['a resourceVersion of letters', { resourceVersion: 'abc' }, 'warned'],
  ['a number as resourceVersion', { resourceVersion: 1 }, 'wrong'],
  ['a deletionTimestamp', { deletionTimestamp: '2024-01-01T00:00:00Z' }, 'warned'],
  ['a selfLink', { selfLink: '/api/v1/x' }, 'right'],
  ['a number as selfLink', { selfLink: 5 }, 'wrong'],
  ['text as generation', { generation: '3' }, 'wrong'],
  ['a creationTimestamp of null', { creationTimestamp: null }, 'right'],
  ['a creationTimestamp that is not one', { creationTimestamp: 'yesterday' }, 'wrong', 'right'],
  ['an empty creationTimestamp', { creationTimestamp: '' }, 'wrong', 'right'],
  ['a prefix beside the name', { generateName: 'right-' }, 'right'],
  ['a prefix that is not a name', { generateName: 'Right_!' }, 'wrong'],
  ['a number as prefix', { generateName: 5 }, 'wrong'],
  ['a finalizer', { finalizers: ['example.com/x'] }, 'right'],
  ['a finalizer of Kubernetes', { finalizers: ['orphan'] }, 'right'],
  ['a finalizer without a domain', { finalizers: ['x'] }, 'wrong', 'right'],
  ['a finalizer with blanks', { finalizers: ['not a finalizer'] }, 'wrong'],
  ['a finalizer of an upper-case domain', { finalizers: ['Example.com/x'] }, 'wrong'],
  ['an empty finalizer', { finalizers: [''] }, 'wrong'],
  ['a number as finalizer', { finalizers: [5] }, 'wrong'],
  ['finalizers as text', { finalizers: 'x' }, 'wrong'],
  ['a finalizer twice', { finalizers: ['example.com/x', 'example.com/x'] }, 'wrong'],
  ['finalizers that exclude each other', { finalizers: ['orphan', 'foregroundDeletion'] }, 'wrong'],
  ['an owner', owner({}), 'right'],
  ['an owner without a uid', owner({ uid: undefined }), 'wrong'],
  ['an owner with an empty uid', owner({ uid: '' }), 'wrong'],
  ['an owner with an empty name', owner({ name: '' }), 'wrong'],
  ['an owner of no version', owner({ apiVersion: 'apps/' }), 'wrong'],
  ['an owner of two groups', owner({ apiVersion: 'a/b/c' }), 'wrong'],
  ['an Event as owner', owner({ kind: 'Event' }), 'wrong'],
  ['an Event of the newer group as owner', owner({ apiVersion: 'events.k8s.io/v1', kind: 'Event' }), 'right'],
  ['another field of an owner', owner({ foo: 1 }), 'wrong'],
  ['owners as text', { ownerReferences: 'x' }, 'wrong'],
  ['the same owner twice', { ownerReferences: [owned('a', 'b'), owned('c', 'b')] }, 'wrong'],
  ['two controllers', { ownerReferences: [owned('a', 'b', true), owned('c', 'd', true)] }, 'wrong'],
];

function owned(name: string, uid: string, controller?: boolean): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid, controller };
}

const named = { name: 'right', namespace: 'default' };

/** What the metadata is written into, and whether it is of a custom resource. */
export const METADATA_HOLDERS: readonly { readonly object: KubernetesObject; readonly isCustom: boolean }[] = [
  { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: named }, isCustom: false },
  {
    object: {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: named,
      spec: { endpointSelector: {}, ingress: [{}] },
    },
    isCustom: true,
  },
  {
    object: {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: named,
      spec: { secretName: 'a', issuerRef: { name: 'b' }, dnsNames: ['a.example'] },
    },
    isCustom: true,
  },
];

/** All rows as objects. */
export const METADATA_OBJECTS = METADATA_HOLDERS.flatMap(({ object, isCustom }) =>
  METADATA_ROWS.map(([name, metadata, verdict, ofCustom = verdict]) => ({
    name: `${name} in a ${object.kind}`,
    object: { ...object, metadata: { ...object.metadata, ...metadata } } as KubernetesObject,
    verdict: isCustom ? ofCustom : verdict,
  })),
);

const MIB = 1024 * 1024;
const data = (kind: string, body: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: named,
  ...body,
});
const config = (body: object): KubernetesObject => data('ConfigMap', body);
const secret = (body: object): KubernetesObject => data('Secret', body);
const typed = (type: string, stringData?: object): KubernetesObject =>
  secret({ type: `kubernetes.io/${type}`, stringData });
const bytes = (size: number): string => Buffer.alloc(size, 7).toString('base64');

/** ConfigMaps, Secrets and status. */
export const DATA_OBJECTS: readonly {
  readonly name: string;
  readonly object: KubernetesObject;
  readonly verdict: Verdict;
}[] = (
  [
    ['a ConfigMap of 1 MiB', config({ data: { a: 'x'.repeat(MIB) } }), 'right'],
    ['a ConfigMap of 1 MiB, decoded', config({ binaryData: { a: bytes(MIB) } }), 'right'],
    ['a larger ConfigMap', config({ data: { a: 'x'.repeat(MIB + 1) } }), 'wrong'],
    ['a ConfigMap of more bytes than letters', config({ data: { a: 'é'.repeat(MIB / 2 + 1) } }), 'wrong'],
    ['two halves that are too large', config({ data: { a: 'x'.repeat(MIB) }, binaryData: { b: bytes(1) } }), 'wrong'],
    ['a key in both', config({ data: { a: 'b' }, binaryData: { a: 'YQ==' } }), 'wrong'],
    ['base64 with line breaks', config({ binaryData: { a: 'YW\nJj\n' } }), 'right'],
    ['base64 with a blank', config({ binaryData: { a: 'YW Jj' } }), 'wrong'],
    ['base64 of URLs', config({ binaryData: { a: '-_-_' } }), 'wrong'],
    ['base64 without its end', config({ binaryData: { a: 'YQ' } }), 'wrong'],
    ['data as list', config({ data: ['a'] }), 'wrong'],
    ['data as text', config({ data: 'a' }), 'wrong'],
    ['null as data', config({ data: { a: null } }), 'right'],
    ['a key with a slash', config({ data: { 'a/b': 'c' } }), 'wrong'],
    ['a key of two dots', config({ data: { '..': 'c' } }), 'wrong'],
    ['a status of a ConfigMap', config({ status: {} }), 'wrong'],
    ['a Secret of 1 MiB', secret({ data: { a: bytes(MIB) } }), 'right'],
    ['a larger Secret', secret({ data: { a: bytes(MIB + 1) } }), 'wrong'],
    ['a larger Secret as text', secret({ stringData: { a: 'x'.repeat(MIB + 1) } }), 'wrong'],
    ['text in place of bytes', secret({ data: { a: bytes(MIB) }, stringData: { a: 'b' } }), 'right'],
    ['a TLS Secret', typed('tls', { 'tls.crt': '', 'tls.key': '' }), 'right'],
    ['a TLS Secret without its key', typed('tls', { 'tls.crt': '' }), 'wrong'],
    ['a user without a password', typed('basic-auth', { username: 'a' }), 'right'],
    ['neither user nor password', typed('basic-auth'), 'wrong'],
    ['SSH without a key', typed('ssh-auth'), 'wrong'],
    ['credentials of a registry', typed('dockerconfigjson', { '.dockerconfigjson': '{}' }), 'right'],
    ['no credentials of a registry', typed('dockerconfigjson'), 'wrong'],
    ['credentials that are not JSON', typed('dockerconfigjson', { '.dockerconfigjson': 'x' }), 'wrong'],
    ['a token without its ServiceAccount', typed('service-account-token'), 'wrong'],
    [
      'a status of a Service',
      data('Service', {
        spec: { selector: { a: 'b' }, ports: [{ port: 80 }] },
        status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
      }),
      'warned',
    ],
    [
      'an empty status of a Service',
      data('Service', { spec: { selector: { a: 'b' }, ports: [{ port: 80 }] }, status: { loadBalancer: {} } }),
      'right',
    ],
  ] as const
).map(([name, object, verdict]) => ({ name, object, verdict }));
