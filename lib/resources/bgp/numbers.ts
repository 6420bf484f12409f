import { problem } from '../../rules/rule';
import type { Context } from '../../cilium/context';
import type { Problem } from '../../rules/rule';
import { isTruthy } from '../../helm/truth';

/** AS numbers that no network may use, with the reason. */
const RESERVED: Readonly<Record<number, string>> = {
  23456: 'is AS_TRANS, for routers without four-byte numbers',
  65535: 'is reserved',
  4294967295: 'is reserved',
};

/** A reserved AS number. */
export function asnProblem(at: string, asn: number | undefined): Problem | undefined {
  const why = asn === undefined ? undefined : RESERVED[asn];
  if (why === undefined) return undefined;
  return problem(
    at,
    `The AS number ${String(asn)} ${why}; no network may use it.`,
    'Use your own, or a private one: 64512 to 65534, 4200000000 to 4294967294.',
  );
}

/** Ports below need a capability. */
const FIRST_FREE_PORT = 1024;

/** A port that the agent may not listen on. */
export function listenProblem(at: string, port: number | undefined, cilium: Context | undefined): Problem | undefined {
  if (port === undefined || port >= FIRST_FREE_PORT || cilium === undefined) return undefined;
  const { capabilities, privileged } = cilium.v.securityContext;
  const allowed = capabilities.ciliumAgent ?? [];
  if (isTruthy(privileged) || allowed.includes('NET_BIND_SERVICE')) return undefined;
  return problem(
    [at, 'cilium.securityContext.capabilities.ciliumAgent'],
    `The agent may not listen on port ${String(port)}: for ports below ${String(FIRST_FREE_PORT)} it needs the capability NET_BIND_SERVICE.`,
    "Leave the port out, as the agent opens the sessions itself, or add NET_BIND_SERVICE to `securityContext.capabilities.ciliumAgent` in Cilium's values; the list replaces the usual one, so repeat that.",
  );
}
