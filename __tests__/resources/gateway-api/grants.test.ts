import { ApiObject, App, Chart, Include } from 'cdk8s';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cilium, HTTPRoute } from '../../../lib';
import type { KubernetesObject } from '../../../lib';
import { grantFor } from '../../../lib/resources/gateway-api/grants';
import type { ForeignReference } from '../../../lib/resources/gateway-api/grants';
import { kindOf, resourceExampleFindings } from '../../../upstream/rules/resources';

/** ReferenceGrants, as the operator judges them. */

const GROUP = 'gateway.networking.k8s.io';
const REFERENCE: ForeignReference = {
  from: { kind: 'HTTPRoute', namespace: 'shop' },
  to: { group: '', kind: 'Service', namespace: 'auth', name: 'proxy' },
};
const FROM = { group: GROUP, kind: 'HTTPRoute', namespace: 'shop' };
const TO = { group: '', kind: 'Service' };

function grant(
  spec: object = { from: [FROM], to: [TO] },
  { version = 'v1beta1', namespace = 'auth' }: { version?: string; namespace?: string } = {},
): KubernetesObject {
  return {
    apiVersion: `${GROUP}/${version}`,
    kind: 'ReferenceGrant',
    metadata: { name: 'allow', namespace },
    spec,
  };
}

const judge = (object: KubernetesObject, version = '1.19.6'): ReturnType<typeof grantFor> =>
  grantFor(REFERENCE, [object], version);

it.each([
  ['all Services', grant()],
  ['one Service', grant({ from: [FROM], to: [{ ...TO, name: 'proxy' }] })],
  ['several sources', grant({ from: [{ ...FROM, kind: 'Gateway' }, FROM], to: [{ ...TO, kind: 'Secret' }, TO] })],
])('a grant for %s allows the reference', (_, object) => {
  expect(judge(object)).toEqual({ isGranted: true });
});

it('v1 is read from 1.20 on, v1beta1 always', () => {
  const v1 = grant(undefined, { version: 'v1' });
  expect(judge(v1, '1.20.0').isGranted).toBe(true);
  expect(judge(grant(), '1.20.0').isGranted).toBe(true);
  expect(judge(v1, '1.19.6').nearMiss).toBe('Cilium 1.19.6 does not read v1 of ReferenceGrant auth/allow');
  expect(judge(grant(undefined, { version: 'v1alpha2' }), '1.20.0').isGranted).toBe(false);
});

it.each([
  [
    'the wrong namespace',
    grant(undefined, { namespace: 'shop' }),
    "metadata.namespace of ReferenceGrant shop/allow is 'shop', not 'auth'",
  ],
  [
    'another kind',
    grant({ from: [{ ...FROM, kind: 'Gateway' }], to: [TO] }),
    "from[0].kind of ReferenceGrant auth/allow is 'Gateway', not 'HTTPRoute'",
  ],
  [
    'another namespace',
    grant({ from: [{ ...FROM, namespace: 'web' }], to: [TO] }),
    "from[0].namespace of ReferenceGrant auth/allow is 'web', not 'shop'",
  ],
  [
    'another Service',
    grant({ from: [FROM], to: [{ ...TO, name: 'login' }] }),
    "to[0].name of ReferenceGrant auth/allow is 'login', not 'proxy'",
  ],
  [
    'a group of its own',
    grant({ from: [FROM], to: [{ group: 'v1', kind: 'Service' }] }),
    "to[0].group of ReferenceGrant auth/allow is 'v1', not ''",
  ],
  [
    'both namespaces swapped',
    grant({ from: [{ ...FROM, namespace: 'auth' }], to: [TO] }, { namespace: 'shop' }),
    "metadata.namespace of ReferenceGrant shop/allow is 'shop', not 'auth', and from[0].namespace of ReferenceGrant shop/allow is 'auth', not 'shop'",
  ],
])('a grant with %s says what is wrong', (_, object, nearMiss) => {
  expect(judge(object)).toEqual({ isGranted: false, nearMiss });
});

it.each([
  ['a grant of certificates', grant({ from: [{ ...FROM, kind: 'Gateway' }], to: [{ group: '', kind: 'Secret' }] })],
  ['a grant of nothing', grant({ from: [], to: [] })],
  ['a grant without a spec', grant(null as never)],
  ['a grant of nulls', grant({ from: [null], to: null })],
])('%s is for other references', (_, object) => {
  expect(judge(object)).toEqual({ isGranted: false });
});

const elsewhere = (
  subject: string,
  props: object,
  grants: readonly KubernetesObject[],
  version = '1.19.6',
): readonly string[] =>
  resourceExampleFindings(kindOf(subject), { props, grants, version })
    .filter(({ id }) => id.endsWith('-elsewhere'))
    .map(({ id, message }) => `${id} ${message}`);

it('certificates in another namespace need a grant for gateways', () => {
  const gateway = {
    namespace: 'gateways',
    listeners: [
      {
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        tls: { certificateRefs: [{ name: 'wild', namespace: 'certificates' }] },
      },
    ],
  };
  const from = [{ group: GROUP, kind: 'Gateway', namespace: 'gateways' }];
  const to = [{ group: '', kind: 'Secret', name: 'wild' }];
  expect(elsewhere('gateway', gateway, [])).toEqual([
    'gateway/certificate-elsewhere A certificate in namespace certificates needs a ReferenceGrant there.',
  ]);
  expect(elsewhere('gateway', gateway, [grant({ from, to }, { namespace: 'certificates' })])).toEqual([]);
  expect(elsewhere('gateway', gateway, [grant({ from: [FROM], to }, { namespace: 'certificates' })])).toHaveLength(1);
});

describe('grants of an app', () => {
  const route = (chart: Chart, cilium: Cilium): readonly string[] =>
    new HTTPRoute(chart, 'route', {
      cilium,
      namespace: 'shop',
      parentRefs: [{ name: 'home', namespace: 'gateways' }],
      rules: [{ backendRefs: [{ name: 'proxy', namespace: 'auth', port: 80 }] }],
    }).findings.map(({ id }) => id);
  const network = (): { readonly app: App; readonly chart: Chart; readonly cilium: Cilium } => {
    const app = new App();
    const chart = new Chart(app, 'network');
    return {
      app,
      chart,
      cilium: new Cilium(chart, 'cilium', { version: '1.19.6', values: { gatewayAPI: { enabled: true } } }),
    };
  };

  it('count wherever they are written', () => {
    const { app, chart, cilium } = network();
    expect(route(chart, cilium)).toContain('http-route/backend-elsewhere');
    new ApiObject(new Chart(app, 'auth'), 'grant', grant() as never);
    expect(route(new Chart(app, 'shop'), cilium)).not.toContain('http-route/backend-elsewhere');
  });

  it('count when a file includes them', () => {
    const { app, cilium } = network();
    const url = join(mkdtempSync(join(tmpdir(), 'grant-')), 'grant.yaml');
    writeFileSync(url, JSON.stringify(grant()));
    new Include(new Chart(app, 'auth'), 'grant', { url });
    expect(route(new Chart(app, 'shop'), cilium)).not.toContain('http-route/backend-elsewhere');
  });
});
