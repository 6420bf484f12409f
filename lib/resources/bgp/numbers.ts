import type { Context } from '../../cilium/context';
import type { Problem } from '../../rules/rule';
import { isTruthy } from '../../helm/truth';

/** Numbers of autonomous systems that nobody may have, with the reason. */
const RESERVED: Readonly<Record<number, string>> = {
  23456: 'stands for numbers of four bytes where a router knows only two',
  65535: 'is reserved',
  4294967295: 'is reserved',
};

/** What is worth knowing of the number of an autonomous system at a path; nothing for one that is not given. */
export function asnProblems(at: string, asn: number | undefined): readonly Problem[] {
  const why = asn === undefined ? undefined : RESERVED[asn];
  if (why === undefined) return [];
  return [
    {
      paths: [at],
      message: `The AS number ${String(asn)} ${why}; no network may use it.`,
      hint: 'Take one of your own, or a private one: 64512 to 65534, 4200000000 to 4294967294.',
    },
  ];
}

/** An agent may listen below this port only with a capability. */
const FIRST_FREE_PORT = 1024;

/** What keeps the agent from listening on a port; nothing for one that is not given. */
export function listenProblems(at: string, port: number | undefined, cilium: Context | undefined): readonly Problem[] {
  if (port === undefined || port >= FIRST_FREE_PORT || cilium === undefined) return [];
  const { capabilities, privileged } = cilium.v.securityContext;
  const allowed = capabilities.ciliumAgent ?? [];
  if (isTruthy(privileged) || allowed.includes('NET_BIND_SERVICE')) return [];
  return [
    {
      paths: [at, 'cilium.securityContext.capabilities.ciliumAgent'],
      message: `The agent may not listen on port ${String(port)}: for ports below ${String(FIRST_FREE_PORT)} it needs the capability NET_BIND_SERVICE.`,
      hint: "Leave the port out, as the agent calls its peers by itself, or add NET_BIND_SERVICE to `securityContext.capabilities.ciliumAgent` in Cilium's values; the list replaces the usual one, so repeat that.",
    },
  ];
}
