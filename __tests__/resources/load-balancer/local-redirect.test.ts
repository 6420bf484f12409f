import { App, Chart, Testing } from 'cdk8s';
import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';
import { LocalRedirectPolicy } from '../../../lib/resources/load-balancer/constructs';
import { released } from '../../../upstream/rules/released';

const http = { port: 8080, protocol: 'TCP' };
const backend = { localEndpointSelector: { matchLabels: { app: 'cache' } }, toPorts: [http] };
const toAddress = (change: object = {}): object => ({
  redirectFrontend: { addressMatcher: { ip: '169.254.169.254', toPorts: [http], ...change } },
  redirectBackend: backend,
});
const toService = (change: object = {}): object => ({
  redirectFrontend: { serviceMatcher: { serviceName: 'web', ...change } },
  redirectBackend: backend,
});
const backends = (...toPorts: readonly object[]): object => ({
  ...toAddress(),
  redirectBackend: { ...backend, toPorts },
});
const ON = { localRedirectPolicies: { enabled: true } };

/** Local redirect policies as people write them by mistake. */
const ROWS: readonly WrongResource[] = [
  ['required redirectFrontend', { redirectBackend: backend }],
  ['required redirectBackend', { ...toAddress(), redirectBackend: undefined }],
  ['choice redirectFrontend', { ...toAddress(), redirectFrontend: {} }],
  [
    'choice redirectFrontend.addressMatcher',
    {
      redirectBackend: backend,
      redirectFrontend: {
        addressMatcher: { ip: '169.254.169.254', toPorts: [http] },
        serviceMatcher: { serviceName: 'web' },
      },
    },
  ],
  ['unknown-field serviceMatcher', { ...toAddress(), serviceMatcher: { serviceName: 'web' } }],
  ['unknown-field redirectFrontend.serviceMatcher.name', { ...toService({ name: 'web' }) }],
  ['text redirectFrontend.addressMatcher.ip', toAddress({ ip: '169.254.169.254/32' })],
  ['text redirectFrontend.addressMatcher.ip', toAddress({ ip: 'metadata' })],
  ['address redirectFrontend.addressMatcher.ip', toAddress({ ip: '169.254.169.254 ' })],
  ['no-ports redirectFrontend.addressMatcher.toPorts', toAddress({ toPorts: [] })],
  ['no-ports redirectBackend.toPorts', backends()],
  ['required redirectBackend.toPorts[0].protocol', backends({ port: 8080 })],
  ['word redirectBackend.toPorts[0].protocol', backends({ port: 8080, protocol: 'tcp' })],
  ['text redirectBackend.toPorts[0].port', backends({ port: 'http', protocol: 'TCP' })],
  ['port redirectBackend.toPorts[0].port', backends({ port: '053', protocol: 'TCP' })],
  ['protocol redirectFrontend.addressMatcher.toPorts[0].protocol', backends({ port: 8080, protocol: 'UDP' })],
  ['port-names redirectBackend.toPorts[1].name', backends({ ...http, name: 'http' }, { port: 8443, protocol: 'TCP' })],
  [
    'port-names redirectBackend.toPorts[0].name',
    backends({ ...http, name: 'web-server-of-shop' }, { port: 8443, protocol: 'TCP', name: 'https' }),
  ],
  [
    'no-such-backend redirectFrontend.addressMatcher.toPorts[0].name',
    toAddress({
      toPorts: [
        { ...http, name: 'web' },
        { port: 53, protocol: 'UDP', name: 'dns' },
      ],
    }),
  ],
  ['other-namespace redirectFrontend.serviceMatcher.namespace', toService({ namespace: 'kube-system' })],
  [
    'every-pod redirectBackend.localEndpointSelector',
    { ...toAddress(), redirectBackend: { ...backend, localEndpointSelector: {} } },
  ],
  ['same-frontend redirectFrontend', toService(), { others: [{ subject: 'local-redirect', props: toService() }] }],
  [
    'same-frontend redirectFrontend',
    toAddress(),
    { others: [{ subject: 'local-redirect', props: { ...toAddress(), namespace: 'shop' } }] },
  ],
  ['off cilium.localRedirectPolicies.enabled', toAddress(), { values: {} }],
  [
    'address-not-allowed redirectFrontend.addressMatcher.ip',
    toAddress(),
    { values: { localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ['10.0.0.0/8'] } } },
  ],
  [
    'address-of-service redirectFrontend.addressMatcher.ip',
    toAddress({ ip: '10.96.0.10' }),
    { values: ON, talos: { talosVersion: '1.13' } },
  ],
  [
    'service-type redirectFrontend.serviceMatcher.serviceName',
    toService(),
    {
      services: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web' },
          spec: { type: 'ExternalName', externalName: 'example.test' },
        },
      ],
    },
  ],
];

describe('a wrong local redirect policy', () => {
  itFindsInResources('local-redirect', ROWS);
});

describe('a local redirect policy', () => {
  const chart = (): Chart => new Chart(new App(), 'c', { disableResourceNameHashes: true });

  it('is in its own namespace what it is given, with ports as text and the namespace of the Service', () => {
    const made = chart();
    new LocalRedirectPolicy(made, 'web', {
      cilium: released('1.19.6'),
      namespace: 'shop',
      redirectFrontend: { serviceMatcher: { serviceName: 'web', toPorts: [{ port: 80, protocol: 'TCP' }] } },
      redirectBackend: { ...backend, toPorts: [{ port: '8080', protocol: 'TCP' }] },
      skipRedirectFromBackend: true,
    });
    expect(Testing.synth(made)).toEqual([
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumLocalRedirectPolicy',
        metadata: { name: 'web', namespace: 'shop' },
        spec: {
          redirectFrontend: {
            serviceMatcher: { serviceName: 'web', namespace: 'shop', toPorts: [{ port: '80', protocol: 'TCP' }] },
          },
          redirectBackend: {
            localEndpointSelector: { matchLabels: { app: 'cache' } },
            toPorts: [{ port: '8080', protocol: 'TCP' }],
          },
          skipRedirectFromBackend: true,
        },
      },
    ]);
  });

  it('sends DNS queries to the cache on the node', () => {
    const made = chart();
    LocalRedirectPolicy.nodeLocalDns(made, 'dns', { cilium: released('1.18.4') });
    LocalRedirectPolicy.nodeLocalDns(made, 'own-dns', {
      cilium: released('1.18.4'),
      namespace: 'dns',
      serviceName: 'own',
      matchLabels: { app: 'dns' },
    });
    const [usual, own] = Testing.synth(made) as readonly { readonly spec: object }[];
    expect(usual).toMatchObject({
      metadata: { name: 'dns', namespace: 'kube-system' },
      spec: {
        redirectFrontend: { serviceMatcher: { serviceName: 'kube-dns', namespace: 'kube-system' } },
        redirectBackend: {
          localEndpointSelector: { matchLabels: { 'k8s-app': 'node-local-dns' } },
          toPorts: [
            { name: 'dns', port: '53', protocol: 'UDP' },
            { name: 'dns-tcp', port: '53', protocol: 'TCP' },
          ],
        },
      },
    });
    expect(own).toMatchObject({
      metadata: { namespace: 'dns' },
      spec: {
        redirectFrontend: { serviceMatcher: { serviceName: 'own', namespace: 'dns' } },
        redirectBackend: { localEndpointSelector: { matchLabels: { app: 'dns' } } },
      },
    });
  });
});
