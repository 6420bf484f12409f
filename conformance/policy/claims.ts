import type { PolicyBody } from '../../lib/resources/policy/props';
import type { Flow } from './agent';

/** A statement of a rule about a policy, with flows that prove it. The policy selects `app: web` in namespace default. */
interface Claim {
  readonly message: string;
  readonly policy: PolicyBody;
  readonly flows: readonly (readonly [flow: Flow, passes: boolean])[];
}

const pod = (app: string): readonly string[] => [
  `k8s:app=${app}`,
  'k8s:io.kubernetes.pod.namespace=default',
  'k8s:io.cilium.k8s.policy.cluster=default',
];
const [WEB, DB, WORLD] = [pod('web'), pod('db'), ['reserved:world-ipv4']];
const web = { endpointSelector: { matchLabels: { app: 'web' } } };
const to = (end: readonly string[], port = 80): Flow => ({ from: WEB, to: end, protocol: 'tcp', port });
const from = (end: readonly string[], port = 80): Flow => ({ from: end, to: WEB, protocol: 'tcp', port });
const SHOP = { k8sService: { serviceName: 'shop' } };

export const CLAIMS: readonly Claim[] = [
  { message: 'one empty rule drops all', policy: { ...web, egress: [{}] }, flows: [[to(DB), false]] },
  { message: 'an empty list drops nothing', policy: { ...web, ingress: [], egress: [{}] }, flows: [[from(DB), true]] },
  {
    message: 'a policy with deny rules drops all other traffic, too',
    policy: { ...web, egressDeny: [{ toCIDR: ['192.0.2.0/24'] }] },
    flows: [
      [to(DB), false],
      [to(WORLD), false],
    ],
  },
  {
    message: 'without default deny only what is denied is dropped',
    policy: { ...web, egressDeny: [{ toEntities: ['world'] }], enableDefaultDeny: { egress: false } },
    flows: [
      [to(DB), true],
      [to(WORLD), false],
    ],
  },
  {
    message: 'an empty list of pods allows nothing',
    policy: { ...web, ingress: [{ fromEndpoints: [], toPorts: [{ ports: ['80/TCP'] }] }] },
    flows: [[from(DB), false]],
  },
  {
    message: 'an empty list of names opens the ports to every peer',
    policy: { ...web, egress: [{ toFQDNs: [], toPorts: [{ ports: ['80/TCP'] }] }] },
    flows: [
      [to(WORLD), true],
      [to(DB), true],
    ],
  },
  {
    message: 'an empty list of Services opens the ports to every peer',
    policy: { ...web, egress: [{ toServices: [], toPorts: [{ ports: ['80/TCP'] }] }] },
    flows: [[to(WORLD), true]],
  },
  {
    message: 'an empty list of groups opens the ports to every peer',
    policy: { ...web, egress: [{ toGroups: [], toPorts: [{ ports: ['80/TCP'] }] }] },
    flows: [[to(WORLD), true]],
  },
  {
    message: 'a Service that does not exist opens the ports to every peer',
    policy: { ...web, egress: [{ toServices: [SHOP], toPorts: [{ ports: ['80/TCP'] }] }] },
    flows: [
      [to(WORLD), true],
      [to(WORLD, 81), false],
    ],
  },
  {
    message: 'Services are not resolved in deny rules',
    policy: { ...web, egress: [{ toEntities: ['all'] }], egressDeny: [{ toServices: [SHOP] }] },
    flows: [[to(DB), true]],
  },
  {
    message: 'a denied Service denies the ports to every peer',
    policy: {
      ...web,
      egress: [{ toEntities: ['all'] }],
      egressDeny: [{ toServices: [SHOP], toPorts: [{ ports: ['80/TCP'] }] }],
    },
    flows: [
      [to(WORLD), false],
      [to(WORLD, 81), true],
    ],
  },
  {
    message: 'a CIDR group that does not exist matches no peer',
    policy: { ...web, egress: [{ toCIDRSet: [{ cidrGroupRef: 'office' }] }] },
    flows: [[to(WORLD), false]],
  },
  {
    message: 'an empty list of ports allows none',
    policy: { ...web, egress: [{ toEndpoints: [{}], toPorts: [{}] }] },
    flows: [[to(DB), false]],
  },
  {
    message: 'a range that ends too early is its first port',
    policy: { ...web, egress: [{ toPorts: [{ ports: ['81-80/TCP'] }] }] },
    flows: [
      [to(DB, 81), true],
      [to(DB, 80), false],
    ],
  },
  {
    message: 'a leading zero makes a port octal',
    policy: { ...web, egress: [{ toPorts: [{ ports: ['0443/TCP'] }] }] },
    flows: [
      [to(DB, 443), false],
      [to(DB, 0o443), true],
    ],
  },
  {
    message: 'an empty list of HTTP rules allows all requests',
    policy: { ...web, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [] } }] }] },
    flows: [[from(DB), true]],
  },
  {
    message: 'another namespace in the selector is ignored',
    policy: { endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop' } }, egress: [{}] },
    flows: [[to(DB), false]],
  },
  {
    message: 'port 0 is every port',
    policy: { ...web, egress: [{ toPorts: [{ ports: ['0/TCP'] }] }] },
    flows: [
      [to(DB, 443), true],
      [{ ...to(DB, 443), protocol: 'udp' }, false],
    ],
  },
];
