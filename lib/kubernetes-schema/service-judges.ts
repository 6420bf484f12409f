/** Rules about Services. */
import { addressFamily, contains, networkOf, parseCidr } from '../kubernetes/cidr';
import { mapOf } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { isDnsSubdomain } from '../kubernetes/names';
import { found, isSet, listOf, needs, ofFields, only, shown, when } from './problem';
import type { FieldRule, Judge, Problem } from './problem';

const typeOf = ({ type = 'ClusterIP' }: JsonObject): Json => type;
const isOutside = (fields: JsonObject): boolean => ['NodePort', 'LoadBalancer'].includes(String(typeOf(fields)));

/** Names and numbers of the ports of a Service. */
const servicePorts: FieldRule = ({ ports }) => {
  const list = listOf(ports).map(mapOf);
  const sockets = list.map(({ port, protocol }) => `${String(port)}/${isSet(protocol) ? String(protocol) : 'TCP'}`);
  const names = list.map(({ name }) => name);
  return (
    found(
      ...list.flatMap(({ name }, i): readonly (Problem | false)[] => [
        list.length > 1 &&
          !isSet(name) && {
            rule: 'required',
            path: ['ports', i, 'name'],
            message: 'Where a Service has several ports each needs a name.',
            hint: 'Write `name: …`.',
          },
        isSet(name) &&
          names.indexOf(name) < i && {
            rule: 'duplicate',
            path: ['ports', i, 'name'],
            message: `The name ${shown(name)} is there twice.`,
            hint: 'Give each a unique one.',
          },
        sockets.indexOf(sockets[i] ?? '') < i && {
          rule: 'duplicate',
          path: ['ports', i, 'port'],
          message: `The port ${sockets[i] ?? ''} is there twice.`,
          hint: 'Give each a unique one.',
        },
      ]),
    ) ?? []
  );
};

/** Node ports, of which each protocol has one set. */
const nodePorts: FieldRule = (fields) => {
  const list = listOf(fields.ports).map(mapOf);
  const keys = list.map(
    ({ nodePort, protocol }) => `${String(nodePort)}/${isSet(protocol) ? String(protocol) : 'TCP'}`,
  );
  return (
    found(
      ...list.flatMap(({ nodePort }, i): readonly (Problem | false)[] => {
        if (typeof nodePort !== 'number' || nodePort === 0) return [];
        const path = ['ports', i, 'nodePort'];
        return [
          typeOf(fields) === 'ClusterIP' && {
            rule: 'combination',
            path,
            message: 'A Service of type ClusterIP has no node ports.',
            hint: 'Leave it out, or write `type: NodePort`.',
          },
          keys.indexOf(keys[i] ?? '') < i && {
            rule: 'duplicate',
            path,
            message: `The node port ${keys[i] ?? ''} is there twice.`,
            hint: 'Give each a unique one, or leave it out.',
          },
        ];
      }),
    ) ?? []
  );
};

/** Addresses in the cluster: `clusterIP` is the first of `clusterIPs`, which has at most one per family. */
const clusterIPs: FieldRule = (fields) => {
  const { clusterIP, clusterIPs: all, ipFamilies } = fields;
  if (typeOf(fields) === 'ExternalName') return undefined;
  const list = listOf(all);
  const path = ['clusterIPs'];
  const texts = [...new Set([clusterIP, ...list].filter((one) => isSet(one) && one !== 'None'))];
  const wrong = texts.find((one) => typeof one === 'string' && addressFamily(one) === undefined);
  if (wrong !== undefined)
    return {
      rule: 'text',
      path: wrong === clusterIP ? ['clusterIP'] : path,
      message: `${shown(wrong)} is not an IP address.`,
      hint: 'Write an address of a service subnet, `None`, or leave it out.',
    };
  if (list.length > 0 && list[0] !== clusterIP)
    return {
      rule: 'combination',
      path,
      message: 'The first of clusterIPs must be clusterIP.',
      hint: 'Leave clusterIPs out, or set both.',
    };
  const families = texts.map((one) => addressFamily(String(one)));
  if (list.length > 2 || new Set(families).size < families.length)
    return {
      rule: 'exclusive',
      path,
      message: 'A Service has at most one address of each family.',
      hint: 'Keep one of each.',
    };
  const [expected] = listOf(ipFamilies);
  return (
    families[0] !== undefined &&
    typeof expected === 'string' &&
    expected !== `IPv${String(families[0])}` && {
      rule: 'combination',
      path: ['clusterIP'],
      message: `${shown(texts[0])} is not an address of ${expected}, which is first in ipFamilies.`,
      hint: 'Use an address of that family, or leave it out.',
    }
  );
};

/** What only Services with addresses have. */
const ofName: FieldRule = (fields) => {
  if (typeOf(fields) !== 'ExternalName') return undefined;
  const { externalName, clusterIP, ipFamilies, ipFamilyPolicy } = fields;
  const given: Readonly<Record<string, boolean>> = {
    clusterIP: isSet(clusterIP),
    ipFamilies: listOf(ipFamilies).length > 0,
    ipFamilyPolicy: isSet(ipFamilyPolicy),
  };
  return (
    found(
      typeof externalName === 'string' &&
        externalName !== '' &&
        !isDnsSubdomain(externalName.replace(/\.$/, '')) && {
          rule: 'text',
          path: ['externalName'],
          message: `${shown(externalName)} is not a DNS name.`,
          hint: 'Write a name such as db.example.org, in lower case.',
        },
      ...Object.keys(given)
        .filter((name) => given[name] === true)
        .map((name): Problem => ({
          rule: 'combination',
          path: [name],
          message: `A Service of type ExternalName has no ${name}.`,
          hint: 'Leave it out.',
        })),
    ) ?? []
  );
};

