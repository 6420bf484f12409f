import type { Expectation } from './expectation';

type Table = Readonly<Record<string, Expectation>>;

/** Rules that all kinds of routes have; `of` is the subject of a kind. */
function routeRules(of: string, kind: string, withBackends: boolean): Table {
  return {
    [`${of}/no-parent`]: new RegExp(`${kind} default/web: no parent`),
    [`${of}/parent-kind`]: new RegExp(`${kind} default/web: no parent`),
    [`${of}/unknown-gateway`]: new RegExp(`${kind} shop/web: no parent`),
    [`${of}/listener`]: /parent home\/missing: Accepted=False NoMatchingParent/,
    [`${of}/namespace-not-allowed`]:
      /Accepted=False NotAllowedByListeners: \w+ is not allowed .* namespace restrictions/,
    [`${of}/kind-not-allowed`]: /Accepted=False NotAllowedByListeners: No matching listener protocol/,
    [`${of}/kinds-of-others`]: /Accepted=False NotAllowedByListeners: \w+ is not allowed .* route kind restrictions/,
    [`${of}/service-elsewhere`]: /ResolvedRefs=False BackendNotFound/,
    [`${of}/backend-elsewhere`]: /ResolvedRefs=False RefNotPermitted/,
    [`${of}/backend-kind`]: /ResolvedRefs=False InvalidKind: Unsupported backend kind Deployment/,
    [`${of}/off`]: new RegExp(`${kind} default/web: no parent`),
    ...(withBackends
      ? {
          // A cluster for a port that the Service does not have.
          [`${of}/service-port`]: /"serviceName":"default\/web:80"/,
          [`${of}/no-common-hostname`]: /Accepted=False NoMatchingListenerHostname/,
        }
      : {
          [`${of}/service-port`]: /Backend Service does not expose requested port; clearing endpoints.*port=80"?$/,
          [`${of}/same-listener`]: /Gateway home listener \w+ routes 2/,
          [`${of}/host-network`]: new RegExp(
            `${kind} web parent home/(-|\\w+) Accepted=False|${kind} default/web: no parent`,
          ),
        }),
  };
}

