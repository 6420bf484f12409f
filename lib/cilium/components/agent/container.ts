import type { Container } from '../../../kubernetes/types';
import { isTruthy, defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { apiServerEnv } from '../../parts/api-server-env';
import { hostPort } from '../../parts/host-port';
import { nodeEnv } from '../../parts/node-env';
import { extraEnv } from './env';
import { containerImage } from '../../parts/image';
import { agentLifecycle } from './lifecycle';
import { agentProbes, SLEEPER_PROBES } from './probes';
import { confined } from './security-context';
import { agentMounts } from './volumes';

/** The agent itself. */
export function agentContainer(ctx: Context, { agent }: Contributions): Container {
  const { v } = ctx;
  return {
    name: 'cilium-agent',
    ...containerImage(ctx.v.image),
    ...(isTruthy(v.sleepAfterInit) ? asleep() : awake(ctx, agent.args)),
    env: [
      ...nodeEnv(),
      { name: 'GOMEMLIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1' } } },
      ...apiServerEnv(ctx),
      ...agent.env,
      ...extraEnv(ctx),
    ],
    lifecycle: agentLifecycle(ctx),
    resources: whenTruthy(v.resources),
    ports: [...healthPort(ctx), ...agent.ports],
    securityContext: confined(ctx, v.securityContext.capabilities.ciliumAgent),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [...agent.mounts, ...agentMounts(ctx)],
  };
}

/** For debugging on a node: everything is set up, but the agent does not run. */
function asleep(): Partial<Container> {
  return { command: ['/bin/bash', '-c', '--'], args: ['while true; do\n  sleep 30;\ndone\n'], ...SLEEPER_PROBES };
}

function awake(ctx: Context, args: readonly string[]): Partial<Container> {
  return {
    command: ['cilium-agent'],
    args: ['--config-dir=/tmp/cilium/config-map', ...args, ...defaultTo(ctx.v.extraArgs, [])],
    ...agentProbes(ctx),
  };
}

function healthPort({ v, has }: Context): NonNullable<Container['ports']> {
  return has('agent-named-ports') ? [hostPort('health', v.healthPort)] : [];
}
