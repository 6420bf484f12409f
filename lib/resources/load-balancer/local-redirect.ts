import { unreadable } from '../../props/data';
import { isTruthy } from '../../helm/truth';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import { toAddress } from './local-redirect-examples';
import { readLocalRedirect } from './local-redirect-model';
import type { LocalRedirectModel } from './local-redirect-model';
import { LOCAL_REDIRECT_RULES } from './local-redirect-rules';
import type { LocalRedirectPolicyProps, NodeLocalDnsProps } from './props';

/** Traffic that stays on its node: CiliumLocalRedirectPolicy. Frontend and backend cannot be changed later. */
export const localRedirect = resourceKind<LocalRedirectPolicyProps, LocalRedirectModel>({
  api: ciliumApi('CiliumLocalRedirectPolicy'),
  construct: 'LocalRedirectPolicy',
  subject: 'local-redirect',
  docs: 'https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/',
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
  read: readLocalRedirect,
  rules: LOCAL_REDIRECT_RULES,
});

/**
 * The policy that sends DNS queries to the cache on the same node. The cache must run off the host's network, listen on
 * its pod's address at port 53, and set up neither interface nor iptables rules.
 */
export function nodeLocalDnsProps(props: NodeLocalDnsProps): LocalRedirectPolicyProps {
  // Anything but props is refused by the policy's own rules.
  if (!isMap(props as unknown)) return props === undefined ? nodeLocalDnsProps({} as never) : (props as never);
  if (unreadable(props).length > 0) return props as never;
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

/** The same with its port numbers as text, as the API server requires. */
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
