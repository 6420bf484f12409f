import type { JsonObject } from '../../../kubernetes/json';
import type { Container } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';

/** Timeout and initial delay in seconds, in versions without values for them. */
const FIXED_SECONDS = 5;

type Probes = Pick<Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'>;

/** Envoy's startup, liveness and readiness probes, all on its health listener. */
export function probes(ctx: Context): Probes {
  const { startupProbe, livenessProbe, readinessProbe } = ctx.v.envoy;
  const adjustable = ctx.has('envoy-probe-timings');
  const timeoutSeconds = FIXED_SECONDS;
  return {
    startupProbe: isTruthy(startupProbe.enabled)
      ? probe(ctx, startupProbe, adjustable ? startupProbe : { initialDelaySeconds: FIXED_SECONDS })
      : undefined,
    livenessProbe: isTruthy(livenessProbe.enabled)
      ? probe(ctx, livenessProbe, adjustable ? livenessProbe : { timeoutSeconds })
      : undefined,
    readinessProbe: probe(ctx, readinessProbe, adjustable ? readinessProbe : { timeoutSeconds }),
  };
}

interface Counts {
  readonly failureThreshold: number | undefined;
  readonly periodSeconds: number | undefined;
}

interface Timings {
  readonly initialDelaySeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
}

function probe(
  { v }: Context,
  { failureThreshold, periodSeconds }: Counts,
  { initialDelaySeconds, timeoutSeconds }: Timings,
): JsonObject {
  const host = isTruthy(v.ipv4.enabled) ? '127.0.0.1' : '::1';
  return {
    httpGet: { host, path: '/healthz', port: v.envoy.healthPort, scheme: 'HTTP' },
    failureThreshold,
    periodSeconds,
    successThreshold: 1,
    initialDelaySeconds,
    timeoutSeconds,
  };
}