/** Rules that HTTP and gRPC share: what the operator writes into Envoy's routes. */
function httpRules(of: string, kind: string): Table {
  return {
    [`${of}/parent-elsewhere`]: new RegExp(`${kind} default/web: no parent`),
    [`${of}/hostname`]: /Envoy cilium-gateway-home domains \["192\.168\.1\.200"/,
    [`${of}/regular-expression`]: /Accepted=False UnsupportedValue: Invalid regular expression/,
    // The rules of equal matches become one route with the backends of both.
    [`${of}/match-twice`]: /Envoy cilium-gateway-home route .*"weightedClusters"/,
    [`${of}/same-requests`]: /Envoy cilium-gateway-home route .*"weightedClusters"/,
    [`${of}/weights`]: /"weight":0\},\{"name":"default:next:8080","weight":0\}/,
    [`${of}/no-backend`]: /Envoy cilium-gateway-home route \{"directResponse":.*"status":500/,
    [`${of}/host-header`]: /"requestHeadersToAdd":\[.*"key":"Host"/i,
    [`${of}/server-header`]: /"responseHeadersToRemove":\["Server"\]/i,
  };
}

/** Rules that listeners of Gateways and of ListenerSets share. */
function listenerRules(of: string): Table {
  return {
    [`${of}/protocol`]: /Accepted=False UnsupportedProtocol/,
    [`${of}/route-kind`]: /ResolvedRefs=False InvalidRouteKinds/,
    [`${of}/idle-route-kind`]: /ResolvedRefs=False InvalidRouteKinds/,
    [`${of}/port-conflict`]: /Conflicted=True ProtocolConflict/,
    [`${of}/certificate-kind`]: /ResolvedRefs=False InvalidCertificateRef/,
    [`${of}/certificate-elsewhere`]: /ResolvedRefs=False RefNotPermitted/,
    // No chain of filters for TLS.
    [`${of}/tls-missing`]: { onlyGood: /"filterChainMatch":\{"transportProtocol":"tls"\}/ },
    [`${of}/tls-options`]: { same: /^$/ },
  };
}

/** What the operator shows for rules of the Gateway API. */
export const GATEWAY_EXPECTATIONS: Table = {
  ...routeRules('http-route', 'HTTPRoute', true),
  ...routeRules('grpc-route', 'GRPCRoute', true),
  ...routeRules('tls-route', 'TLSRoute', true),
  ...routeRules('tcp-route', 'TCPRoute', false),
  ...routeRules('udp-route', 'UDPRoute', false),
  ...httpRules('http-route', 'HTTPRoute'),
  ...httpRules('grpc-route', 'GRPCRoute'),
  ...listenerRules('gateway'),
  ...listenerRules('listener-set'),
  'backend-tls-policy/certificate': /Accepted=False NoValidCACertificate/,
  'backend-tls-policy/certificate-kind': /Accepted=False NoValidCACertificate/,
  'backend-tls-policy/certificates': /Accepted=False/,
  'backend-tls-policy/same-target': /Accepted=False Conflicted/,
  'backend-tls-policy/hostname': { same: /^$/ },
  'backend-tls-policy/options': { same: /^$/ },
  'backend-tls-policy/subject-alt-names': { same: /^$/ },
  'backend-tls-policy/target': { onlyGood: /"transportSocket"|"transportSocketMatches"/ },
  'backend-tls-policy/target-kind': { onlyGood: /"transportSocket"|"transportSocketMatches"/ },
  'backend-tls-policy/well-known': { onlyGood: /"transportSocket"|"transportSocketMatches"/ },
  'gateway-class-config/access-log-format': { onlyGood: /"textFormatSource"/ },
  'gateway-class-config/idle-field': { same: /^$/ },
  'gateway-class-config/families': /Accepted=False NoResources/,
  'gateway-class-config/service-word': /Accepted=False NoResources/,
  'gateway-class-config/source-range': /Accepted=False NoResources/,
  'gateway-class/controller': /no Accepted/,
  'gateway-class/no-such-parameters': /Accepted=False InvalidParameters/,
  'gateway-class/parameters': /ParametersRef must specify namespace and name/,
  'gateway/address': /Accepted=False UnsupportedAddress/,
  'gateway/address-annotation': /DEPRECATED: The Gateway <default.home> is setting an IP address/,
  'gateway/address-overruled': /DEPRECATED: The Gateway <default.home> is setting an IP address/,
  'gateway/class': /no Accepted/,
  'gateway/client-certificates': { same: /^$/ },
  'gateway/hostname': { same: /^$/ },
  'gateway/name-of-service': /Accepted=False NoResources/,
  'gateway/off': /no Accepted/,
  'gateway/kube-proxy': /no Accepted/,
  'gateway/parameters': /Accepted=False InvalidParameters/,
  'gateway/reserved-label': /Programmed=False AddressNotAssigned/,
  'grpc-route/backend-filter': { onlyGood: /"requestMirrorPolicies"/ },
  'grpc-route/extension': { onlyGood: /"requestHeadersToRemove":\["x-debug"\]/ },
  'http-route/pattern-in-path': /"match":\{"pathSeparatedPrefix":"\/api\/\*"\}/,
  'http-route/redirect-to-itself': /Gateway home listener https routes 1/,
  'listener-set/listener-conflict': {
    onlyGood: /Service cilium-gateway-home LoadBalancer class - ports (80\/TCP,443|443\/TCP,9999|9999\/TCP,443)/,
  },
  'listener-set/not-allowed': {
    onlyGood: /Service cilium-gateway-home LoadBalancer class - ports (80\/TCP,443|443\/TCP,9999|9999\/TCP,443)/,
  },
  'listener-set/unknown-gateway': {
    onlyGood: /Service cilium-gateway-home LoadBalancer class - ports (80\/TCP,443|443\/TCP,9999|9999\/TCP,443)/,
  },
  'tls-route/same-hostname': /("serverNames":\["www\.example\.test"\].*){2}/,
  'tls-route/weights': /"clusters":\[\{"name":"default:next:8080"\},\{"name":"default:web:8080"\}\]/,
};
