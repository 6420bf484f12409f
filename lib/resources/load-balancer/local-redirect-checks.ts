import { othersOf } from '../../resource/kind';
import type { ResourceRule, ResourceExample } from '../../resource/kind';
import { addressFamily, contains, networkOf, parseCidr } from '../../kubernetes/cidr';
import type { LocalRedirectPolicyProps } from './local-redirect';
import { REDIRECT_DOCS, REDIRECT_PORT, toAddress, toService } from './local-redirect-parts';
import { REDIRECT_PORT_CHECKS } from './local-redirect-ports';

type Check = ResourceRule<LocalRedirectPolicyProps>;
type Props = ResourceExample<LocalRedirectPolicyProps>['props'];

const ON = { localRedirectPolicies: { enabled: true } } as const;
const ADDRESS = toAddress('169.254.169.254');
const good = { props: ADDRESS };

const FRONTEND_CHECKS: readonly Check[] = [
  {
    id: 'local-redirect/address',
    level: 'error',
    docs: REDIRECT_DOCS,
    find: ({ props: { redirectFrontend } }) => {
      const ip = redirectFrontend.addressMatcher?.ip;
      if (ip === undefined || addressFamily(ip) !== undefined) return [];
      return [
        {
          paths: ['redirectFrontend.addressMatcher.ip'],
          message: `'${ip}' is no IP address.`,
          hint: 'Write one address, without a prefix: `169.254.169.254`.',
        },
      ];
    },
    examples: { bad: { props: toAddress(' 169.254.169.254') }, good },
  },
  {
    id: 'local-redirect/address-not-allowed',
    level: 'error',
    docs: REDIRECT_DOCS,
    find: ({ props: { redirectFrontend }, cilium }) => {
      const address = addressOf(redirectFrontend.addressMatcher?.ip);
      const allowed = (cilium?.v.localRedirectPolicies.addressMatcherCIDRs ?? []) as readonly string[];
      const networks = allowed.flatMap((text) => parseCidr(text) ?? []);
      if (address === undefined || networks.length === 0 || networks.some((network) => contains(network, address)))
        return [];
      return [
        {
          paths: ['redirectFrontend.addressMatcher.ip', 'cilium.localRedirectPolicies.addressMatcherCIDRs'],
          message: `Policies may take addresses in ${allowed.join(', ')} only.`,
          hint: 'Add the address to `localRedirectPolicies.addressMatcherCIDRs`.',
        },
      ];
    },
    examples: {
      bad: { ...good, values: { localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ['198.51.100.0/24'] } } },
      good: {
        ...good,
        values: { localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ['169.254.169.254/32'] } },
      },
    },
  },
  {
    id: 'local-redirect/address-of-service',
    level: 'warning',
    docs: REDIRECT_DOCS,
    find: ({ props: { redirectFrontend }, cilium }) => {
      const address = addressOf(redirectFrontend.addressMatcher?.ip);
      const range = (cilium?.talos?.serviceSubnets ?? []).find((text) => {
        const network = networkOf(text);
        return network !== undefined && address !== undefined && contains(network, address);
      });
      if (range === undefined) return [];
      return [
        {
          paths: ['redirectFrontend.addressMatcher.ip', 'talos.serviceSubnets'],
          message: `The address is one of the cluster's Services (${range}), and Cilium takes no traffic from a Service by its address.`,
          hint: 'Name the Service: `redirectFrontend: { serviceMatcher: { serviceName: … } }`.',
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
    docs: REDIRECT_DOCS,
    find: ({ props: { redirectFrontend }, namespace }) => {
      const theirs = redirectFrontend.serviceMatcher?.namespace;
      if (theirs === undefined || theirs === namespace) return [];
      return [
        {
          paths: ['redirectFrontend.serviceMatcher.namespace', 'namespace'],
          message: `The Service is in ${theirs} and the policy in ${namespace ?? ''}; Cilium refuses policies for other namespaces.`,
          hint: `Put the policy, and the pods that it selects, into ${theirs}.`,
        },
      ];
    },
    examples: {
      bad: {
        props: { ...toService(), redirectFrontend: { serviceMatcher: { serviceName: 'web', namespace: 'shop' } } },
      },
      good: {
        props: {
          ...toService(),
          namespace: 'shop',
          redirectFrontend: { serviceMatcher: { serviceName: 'web', namespace: 'shop' } },
        },
      },
    },
  },
  {
    id: 'local-redirect/service-type',
    level: 'error',
    docs: REDIRECT_DOCS,
    find: ({ props: { redirectFrontend }, namespace, services }) => {
      const name = redirectFrontend.serviceMatcher?.serviceName;
      const service = services.find(
        ({ metadata }) => metadata.name === name && (metadata.namespace ?? 'default') === namespace,
      );
      const { clusterIP, type = 'ClusterIP' } = (service?.spec ?? {}) as {
        readonly clusterIP?: string;
        readonly type?: string;
      };
      const headless = clusterIP === 'None';
      if (name === undefined || service === undefined || (!headless && type !== 'ExternalName')) return [];
      return [
        {
          paths: ['redirectFrontend.serviceMatcher.serviceName'],
          message: `The Service ${name} ${headless ? 'is headless' : 'is an ExternalName'}, so there is no address whose traffic could be taken.`,
          hint: 'Name a Service of type ClusterIP.',
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
    docs: REDIRECT_DOCS,
    find: ({ props, namespace, earlier }) =>
      othersOf<LocalRedirectPolicyProps>(earlier, 'local-redirect').flatMap((other) => {
        const theirs = frontendsOf(other.props, other.props.namespace ?? 'default');
        const shared = frontendsOf(props, namespace ?? '').find((key) => theirs.includes(key));
        if (shared === undefined) return [];
        return [
          {
            paths: ['redirectFrontend'],
            message: `${other.name} takes ${shared} already, and only one policy gets it.`,
            hint: 'Keep one of the policies.',
          },
        ];
      }),
    examples: {
      bad: { ...good, others: [{ subject: 'local-redirect', props: ADDRESS }] },
      good: { ...good, others: [{ subject: 'local-redirect', props: toAddress('169.254.169.253') }] },
    },
  },
];

function service(spec: object): {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string };
  spec: object;
} {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { ports: [{ port: 80 }], ...spec },
  };
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
    id: 'local-redirect/every-pod',
    level: 'warning',
    docs: REDIRECT_DOCS,
    find: ({ props }) => {
      const { matchLabels = {}, matchExpressions = [] } = props.redirectBackend.localEndpointSelector;
      if (Object.keys(matchLabels).length + matchExpressions.length > 0) return [];
      return [
        {
          paths: ['redirectBackend.localEndpointSelector'],
          message: 'It selects every pod of the namespace, so the traffic goes to any of them that has the port.',
          hint: 'Name the labels of the backends.',
        },
      ];
    },
    examples: { bad: { props: selecting({}) }, good },
  },
];

function selecting(localEndpointSelector: LocalRedirectPolicyProps['redirectBackend']['localEndpointSelector']): Props {
  return { ...ADDRESS, redirectBackend: { localEndpointSelector, toPorts: [REDIRECT_PORT] } };
}

/** The rules of local redirect policies. */
export const LOCAL_REDIRECT_CHECKS: readonly Check[] = [...REDIRECT_PORT_CHECKS, ...FRONTEND_CHECKS, ...BACKEND_CHECKS];