const isBalanced = (fields: JsonObject): boolean => typeOf(fields) === 'LoadBalancer';

const service = ofFields(
  when(
    (fields) => listOf(fields.ports).length === 0 && fields.clusterIP !== 'None' && typeOf(fields) !== 'ExternalName',
    {
      rule: 'required',
      path: ['ports'],
      message: 'A Service needs a port.',
      hint: 'Write at least one, or `clusterIP: None`.',
    },
  ),
  servicePorts,
  needs(
    'externalName',
    'The type ExternalName needs an externalName.',
    'Write a DNS name.',
    (fields) => typeOf(fields) === 'ExternalName',
  ),
  (fields) =>
    fields.clusterIP === 'None' &&
    isOutside(fields) && {
      rule: 'exclusive',
      path: ['clusterIP'],
      message: `A Service of type ${shown(typeOf(fields))} needs an address.`,
      hint: 'Leave `clusterIP: None` out.',
    },
  only(
    'loadBalancerClass',
    (fields) => typeOf(fields) === 'LoadBalancer',
    'Only the type LoadBalancer has a loadBalancerClass.',
    'Leave it out.',
  ),
  only(
    'externalTrafficPolicy',
    (fields) => isOutside(fields) || listOf(fields.externalIPs).length > 0,
    'Only the types NodePort and LoadBalancer have an externalTrafficPolicy.',
    'Leave it out.',
  ),
  only(
    'loadBalancerSourceRanges',
    (fields) => isBalanced(fields) || listOf(fields.loadBalancerSourceRanges).length === 0,
    'Only the type LoadBalancer has loadBalancerSourceRanges.',
    'Leave it out.',
  ),
  only(
    'allocateLoadBalancerNodePorts',
    isBalanced,
    'Only the type LoadBalancer has allocateLoadBalancerNodePorts.',
    'Leave it out.',
  ),
  only(
    'healthCheckNodePort',
    (fields) => fields.healthCheckNodePort === 0 || (isBalanced(fields) && fields.externalTrafficPolicy === 'Local'),
    'Only the type LoadBalancer with externalTrafficPolicy Local has a healthCheckNodePort.',
    'Leave it out.',
  ),
  nodePorts,
  clusterIPs,
  ofName,
  ({ ipFamilies }) => {
    const [first, second] = listOf(ipFamilies);
    return (
      isSet(first) &&
      first === second && {
        rule: 'duplicate',
        path: ['ipFamilies', 1],
        message: `${shown(first)} is there twice.`,
        hint: 'Keep one of them.',
      }
    );
  },
  when(({ ipFamilies, ipFamilyPolicy }) => ipFamilyPolicy === 'SingleStack' && listOf(ipFamilies).length > 1, {
    rule: 'combination',
    path: ['ipFamilyPolicy'],
    message: 'SingleStack has one family.',
    hint: 'Keep one of ipFamilies, or write PreferDualStack.',
  }),
);

const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** The annotation counts where the field is not set. */
const sourceRanges: Judge = (value) => {
  const { metadata, spec } = mapOf(value);
  const text = mapOf(mapOf(metadata).annotations)[RANGES];
  if (typeof text !== 'string' || listOf(mapOf(spec).loadBalancerSourceRanges).length > 0) return undefined;
  const path = ['metadata', 'annotations', RANGES];
  const wrong = text.trim() === '' ? undefined : text.split(',').find((one) => networkOf(one.trim()) === undefined);
  return found(
    !isBalanced(mapOf(spec)) && {
      rule: 'combination',
      path,
      message: 'Only the type LoadBalancer has source ranges.',
      hint: 'Leave the annotation out.',
    },
    wrong !== undefined && {
      rule: 'text',
      path,
      message: `${shown(wrong.trim())} is not a CIDR.`,
      hint: 'Write networks such as 192.0.2.0/24, with commas between them.',
    },
  );
};

/** Addresses that no endpoint outside a node can have. */
const SPECIAL: readonly (readonly [network: string, what: string])[] = [
  ['0.0.0.0/32', 'unspecified'],
  ['::/128', 'unspecified'],
  ['127.0.0.0/8', 'a loopback address'],
  ['::1/128', 'a loopback address'],
  ['169.254.0.0/16', 'a link-local address'],
  ['fe80::/10', 'a link-local address'],
  ['224.0.0.0/24', 'a link-local multicast address'],
  ['ff02::/16', 'a link-local multicast address'],
];

/** An address of a host outside. */
const endpointIp: Judge = (value) => {
  if (typeof value !== 'string' || value === '') return undefined;
  const address = addressFamily(value) === undefined ? undefined : parseCidr(value);
  const hint = 'Write an address such as 192.0.2.1 or 2001:db8::1.';
  if (address === undefined) return found({ rule: 'text', message: `${shown(value)} is not an IP address.`, hint });
  const what = SPECIAL.find(([text]) => {
    const network = networkOf(text);
    return network !== undefined && contains(network, address);
  })?.[1];
  return found(what !== undefined && { rule: 'range', message: `${value} is ${what}.`, hint });
};

export const SERVICE_JUDGES = { service, sourceRanges, endpointIp } as const satisfies Readonly<Record<string, Judge>>;
