import type { Finding } from '../rules/finding';
import { nearest } from '../rules/nearest';
import { problem } from '../rules/rule';
import type { Problem } from '../rules/rule';
import { MINORS, ciliumKindFindings } from './cilium-api';

/** The API group of the Gateway API. */
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** Versions of kinds that every release of the definitions serves beside the one that Cilium reads: the objects are the same. */
const EVERYWHERE = {
  Gateway: ['v1', 'v1beta1'],
  GatewayClass: ['v1', 'v1beta1'],
  HTTPRoute: ['v1', 'v1beta1'],
  GRPCRoute: ['v1'],
} as const;

const BEFORE_1_20 = { ...EVERYWHERE, ReferenceGrant: ['v1beta1'], TLSRoute: ['v1alpha2'] } as const;

const SINCE_1_20 = {
  ...EVERYWHERE,
  // The definitions that 1.20 needs serve both.
  ReferenceGrant: ['v1', 'v1beta1'],
  TLSRoute: ['v1'],
  BackendTLSPolicy: ['v1'],
  ListenerSet: ['v1'],
  TCPRoute: ['v1'],
  UDPRoute: ['v1'],
} as const;

/** A kind of the Gateway API that a supported release of Cilium reads. */
export type GatewayKind = keyof typeof SINCE_1_20;

/** Kinds of the Gateway API that a supported release of Cilium reads. */
export const GATEWAY_KINDS = Object.keys(SINCE_1_20) as readonly GatewayKind[];

/** The kinds that Cilium's operator reads, each with its versions, the one that it reads first (`operator/pkg/gateway-api`). */
const READ: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '1.18': BEFORE_1_20,
  '1.19': BEFORE_1_20,
  '1.20': SINCE_1_20,
};

function readBy(ciliumVersion: string): Readonly<Record<string, readonly string[]>> | undefined {
  return READ[/^v?(\d+\.\d+)/.exec(ciliumVersion)?.[1] ?? ''];
}

/** The version of a kind that a Cilium release reads, `v1alpha2`; `undefined` when it does not read the kind, or is unknown. */
export function readVersion(kind: GatewayKind, ciliumVersion: string): string | undefined {
  return readBy(ciliumVersion)?.[kind]?.[0];
}

/** What is wrong with writing a kind for a Cilium release: the release is not supported, or does not read the kind. */
export function gatewayKindFindings(subject: string, kind: GatewayKind, ciliumVersion: string): readonly Finding[] {
  const unsupported = ciliumKindFindings(subject, 'CiliumGatewayClassConfig', ciliumVersion);
  if (unsupported.length > 0 || readVersion(kind, ciliumVersion) !== undefined) return unsupported;
  const first = MINORS.find((minor) => readVersion(kind, minor) !== undefined) ?? '';
  return [
    {
      id: `${subject}/version`,
      level: 'error',
      paths: ['cilium.version'],
      message: `Cilium ${ciliumVersion} does not read objects of kind ${kind}.`,
      hint: `Use Cilium ${first}, the first release that reads them.`,
    },
  ];
}

/** Why a Cilium release does not read an object of the Gateway API; `undefined` when it does, or the release is unknown. */
export function unreadProblem(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  ciliumVersion: string,
): Problem | undefined {
  const [group, version = ''] = apiVersion.split('/');
  const read = readBy(ciliumVersion);
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
