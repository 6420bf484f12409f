import { othersOf, selectorProblems } from '../custom-resource/check';
import type { Problem, ResourceCheck, ResourceExample } from '../custom-resource/check';
import { given } from '../helm/truth';
import { addressFamily, contains, networkOf, parseCidr } from '../kubernetes/cidr';
import type { LocalRedirectPolicyProps, LocalRedirectPort } from './local-redirect';

type Check = ResourceCheck<LocalRedirectPolicyProps>;
type Props = ResourceExample<LocalRedirectPolicyProps>['props'];

const DOCS = 'https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/';
const ON = { localRedirectPolicies: { enabled: true } } as const;
const PODS = { localEndpointSelector: { matchLabels: { app: 'cache' } } } as const;
const HTTP = { port: 8080, protocol: 'TCP' } as const;

/** Traffic to one address, taken by pods. */
function toAddress(ip: string, toPorts: readonly LocalRedirectPort[] = [HTTP], backend: readonly LocalRedirectPort[] = [HTTP]): Props {
  return { redirectFrontend: { addressMatcher: { ip, toPorts } }, redirectBackend: { ...PODS, toPorts: backend } };
}

/** Traffic to a Service, taken by pods. */
function toService(toPorts?: readonly LocalRedirectPort[], backend: readonly LocalRedirectPort[] = [HTTP]): Props {
  return { redirectFrontend: { serviceMatcher: { serviceName: 'web', toPorts } }, redirectBackend: { ...PODS, toPorts: backend } };
}

const ADDRESS = toAddress('169.254.169.254');
const good = { props: ADDRESS };

/** The ports of a policy, the frontend's and the backend's, with their paths. */
function portsOf({ redirectFrontend, redirectBackend }: LocalRedirectPolicyProps): readonly PortList[] {
  const { addressMatcher, serviceMatcher } = redirectFrontend;
  return [
    ...(addressMatcher === undefined ? [] : [{ path: 'redirectFrontend.addressMatcher.toPorts', ports: addressMatcher.toPorts }]),
    ...(serviceMatcher === undefined ? [] : [{ path: 'redirectFrontend.serviceMatcher.toPorts', ports: serviceMatcher.toPorts ?? [] }]),
    { path: 'redirectBackend.toPorts', ports: redirectBackend.toPorts },
  ];
}

interface PortList {
  readonly path: string;
  readonly ports: readonly LocalRedirectPort[];
}

