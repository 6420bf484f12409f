import type {
  CiliumLocalRedirectPolicyRedirectBackend,
  CiliumLocalRedirectPolicySpec,
  CiliumLocalRedirectPolicyToPort,
} from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { ResourceProps } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { isTruthy } from '../../helm/truth';
import { LOCAL_REDIRECT_CHECKS } from './local-redirect-checks';
import { REDIRECT_DOCS, toAddress } from './local-redirect-parts';

/** A port of a frontend or a backend. */
export interface LocalRedirectPort extends Omit<CiliumLocalRedirectPolicyToPort, 'port'> {
  /** 1 to 65535. */
  readonly port: number | string;
  /**
   * Ties a frontend port to the backend port of the same name; needed as soon as there are several ports.
   * @default - none
   */
  readonly name?: string;
}

/** The Service whose traffic is taken. */
export interface LocalRedirectService {
  readonly serviceName: string;
  /** @default - the policy's own, and no other is possible */
  readonly namespace?: string;
  /** @default - all ports of the Service */
  readonly toPorts?: readonly LocalRedirectPort[];
}

/** Props of `LocalRedirectPolicy`. */
export interface LocalRedirectPolicyProps
  extends ResourceProps, Omit<CiliumLocalRedirectPolicySpec, 'redirectFrontend' | 'redirectBackend'> {
  /** The traffic that is taken: to an address that is no Service's, or to a Service of type ClusterIP in the policy's namespace. */
  readonly redirectFrontend: {
    readonly addressMatcher?: { readonly ip: string; readonly toPorts: readonly LocalRedirectPort[] };
    readonly serviceMatcher?: LocalRedirectService;
  };
  /** The pods that get it: those on the node of the client, in the policy's namespace. A node without one is left as it is. */
  readonly redirectBackend: Omit<CiliumLocalRedirectPolicyRedirectBackend, 'toPorts'> & {
    readonly toPorts: readonly LocalRedirectPort[];
  };
  /**
   * Traffic of the backends themselves goes to the original frontend.
   * @default false
   */
  readonly skipRedirectFromBackend?: boolean;
}

/** Traffic that stays on its node: CiliumLocalRedirectPolicy. Frontend and backend cannot be changed later. */
export const localRedirect = resourceKind<LocalRedirectPolicyProps>({
  api: ciliumApi('CiliumLocalRedirectPolicy'),
  subject: 'local-redirect',
  docs: REDIRECT_DOCS,
  example: { props: toAddress('169.254.169.254'), values: { localRedirectPolicies: { enabled: true } } },
  needs: [
    {
      rule: 'off',
      path: 'localRedirectPolicies.enabled',
      isMet: ({ v }) => isTruthy(v.localRedirectPolicies.enabled) || isTruthy(v.localRedirectPolicy),
      message: 'Local redirect policies are off, so they have no effect.',
    },
  ],
  selectors: [{ path: 'redirectBackend.localEndpointSelector', over: 'labels' }],
  elsewhere: {
    addressMatcher: 'Write `redirectFrontend: { addressMatcher: … }`.',
    serviceMatcher: 'Write `redirectFrontend: { serviceMatcher: … }`.',
    localEndpointSelector: 'Write `redirectBackend: { localEndpointSelector: … }`.',
    toPorts:
      'Ports belong to `redirectFrontend.addressMatcher`, `redirectFrontend.serviceMatcher` and `redirectBackend`.',
  },
  body: ({ redirectFrontend, redirectBackend, ...fields }, { namespace = 'default' }) => ({
    spec: {
      ...fields,
      redirectFrontend: isMap(redirectFrontend) ? frontend(redirectFrontend, namespace) : redirectFrontend,
      redirectBackend: withPorts(redirectBackend),
    },
  }),
  rules: LOCAL_REDIRECT_CHECKS,
});

/** Props of `LocalRedirectPolicy.nodeLocalDns`. */
export interface NodeLocalDnsProps extends Omit<ResourceProps, 'namespace'> {
  /** Labels of the pods of the cache. @default - `k8s-app: node-local-dns` */
  readonly matchLabels?: Readonly<Record<string, string>>;
  /** The Service that pods ask. @default kube-dns */
  readonly serviceName?: string;
  /** Namespace of the Service, and of the pods of the cache. @default kube-system */
  readonly namespace?: string;
}

/**
 * The policy that sends DNS queries to the cache on the same node. The cache must run off the host's network, listen on
 * its pod's address at port 53, and set up neither interface nor iptables rules.
 */
export function nodeLocalDnsProps(props: NodeLocalDnsProps): LocalRedirectPolicyProps {
  // Anything but props is refused with those of the policy.
  if (!isMap(props as unknown)) return props === undefined ? nodeLocalDnsProps({}) : (props as never);
  const { matchLabels, serviceName, namespace, ...common } = props;
  return {
    ...common,
    namespace: namespace ?? 'kube-system',
    redirectFrontend: { serviceMatcher: { serviceName: serviceName ?? 'kube-dns' } },
    redirectBackend: {
      localEndpointSelector: { matchLabels: matchLabels ?? { 'k8s-app': 'node-local-dns' } },
      toPorts: [
        { port: 53, name: 'dns', protocol: 'UDP' },
        { port: 53, name: 'dns-tcp', protocol: 'TCP' },
      ],
    },
  };
}

function frontend({ addressMatcher, serviceMatcher, ...rest }: JsonObject, namespace: string): JsonObject {
  return {
    ...rest,
    addressMatcher: withPorts(addressMatcher),
    serviceMatcher: isMap(serviceMatcher)
      ? withPorts({ ...serviceMatcher, namespace: serviceMatcher.namespace ?? namespace })
      : serviceMatcher,
  };
}

/** The same with its port numbers as text, as the API server wants them. */
function withPorts(place: Json | undefined): Json | undefined {
  if (!isMap(place) || !Array.isArray(place.toPorts)) return place;
  const ports = place.toPorts as readonly Json[];
  return {
    ...place,
    toPorts: ports.map((port) =>
      isMap(port) && Number.isFinite(port.port) ? { ...port, port: String(port.port) } : port,
    ),
  };
}
