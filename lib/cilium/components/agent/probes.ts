import type { JsonObject } from '../../../kubernetes/json';
import type { Container } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';

/** The agent's startup, liveness and readiness probes. */
export function agentProbes(ctx: Context): Pick<Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  const { startupProbe, livenessProbe, readinessProbe } = ctx.v;
  const connectivity = livenessProbe.requireK8sConnectivity;
  return {
    startupProbe: { ...healthz(ctx), ...times(startupProbe), initialDelaySeconds: 5 },
    livenessProbe: {
      ...healthz(
        ctx,
        { 'require-k8s-connectivity': connectivity === undefined ? undefined : String(connectivity) },
        byCommand(ctx),
      ),
      ...times(livenessProbe),
      timeoutSeconds: 5,
    },
    readinessProbe: { ...healthz(ctx, {}, byCommand(ctx)), ...times(readinessProbe), timeoutSeconds: 5 },
  };
}

/** An agent that only sleeps has no probes. */
export const SLEEPER_PROBES: Pick<Container, 'livenessProbe' | 'readinessProbe'> = {
  livenessProbe: { exec: { command: ['true'] } },
  readinessProbe: { exec: { command: ['true'] } },
};

/** Early agents had no health endpoint; the startup probe is newer. */
function byCommand({ v, facts }: Context): boolean {
  return isTruthy(v.keepDeprecatedProbes) || !facts.compat('1.8');
}

function healthz(
  { v, has }: Context,
  headers: Readonly<Record<string, string | undefined>> = {},
  byCommand = false,
): JsonObject {
  if (byCommand) return { exec: { command: ['cilium', 'status', '--brief'] } };
  return {
    httpGet: {
      host: isTruthy(v.ipv4.enabled) ? '127.0.0.1' : '::1',
      path: '/healthz',
      port: has('agent-named-ports') ? 'health' : v.healthPort,
      scheme: 'HTTP',
      httpHeaders: Object.entries({ brief: 'true', ...headers }).map(([name, value]) => ({ name, value })),
    },
  };
}

interface Times {
  readonly failureThreshold: number | undefined;
  readonly periodSeconds: number | undefined;
}

function times({ failureThreshold, periodSeconds }: Times): JsonObject {
  return { failureThreshold, periodSeconds, successThreshold: 1 };
}