/** A port whose name Cilium takes: at most 15 letters, digits and single dashes between them, a letter at least. */
const IS_PORT_NAME = /^(?=.{1,15}$)(?=.*[A-Za-z])[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;

const PORT_CHECKS: readonly Check[] = [
  {
    id: 'local-redirect/no-ports',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      portsOf(props)
        .filter(({ path, ports }) => ports.length === 0 && !path.includes('serviceMatcher'))
        .map(({ path }) => ({
          at: [path],
          says: 'There is no port, and Cilium does nothing for a policy without.',
          fix: 'Write `[{ port: 53, protocol: "UDP" }]`.',
        })),
    examples: { bad: { props: toAddress('169.254.169.254', [HTTP], []) }, good },
  },
  {
    id: 'local-redirect/port',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      portsOf(props).flatMap(({ path, ports }) =>
        ports.flatMap(({ port }, i) =>
          /^[1-9]\d{0,4}$/.test(String(port)) && Number(port) <= 65535
            ? []
            : [{ at: [`${path}[${String(i)}].port`], says: `${JSON.stringify(port)} is no port.`, fix: 'Write a number from 1 to 65535.' }],
        ),
      ),
    examples: { bad: { props: toAddress('169.254.169.254', [{ port: '0080', protocol: 'TCP' }]) }, good },
  },
  {
    id: 'local-redirect/port-names',
    level: 'error',
    docs: DOCS,
    find: ({ props }) => {
      const lists = portsOf(props);
      if (!lists.some(({ ports }) => ports.length > 1)) return [];
      return lists.flatMap(({ path, ports }) =>
        ports.flatMap(({ name }, i) =>
          name !== undefined && IS_PORT_NAME.test(name)
            ? []
            : [
                {
                  at: [`${path}[${String(i)}].name`],
                  says: `There are several ports, and ${name === undefined ? 'this one has no name' : `'${name}' is no name of a port`}; Cilium refuses the policy then.`,
                  fix: 'Name each port, with at most 15 letters, digits and dashes.',
                },
              ],
        ),
      );
    },
    examples: {
      bad: { props: toService(undefined, [HTTP, { port: 8443, protocol: 'TCP', name: 'https' }]) },
      good: {
        props: toService(undefined, [
          { ...HTTP, name: 'http' },
          { port: 8443, protocol: 'TCP', name: 'https' },
        ]),
      },
    },
  },
  {
    id: 'local-redirect/no-such-backend',
    level: 'error',
    docs: DOCS,
    find: ({ props }) => {
      const backends = props.redirectBackend.toPorts;
      if (!portsOf(props).some(({ ports }) => ports.length > 1)) return [];
      const names = backends.map(({ name = '' }) => name.toLowerCase());
      return portsOf(props)
        .filter(({ path }) => path.startsWith('redirectFrontend'))
        .flatMap(({ path, ports }) =>
          ports.flatMap(({ name }, i) =>
            name === undefined || names.includes(name.toLowerCase())
              ? []
              : [
                  {
                    at: [`${path}[${String(i)}].name`, 'redirectBackend.toPorts'],
                    says: `No port of the backend is called '${name}', so nobody gets this traffic.`,
                    fix: `Name the port of the backend '${name}'.`,
                  },
                ],
          ),
        );
    },
    examples: {
      bad: {
        props: toAddress(
          '169.254.169.254',
          [
            { ...HTTP, name: 'http' },
            { port: 53, protocol: 'UDP', name: 'dns' },
          ],
          [{ ...HTTP, name: 'http' }],
        ),
      },
      good: { props: toAddress('169.254.169.254', [{ ...HTTP, name: 'http' }], [{ ...HTTP, name: 'http' }]) },
    },
  },
  {
    id: 'local-redirect/protocol',
    level: 'error',
    docs: DOCS,
    find: ({ props }) => {
      const frontend = portsOf(props).find(({ path, ports }) => path.startsWith('redirectFrontend') && ports.length === 1);
      const [port, backend] = [frontend?.ports[0], props.redirectBackend.toPorts[0]];
      if (frontend === undefined || port === undefined || backend === undefined || port.protocol === backend.protocol) return [];
      return [
        {
          at: [`${frontend.path}[0].protocol`, 'redirectBackend.toPorts[0].protocol'],
          says: `${port.protocol} cannot be redirected to ${backend.protocol}; Cilium refuses the policy.`,
          fix: 'Take the same protocol on both sides.',
        },
      ];
    },
    examples: { bad: { props: toAddress('169.254.169.254', [{ port: 53, protocol: 'UDP' }], [{ port: 53, protocol: 'TCP' }]) }, good },
  },
];

const FRONTEND_CHECKS: readonly Check[] = [
  {
    id: 'local-redirect/address',
    level: 'error',
    docs: DOCS,
    find: ({ props: { redirectFrontend } }) => {
      const ip = redirectFrontend.addressMatcher?.ip;
      if (ip === undefined || addressFamily(ip) !== undefined) return [];
      return [
        {
          at: ['redirectFrontend.addressMatcher.ip'],
          says: `'${ip}' is no IP address.`,
          fix: 'Write one address, without a prefix: `169.254.169.254`.',
        },
      ];
    },
    examples: { bad: { props: toAddress(' 169.254.169.254') }, good },
  },
  {
    id: 'local-redirect/address-not-allowed',
    level: 'error',
    docs: DOCS,
    find: ({ props: { redirectFrontend }, cilium }) => {
      const address = addressOf(redirectFrontend.addressMatcher?.ip);
      const allowed = (cilium?.v.localRedirectPolicies.addressMatcherCIDRs ?? []) as readonly string[];
      const networks = allowed.flatMap((text) => parseCidr(text) ?? []);
      if (address === undefined || networks.length === 0 || networks.some((network) => contains(network, address))) return [];
      return [
        {
          at: ['redirectFrontend.addressMatcher.ip', 'cilium.localRedirectPolicies.addressMatcherCIDRs'],
          says: `Policies may take addresses in ${allowed.join(', ')} only.`,
          fix: 'Add the address to `localRedirectPolicies.addressMatcherCIDRs`.',
        },
      ];
    },
    examples: {
      bad: { ...good, values: { localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ['198.51.100.0/24'] } } },
      good: { ...good, values: { localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ['169.254.169.254/32'] } } },
    },
  },
  {
    id: 'local-redirect/address-of-service',
    level: 'warning',
    docs: DOCS,
    find: ({ props: { redirectFrontend }, cilium }) => {
      const address = addressOf(redirectFrontend.addressMatcher?.ip);
      const range = (cilium?.talos?.serviceSubnets ?? []).find((text) => {
        const network = networkOf(text);
        return network !== undefined && address !== undefined && contains(network, address);
      });
      if (range === undefined) return [];
      return [
        {
          at: ['redirectFrontend.addressMatcher.ip', 'talos.serviceSubnets'],
          says: `The address is one of the cluster's Services (${range}), and Cilium takes no traffic from a Service by its address.`,
          fix: 'Name the Service: `redirectFrontend: { serviceMatcher: { serviceName: … } }`.',
        },
      ];
    },
    examples: {
      bad: { props: toAddress('10.96.0.10'), values: ON, talos: { talosVersion: '1.13' } },
      good: { ...good, values: ON, talos: { talosVersion: '1.13' } },
    },
  },
  {
    id: 'local-redirect/other-namespace',
    level: 'error',
    docs: DOCS,
    find: ({ props: { redirectFrontend }, namespace }) => {
      const theirs = redirectFrontend.serviceMatcher?.namespace;
      if (theirs === undefined || theirs === namespace) return [];
      return [
        {
          at: ['redirectFrontend.serviceMatcher.namespace', 'namespace'],
          says: `The Service is in ${theirs} and the policy in ${namespace ?? ''}; Cilium refuses policies for other namespaces.`,
          fix: `Put the policy, and the pods that it selects, into ${theirs}.`,
        },
      ];
    },
    examples: {
      bad: { props: { ...toService(), redirectFrontend: { serviceMatcher: { serviceName: 'web', namespace: 'shop' } } } },
      good: {
        props: { ...toService(), namespace: 'shop', redirectFrontend: { serviceMatcher: { serviceName: 'web', namespace: 'shop' } } },
      },
    },
  },
  {
    id: 'local-redirect/service-type',
    level: 'error',
    docs: DOCS,
    find: ({ props: { redirectFrontend }, namespace, services }) => {
      const name = redirectFrontend.serviceMatcher?.serviceName;
      const service = services.find(({ metadata }) => metadata.name === name && (metadata.namespace ?? 'default') === namespace);
      const { clusterIP, type = 'ClusterIP' } = (service?.spec ?? {}) as { readonly clusterIP?: string; readonly type?: string };
      const headless = clusterIP === 'None';
      if (name === undefined || service === undefined || (!headless && type !== 'ExternalName')) return [];
      return [
        {
          at: ['redirectFrontend.serviceMatcher.serviceName'],
          says: `The Service ${name} ${headless ? 'is headless' : 'is an ExternalName'}, so there is no address whose traffic could be taken.`,
          fix: 'Name a Service of type ClusterIP.',
        },
      ];
    },
    examples: {
      bad: { props: toService(), services: [service({ clusterIP: 'None' })] },
      good: { props: toService(), services: [service({})] },
    },
  },
  {
    id: 'local-redirect/same-frontend',
    level: 'error',
    docs: DOCS,
    find: ({ props, namespace, earlier }) =>
      othersOf<LocalRedirectPolicyProps>(earlier, 'local-redirect').flatMap((other) => {
        const theirs = frontendsOf(other.props, other.props.namespace ?? 'default');
        const shared = frontendsOf(props, namespace ?? '').find((key) => theirs.includes(key));
        if (shared === undefined) return [];
        return [
          {
            at: ['redirectFrontend'],
            says: `${other.name} takes ${shared} already, and only one policy gets it.`,
            fix: 'Keep one of the policies.',
          },
        ];
      }),
    examples: {
      bad: { ...good, others: [{ subject: 'local-redirect', props: ADDRESS }] },
      good: { ...good, others: [{ subject: 'local-redirect', props: toAddress('169.254.169.253') }] },
    },
  },
];

