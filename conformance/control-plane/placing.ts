import { mapOf } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { certificateData } from './certificate';
import type { RuleCase } from './rule-cases';

/** A case with the namespaces that it has on the server. */
export interface PlacedCase {
  readonly of: RuleCase;
  readonly objects: readonly KubernetesObject[];
  /** Whether a namespace is one of the case. */
  readonly isMine: (namespace: string | undefined) => boolean;
  /** Whether a line of a log is about the case. */
  readonly isAbout: (line: string) => boolean;
  /** A line with the names of the case. */
  readonly original: (line: string) => string;
}

/** Kinds that act in their own namespace only: cases of these run at the same time, each in namespaces of its own. */
const APART =
  /^(BackendTLSPolicy|CiliumEnvoyConfig|CiliumLocalRedirectPolicy|CiliumNetworkPolicy|ConfigMap|Gateway|ListenerSet|\w+Route|ReferenceGrant|Secret|Service)$/;

const AT_ONCE = 30;

/** Cases that run at the same time: those that disturb no other case in batches, and each other one alone. */
export function batchesOf(cases: readonly RuleCase[]): readonly (readonly RuleCase[])[] {
  const apart = cases.filter(isApart);
  const batches = Array.from({ length: Math.ceil(apart.length / AT_ONCE) }, (_, i) =>
    apart.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );
  return [...batches, ...cases.filter((one) => !isApart(one)).map((one) => [one])];
}

function isApart({ objects, beside }: RuleCase): boolean {
  const text = JSON.stringify(objects);
  return (
    objects.every(({ kind }) => APART.test(kind)) &&
    beside.every(({ kind }) => APART.test(kind) || kind === 'CiliumLoadBalancerIPPool') &&
    // What selects namespaces or addresses, or becomes a Service with an address of its own choice.
    !/"LoadBalancer"|"key":"kubernetes\.io\/metadata\.name"|"addresses":|lbipam|"namespaceSelector"/.test(text)
  );
}

/** A case in the namespaces of its examples, or, with a number, in its own. */
export function place(of: RuleCase, number?: number): PlacedCase {
  const objects = [...of.beside.map(withCertificate), ...of.objects];
  if (number === undefined) {
    return { of, objects, isMine: () => true, isAbout: () => true, original: (line) => line };
  }
  const prefix = `case${String(number)}-`;
  const moved = objects.map((object) => {
    if (object.kind === 'CiliumLoadBalancerIPPool') return object;
    const { metadata, ...rest } = object;
    const namespace = `${prefix}${metadata.namespace ?? 'default'}`;
    return { ...(inNamespaces(rest, prefix) as typeof rest), metadata: { ...metadata, namespace } };
  });
  const pattern = new RegExp(`(?<![\\w-])${prefix}`, 'g');
  return {
    of,
    objects: moved,
    isMine: (namespace) => namespace?.startsWith(prefix) ?? false,
    isAbout: (line) => line.search(pattern) >= 0,
    original: (line) => line.replace(pattern, ''),
  };
}

/** A value with all namespaces that it names moved. */
function inNamespaces(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((item) => inNamespaces(item, prefix));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      /^(namespace|kubernetes\.io\/metadata\.name)$/.test(key) && typeof item === 'string'
        ? `${prefix}${item}`
        : inNamespaces(item, prefix),
    ]),
  );
}

function withCertificate(object: KubernetesObject): KubernetesObject {
  return object.kind === 'Secret' && mapOf(object).type === 'kubernetes.io/tls'
    ? { ...object, data: certificateData() }
    : object;
}
