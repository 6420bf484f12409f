import { nearest } from '../rules/nearest';
import { problem } from '../rules/rule';
import type { Problem } from '../rules/rule';

/** Kinds of the Gateway API that are written here; all of them as `gateway.networking.k8s.io/v1`. */
export const GATEWAY_KINDS = ['Gateway', 'GatewayClass', 'HTTPRoute'] as const;

/** A kind of the Gateway API. */
export type GatewayKind = (typeof GATEWAY_KINDS)[number];

/** The API group of the Gateway API. */
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** Versions of kinds that every release of the definitions serves beside the one that Cilium reads: the objects are the same. */
const EVERYWHERE: Readonly<Record<string, readonly string[]>> = {
  Gateway: ['v1', 'v1beta1'],
  GatewayClass: ['v1', 'v1beta1'],
  HTTPRoute: ['v1', 'v1beta1'],
};

const BEFORE_1_20: Readonly<Record<string, readonly string[]>> = {
  ...EVERYWHERE,
  GRPCRoute: ['v1'],
  ReferenceGrant: ['v1beta1'],
  TLSRoute: ['v1alpha2'],
};

/** The kinds that Cilium's operator reads, each with its versions, the one that it reads first (`operator/pkg/gateway-api`). */
const READ: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '1.18': BEFORE_1_20,
  '1.19': BEFORE_1_20,
  '1.20': {
    ...EVERYWHERE,
    GRPCRoute: ['v1'],
    // The definitions that 1.20 needs serve both.
    ReferenceGrant: ['v1', 'v1beta1'],
    TLSRoute: ['v1'],
    BackendTLSPolicy: ['v1'],
    ListenerSet: ['v1'],
    TCPRoute: ['v1'],
    UDPRoute: ['v1'],
  },
};

/** Why a Cilium release does not read an object of the Gateway API; `undefined` when it does, or the release is unknown. */
export function unreadProblem(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  ciliumVersion: string,
): Problem | undefined {
  const [group, version = ''] = apiVersion.split('/');
  const read = READ[/^v?(\d+\.\d+)/.exec(ciliumVersion)?.[1] ?? ''];
  if (group !== GATEWAY_GROUP || read === undefined) return undefined;
  const versions = Object.hasOwn(read, kind) ? read[kind] : undefined;
  if (versions?.includes(version)) return undefined;
  const near = nearest(kind, Object.keys(read));
  const [own] = versions ?? [];
  return own === undefined
    ? problem(
        'kind',
        `Cilium ${ciliumVersion} does not read objects of kind ${kind}.`,
        near !== undefined && !isKnown(kind)
          ? `Write \`kind: ${near}\`.`
          : 'Leave it out, or acknowledge this when another controller reads it.',
      )
    : problem(
        'apiVersion',
        `Cilium ${ciliumVersion} does not read ${kind} ${version}; it reads ${own}.`,
        `Write \`apiVersion: ${GATEWAY_GROUP}/${own}\`.`,
      );
}

function isKnown(kind: string): boolean {
  return Object.values(READ).some((read) => Object.hasOwn(read, kind));
}