function service(spec: object): { apiVersion: string; kind: string; metadata: { name: string; namespace: string }; spec: object } {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { ports: [{ port: 80 }], ...spec } };
}

function addressOf(ip: string | undefined): ReturnType<typeof parseCidr> {
  return ip === undefined || addressFamily(ip) === undefined ? undefined : parseCidr(ip);
}

/** What a policy takes, in words: an address with each port, or a Service. */
function frontendsOf({ redirectFrontend }: LocalRedirectPolicyProps, namespace: string): readonly string[] {
  const { addressMatcher, serviceMatcher } = redirectFrontend;
  if (serviceMatcher !== undefined) return [`the Service ${namespace}/${serviceMatcher.serviceName}`];
  const address = addressOf(addressMatcher?.ip)?.network.replace(/\/\d+$/, '') ?? '';
  return (addressMatcher?.toPorts ?? []).map(({ port, protocol }) => `${address} port ${String(port)}/${protocol}`);
}

const BACKEND_CHECKS: readonly Check[] = [
  {
    id: 'local-redirect/selector',
    level: 'error',
    find: ({ props }) => selectorProblems('redirectBackend.localEndpointSelector', props.redirectBackend.localEndpointSelector),
    examples: { bad: { props: selecting({ matchExpressions: [{ key: 'app', operator: 'In' }] }) }, good },
  },
  {
    id: 'local-redirect/every-pod',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) => {
      const { matchLabels = {}, matchExpressions = [] } = props.redirectBackend.localEndpointSelector;
      if (Object.keys(matchLabels).length + matchExpressions.length > 0) return [];
      return [
        {
          at: ['redirectBackend.localEndpointSelector'],
          says: 'It selects every pod of the namespace, so the traffic goes to any of them that has the port.',
          fix: 'Name the labels of the backends.',
        },
      ];
    },
    examples: { bad: { props: selecting({}) }, good },
  },
  {
    id: 'local-redirect/off',
    level: 'error',
    docs: DOCS,
    find: ({ cilium }): readonly Problem[] =>
      cilium === undefined || given(cilium.v.localRedirectPolicies.enabled) || given(cilium.v.localRedirectPolicy)
        ? []
        : [
            {
              at: ['cilium.localRedirectPolicies.enabled'],
              says: 'Cilium looks at no local redirect policies.',
              fix: "Set `localRedirectPolicies: { enabled: true }` in Cilium's values.",
            },
          ],
    examples: { bad: { ...good, values: {} }, good: { ...good, values: ON } },
  },
];

function selecting(localEndpointSelector: LocalRedirectPolicyProps['redirectBackend']['localEndpointSelector']): Props {
  return { ...ADDRESS, redirectBackend: { localEndpointSelector, toPorts: [HTTP] } };
}

/** The rules of local redirect policies. */
export const LOCAL_REDIRECT_CHECKS: readonly Check[] = [...PORT_CHECKS, ...FRONTEND_CHECKS, ...BACKEND_CHECKS];
