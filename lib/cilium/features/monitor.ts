import type { ChartValues } from '../../../imports/cilium-chart/values';
import type { Container } from '../../kubernetes/types';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { isTruthy, defaultTo, whenTruthy } from '../../helm/truth';
import { duration } from '../parts/config-text';
import { durationRules } from '../parts/duration-rules';
import { containerImage } from '../parts/image';

/** Events of the datapath, and their aggregation. */
export const monitor: Feature = {
  name: 'monitor',
  contribute: (ctx) => ({
    config: keys(ctx.v),
    agent: { containers: isTruthy(ctx.v.monitor.enabled) ? [monitorContainer(ctx)] : [] },
  }),
  rules: durationRules(['bpf.monitorInterval']),
};

function keys({ bpf }: ChartValues): Readonly<Record<string, ConfigValue>> {
  return {
    'bpf-events-default-burst-limit': whenTruthy(bpf.events.default.burstLimit),
    'bpf-events-default-rate-limit': whenTruthy(bpf.events.default.rateLimit),
    'bpf-events-drop-enabled': bpf.events.drop.enabled,
    'bpf-events-policy-verdict-enabled': bpf.events.policyVerdict.enabled,
    'bpf-events-trace-enabled': bpf.events.trace.enabled,
    'ip-tracing-option-type': whenTruthy(bpf.monitorTraceIPOption),
    'monitor-aggregation': whenTruthy(bpf.monitorAggregation),
    'monitor-aggregation-flags': whenTruthy(bpf.monitorFlags),
    'monitor-aggregation-interval': duration(bpf.monitorInterval),
  };
}

/** Prints the agent's monitor events to a separate log, once the agent serves its socket. */
function monitorContainer({ v }: Context): Container {
  const types = (v.monitor.eventTypes ?? []).map((type) => ` --type=${type}`).join('');
  const wait = [
    'for i in {1..5}; do \\',
    '  [ -S /var/run/cilium/monitor1_2.sock ] && break || sleep 10;\\',
    '  done; \\',
  ];
  return {
    name: 'cilium-monitor',
    ...containerImage(v.image),
    command: ['/bin/bash', '-c', '--'],
    args: [[...wait, `cilium-dbg monitor${types}`].join('\n')],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: 'cilium-run', mountPath: '/var/run/cilium' }, ...defaultTo(v.extraVolumeMounts, [])],
    resources: whenTruthy(v.monitor.resources),
  };
}
