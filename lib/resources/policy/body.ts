import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { REFERENCE, referredName } from '../../resource/references';
import type { ResourceKind } from '../../resource/kind';

/** The rules in Cilium's own form. Never throws: fields of the wrong shape are kept as they are. */
export function writtenBody({ specs, ...rules }: JsonObject): {
  readonly spec?: JsonObject;
  readonly specs?: JsonObject[];
} {
  const lone = Object.values(rules).every((value) => value === undefined) && specs !== undefined;
  return {
    ...(lone ? {} : { spec: writtenRules(rules) as JsonObject }),
    ...(specs === undefined ? {} : { specs: eachOf(specs, writtenRules) as unknown as JsonObject[] }),
  };
}

const SIDES = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

function writtenRules(rules: Json): Json {
  return changed(rules, Object.fromEntries(SIDES.map((side) => [side, (list) => eachOf(list, writtenRule)])));
}

function writtenRule(rule: Json): Json {
  return changed(rule, {
    toPorts: (list) => eachOf(list, writtenPorts),
    fromCIDRSet: (list) => eachOf(list, writtenCidr),
    toCIDRSet: (list) => eachOf(list, writtenCidr),
    toFQDNs: (list) => eachOf(list, writtenName),
  });
}

function writtenPorts(rule: Json): Json {
  return changed(rule, {
    ports: (list) => eachOf(list, writtenPort),
    rules: (rules) => changed(rules, { dns: (list) => eachOf(list, writtenName) }),
  });
}

function writtenPort(port: Json): Json {
  if (Number.isFinite(port)) return { port: String(port) };
  if (typeof port !== 'string')
    return changed(port, { port: (number) => (Number.isFinite(number) ? String(number) : number) });
  const [name = '', protocol] = port.split('/', 2);
  const [, from, to] = /^(\d+)-(\d+)$/.exec(name) ?? [];
  return {
    port: from ?? name,
    ...(to === undefined ? {} : { endPort: Number(to) }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

function writtenName(name: Json): Json {
  if (typeof name !== 'string') return name;
  return name.includes('*') ? { matchPattern: name } : { matchName: name };
}

function writtenCidr(rule: Json): Json {
  // A construct has many more fields than its name.
  return changed(rule, { cidrGroupRef: (group) => referredName(group) ?? group });
}

/** Shapes of props that differ from the schema. */
export const RULE_FORMS: NonNullable<ResourceKind['forms']> = ['', 'specs[].'].flatMap((above) =>
  ['ingress', 'ingressDeny', 'egress', 'egressDeny'].map((list) => {
    const peers = list.startsWith('ingress') ? 'fromCIDRSet' : 'toCIDRSet';
    return [`${above}${list}[].${peers}[].cidrGroupRef`, REFERENCE] as const;
  }),
);

function eachOf(list: Json, write: (item: Json) => Json): Json {
  return Array.isArray(list) ? (list as readonly Json[]).map(write) : list;
}

/** A map with some of its fields changed, those that are there. */
function changed(value: Json, changes: Readonly<Record<string, (field: Json) => Json>>): Json {
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
      return [name, field === undefined || field === null || change === undefined ? field : change(field)];
    }),
  );
}
