import { toJson } from '../../helm/json';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Feature } from '../feature';
import { namespaced } from '../parts/metadata';
import { errorOnTalos } from '../values-rule';

const NAME = 'ip-masq-agent';

/** The eBPF ip-masq-agent: destinations whose traffic is not masqueraded. */
export const ipMasq: Feature = {
  name: 'ip-masq',
  contribute: (ctx) => {
    const { enabled, config } = ctx.v.ipMasqAgent;
    if (!isTruthy(enabled)) return {};
    return {
      config: { 'enable-ip-masq-agent': true },
      // Optional: where none is rendered, the user may provide one.
      agent: {
        volumes: [{ name: NAME, configMap: { name: NAME, optional: true, items: [{ key: 'config', path: NAME }] } }],
        mounts: [{ name: NAME, mountPath: '/etc/config', readOnly: true }],
      },
      objects: isTruthy(config)
        ? [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: namespaced(ctx, NAME), data: { config: toJson(config) } }]
        : [],
    };
  },
  rules: [
    {
      id: 'ip-masq/without-bpf',
      level: errorOnTalos,
      find: ({ v, facts }) =>
        isTruthy(v.ipMasqAgent.enabled) &&
        !facts.masqueradesInBpf &&
        problem(
          ['ipMasqAgent.enabled', 'bpf.masquerade'],
          'The ip-masq-agent needs BPF masquerading; without it the agent refuses to start.',
          'Set bpf.masquerade to true, or remove ipMasqAgent.',
        ),
      examples: {
        bad: { values: { ipMasqAgent: { enabled: true } } },
        good: { values: { ipMasqAgent: { enabled: true }, bpf: { masquerade: true }, kubeProxyReplacement: true } },
      },
    },
  ],
};
