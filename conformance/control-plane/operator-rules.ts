/**
 * What the operator shows for the bad example of a rule and not for the good one: a condition, or a line of its log. Made from what
 * rules-main.ts records, and read by a person.
 */
export const OPERATOR_RULES: Readonly<Record<string, RegExp>> = {
  'gateway-class-config/families': /Accepted=False NoResources/,
  'gateway-class-config/service-word': /Accepted=False NoResources/,
  'gateway-class-config/source-range': /Accepted=False NoResources/,
  'gateway-class/controller': /no Accepted/,
  'gateway-class/no-such-parameters': /Accepted=False InvalidParameters/,
  'gateway/address': /Accepted=False UnsupportedAddress/,
  'gateway/certificate-elsewhere': /ResolvedRefs=False RefNotPermitted/,
  'gateway/certificate-kind': /ResolvedRefs=False InvalidCertificateRef/,
  'gateway/class': /no Accepted/,
  'gateway/idle-route-kind': /ResolvedRefs=False InvalidRouteKinds/,
  'gateway/name-of-service': /Accepted=False NoResources/,
  'gateway/parameters': /Accepted=False InvalidParameters/,
  'gateway/port-conflict': /Conflicted=True ProtocolConflict/,
  'gateway/protocol': /Accepted=False UnsupportedProtocol/,
  'gateway/reserved-label': /Programmed=False AddressNotAssigned/,
  'gateway/route-kind': /ResolvedRefs=False InvalidRouteKinds/,
  'ip-pool/block-twice': /PoolConflict=True cidr_overlap/,
  'ip-pool/selector': /making selector from pool/,
  'ip-pool/shared': /PoolConflict=True cidr_overlap/,
};
