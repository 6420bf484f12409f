import type { Feature } from '../feature';
import { whenGiven } from '../../helm/truth';
import { duration } from '../parts/config-text';
import { durationChecks } from '../parts/duration-checks';

/** What the datapath reports of the packets it sees, and how much of it is drawn together. */
export const monitor: Feature = {
  name: 'monitor',
  contribute: ({ v: { bpf } }) => ({
    config: {
      'bpf-events-default-burst-limit': whenGiven(bpf.events.default.burstLimit),
      'bpf-events-default-rate-limit': whenGiven(bpf.events.default.rateLimit),
      'bpf-events-drop-enabled': bpf.events.drop.enabled,
      'bpf-events-policy-verdict-enabled': bpf.events.policyVerdict.enabled,
      'bpf-events-trace-enabled': bpf.events.trace.enabled,
      'ip-tracing-option-type': whenGiven(bpf.monitorTraceIPOption),
      'monitor-aggregation': bpf.monitorAggregation,
      'monitor-aggregation-flags': bpf.monitorFlags,
      'monitor-aggregation-interval': duration(bpf.monitorInterval),
    },
  }),
  checks: durationChecks(['bpf.monitorInterval']),
};
