import { groupedBy } from '../../kubernetes/groups';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { listed, sentence } from '../../rules/words';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { areReached, hostListeners } from '../parts/host-listeners';
import type { HostListener } from '../parts/host-listeners';
import { errorOnTalos } from '../values-rule';

/** Ports that two programs of Cilium need on the same nodes. It contributes nothing and only has rules. */
export const hostPorts: Feature = {
  name: 'host-ports',
  contribute: () => ({}),
  rules: [
    {
      id: 'host-ports/twice',
      level: errorOnTalos,
      find: portsTwice,
      docs: 'https://docs.cilium.io/en/stable/operations/system_requirements/#firewall-rules',
      examples: {
        bad: { values: { hubble: { metrics: { enabled: ['dns'], port: 9963 } } } },
        good: { values: { hubble: { metrics: { enabled: ['dns'], port: 9965 } } } },
      },
    },
  ],
};

/** One problem for each port. Agents and Envoy are on every node, so the operator always shares its node with them. */
function portsTwice(ctx: Context): readonly Problem[] {
  const byPort = groupedBy(hostListeners(ctx), ({ protocol, port }) => `${protocol} port ${String(port)}`);
  return [...byPort].flatMap(([port, listeners]) => {
    const clashing = listeners.filter((one) => listeners.some((other) => clash(one, other)));
    if (clashing.length === 0) return [];
    return problem(
      clashing.flatMap(({ path }) => path ?? []),
      messageOf(port, clashing),
      'Use a different port for each.',
    );
  });
}

function clash(one: HostListener, other: HostListener): boolean {
  const isSame = one.program === other.program && one.purpose === other.purpose;
  return !isSame && areReached(one.reach, other.reach);
}

function messageOf(port: string, listeners: readonly HostListener[]): string {
  const programs = [...new Set(listeners.map(({ program }) => program))];
  const whose = programs.map((program) => {
    const purposes = listeners.filter((one) => one.program === program).map(({ purpose }) => purpose);
    return `${program} (${listed([...new Set(purposes)])})`;
  });
  const chain =
    programs.includes('the operator') && programs.includes('the agent')
      ? 'agents take it first, the operator does not start, and agents wait for the CRDs that it registers'
      : 'the listener that starts second fails';
  const subject = sentence(listed(whose));
  if (programs.length === 1) return `${subject} would listen twice on ${port} of its node: ${chain}.`;
  return `${subject} would listen on the same ${port} of the nodes: ${chain}.`;
}
