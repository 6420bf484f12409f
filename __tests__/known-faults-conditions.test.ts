import { ApiObject, App, Chart } from 'cdk8s';
import { Cilium, Gateway, LocalRedirectPolicy, renderCilium } from '../lib';
import type { CiliumValues, CiliumVersion, Finding, ICilium } from '../lib';

/** What of an app a row is about: objects beside a Cilium of which only the release is known. */
type Objects = (chart: Chart, cilium: ICilium) => void;

function faultsAmong(version: string, add: Objects): readonly string[] {
  const chart = new Chart(new App(), 'apps');
  const cilium = Cilium.fromVersion(chart, 'cilium', version);
  add(chart, cilium);
  return listed(cilium.findings);
}

function faultsOf(version: CiliumVersion, values: CiliumValues): readonly string[] {
  return listed(renderCilium({ version, values }).findings);
}

function listed(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ id }) => id.startsWith('known-fault/')).map(({ id, level }) => `${level} ${id.slice(12)}`);
}

const plain =
  (...objects: readonly object[]): Objects =>
  (chart) => {
    for (const [i, one] of objects.entries()) new ApiObject(chart, `object-${String(i)}`, one as never);
  };

const HTTP = { name: 'http', port: 80, protocol: 'HTTP' } as const;
const HTTPS = {
  name: 'https',
  port: 443,
  protocol: 'HTTPS',
  hostname: 'www.example.org',
  tls: { certificateRefs: [{ name: 'www' }] },
};
const PASS = {
  name: 'tls',
  port: 443,
  protocol: 'TLS',
  hostname: 'argo.example.org',
  tls: { mode: 'Passthrough' },
} as const;

const gateway = (listeners: readonly object[], spec: object = {}): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'web', namespace: 'gateways' },
  spec: { gatewayClassName: 'cilium', listeners, ...spec },
});
const tlsRoute = (ref: object = {}, spec: object = {}): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1alpha2',
  kind: 'TLSRoute',
  metadata: { name: 'argo', namespace: 'gateways' },
  spec: {
    parentRefs: [{ name: 'web', ...ref }],
    hostnames: ['argo.example.org'],
    rules: [{ backendRefs: [{ name: 'argo', port: 443 }] }],
    ...spec,
  },
});

const TLS_ROUTE = 'tls-route-without-section';

describe('a TLSRoute that names no listener', () => {
  it.each([
    ['1.18.7', []],
    ['1.18.8', [`warning ${TLS_ROUTE}`]],
    ['1.18.10', [`warning ${TLS_ROUTE}`]],
    ['1.18.11', []],
    ['1.19.1', []],
    ['1.19.2', [`error ${TLS_ROUTE}`]],
    ['1.19.3', [`error ${TLS_ROUTE}`]],
    ['1.19.4', [`error ${TLS_ROUTE}`]],
    ['1.19.5', []],
    ['1.20.0', []],
  ] as const)('is judged at a Gateway with HTTP listeners, on %s', (version, expected) => {
    expect(faultsAmong(version, plain(gateway([HTTP, PASS]), tlsRoute()))).toEqual(expected);
  });

  it('is found beside a Gateway that is a construct', () => {
    const add: Objects = (chart, cilium) => {
      new Gateway(chart, 'gw', { cilium, namespace: 'gateways', name: 'web', listeners: [HTTP, PASS] });
      plain(tlsRoute())(chart, cilium);
    };
    expect(faultsAmong('1.19.3', add)).toEqual([`error ${TLS_ROUTE}`]);
  });

  it('reports the harm of the release', () => {
    const messages = (['1.19.2', '1.19.3'] as const).map((version) => {
      const chart = new Chart(new App(), 'apps');
      const cilium = Cilium.fromVersion(chart, 'cilium', version);
      plain(gateway([HTTP, PASS]), tlsRoute())(chart, cilium);
      return cilium.findings.find(({ id }) => id.endsWith(TLS_ROUTE))?.message;
    });
    expect(messages[0]).toMatch(/fails silently/);
    expect(messages[1]).toMatch(/endpoints of the whole cluster do not start/);
  });

  it.each([
    ['that names the listener', [gateway([HTTP, PASS]), tlsRoute({ sectionName: 'tls' })]],
    ['that names the port', [gateway([HTTP, PASS]), tlsRoute({ port: 443 })]],
    ['at a Gateway with TLS listeners only', [gateway([PASS]), tlsRoute()]],
    ['whose hostnames no other listener matches', [gateway([HTTPS, PASS]), tlsRoute()]],
    ["at a Gateway of another controller's class", [gateway([HTTP, PASS], { gatewayClassName: 'envoy' }), tlsRoute()]],
    ['at a Gateway outside the app', [tlsRoute()]],
    ['at a Gateway of another namespace', [gateway([HTTP, PASS]), tlsRoute({ namespace: 'other' })]],
  ] as const)('has no finding: one %s', (_, objects) => {
    expect(faultsAmong('1.19.3', plain(...objects))).toEqual([]);
  });
});

const service = (spec: object, annotations: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', annotations },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }], ...spec },
});
const GLOBAL = { 'service.cilium.io/global': 'true' };

describe('objects that are near a fault and do not meet its condition', () => {
  it.each([
    [
      'loadBalancerSourceRanges without externalIPs',
      '1.19.6',
      service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'] }),
    ],
    [
      'externalIPs without loadBalancerSourceRanges',
      '1.19.6',
      service({ type: 'LoadBalancer', externalIPs: ['192.0.2.7'] }),
    ],
    ['the affinity none without a mesh', '1.19.5', service({}, { 'service.cilium.io/affinity': 'none' })],
    ['the affinity local', '1.19.5', service({}, { ...GLOBAL, 'service.cilium.io/affinity': 'local' })],
    [
      'ports with target ports of their own',
      '1.19.3',
      service(
        {
          ports: [
            { name: 'a', port: 80 },
            { name: 'b', port: 81 },
          ],
        },
        GLOBAL,
      ),
    ],
    [
      'one target port for two protocols',
      '1.19.3',
      service(
        {
          ports: [
            { name: 'a', port: 53 },
            { name: 'b', port: 53, protocol: 'UDP' },
          ],
        },
        GLOBAL,
      ),
    ],
    [
      'one Service with a sharing key',
      '1.19.6',
      service({ type: 'LoadBalancer' }, { 'lbipam.cilium.io/sharing-key': 'a' }),
    ],
    ['kinds without GRPCRoute', '1.19.2', gateway([{ ...HTTP, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }] } }])],
    [
      'a host port of the host network',
      '1.18.2',
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'dns', namespace: 'default' },
        spec: {
          template: {
            spec: {
              hostNetwork: true,
              containers: [
                {
                  name: 'a',
                  ports: [
                    { hostPort: 53, protocol: 'UDP' },
                    { hostPort: 53, protocol: 'TCP' },
                  ],
                },
              ],
            },
          },
        },
      },
    ],
  ] as const)('%s', (_, version, object) => {
    expect(faultsAmong(version, plain(object))).toEqual([]);
  });

  it('a local redirect of an address that no Service has', () => {
    const redirect =
      (ip: string): Objects =>
      (chart, cilium) => {
        new LocalRedirectPolicy(chart, 'dns', {
          cilium,
          namespace: 'kube-system',
          redirectFrontend: { addressMatcher: { ip, toPorts: [{ port: '53', protocol: 'UDP' }] } },
          redirectBackend: {
            localEndpointSelector: { matchLabels: { 'k8s-app': 'node-local-dns' } },
            toPorts: [{ port: '53', protocol: 'UDP' }],
          },
        });
      };
    expect(faultsAmong('1.19.3', redirect('169.254.20.10'))).toEqual([]);
    expect(faultsAmong('1.19.3', redirect('10.96.0.10'))).toEqual(['warning local-redirect-deletes-service']);
  });
});

describe('values that are near a fault and do not meet its condition', () => {
  const wireguard = { encryption: { enabled: true, type: 'wireguard' } } as const;

  it.each([
    [
      'WireGuard with BPF masquerading',
      '1.19.4',
      { ...wireguard, kubeProxyReplacement: true, bpf: { masquerade: true } },
    ],
    ['WireGuard that is off', '1.19.4', { encryption: { enabled: false, type: 'wireguard' } }],
    ['an MTU that suffices', '1.18.11', { ...wireguard, ipv6: { enabled: true }, MTU: 1360 }],
    ['a small MTU without IPv6', '1.18.11', { ...wireguard, MTU: 1300 }],
    [
      'BIG TCP without the egress gateway',
      '1.19.6',
      {
        kubeProxyReplacement: true,
        routingMode: 'native',
        ipv4NativeRoutingCIDR: '10.0.0.0/8',
        bpf: { masquerade: true },
        enableIPv4BIGTCP: true,
      },
    ],
    ['a bandwidth manager without a bond', '1.19.6', { bandwidthManager: { enabled: true }, devices: ['eth0'] }],
    [
      'Gateways on an interface',
      '1.19.3',
      { kubeProxyReplacement: true, gatewayAPI: { enabled: true }, devices: ['enp1s0'] },
    ],
    ['endpoint routes without L7 Services', '1.19.1', { endpointRoutes: { enabled: true } }],
    [
      'local Gateways without BGP',
      '1.18.11',
      { kubeProxyReplacement: true, gatewayAPI: { enabled: true, externalTrafficPolicy: 'Local' } },
    ],
    ['BGP with its default namespace', '1.18.3', { bgpControlPlane: { enabled: true } }],
    ['CIDR rules for nodes', '1.20.0', { policyCIDRMatchMode: ['nodes'] }],
  ] as const)('%s', (_, version, values) => {
    expect(faultsOf(version, values)).toEqual([]);
  });

  it('netkit with endpoint routes on the kernel of a later Talos', () => {
    const values = {
      kubeProxyReplacement: true,
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.244.0.0/16',
      bpf: { masquerade: true, datapathMode: 'netkit' },
      endpointRoutes: { enabled: true },
    } as const;
    expect(faultsOf('1.19.6', values)).toEqual([]);
  });
});
