import { toJson } from '../../helm/json';
import { given } from '../../helm/truth';
import type { Feature } from '../feature';
import { namespaced } from '../parts/metadata';

const NAME = 'ip-masq-agent';

/** The eBPF masquerading agent: which destinations pods reach with their own addresses. */
export const ipMasq: Feature = {
  name: 'ip-masq',
  contribute: (ctx) => {
    const { enabled, config } = ctx.v.ipMasqAgent;
    if (!given(enabled)) return {};
    return {
      config: { 'enable-ip-masq-agent': true },
      // Optional: where none is written here, the user may bring one.
      agent: {
        volumes: [{ name: NAME, configMap: { name: NAME, optional: true, items: [{ key: 'config', path: NAME }] } }],
        mounts: [{ name: NAME, mountPath: '/etc/config', readOnly: true }],
      },
      objects: given(config)
        ? [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: namespaced(ctx, NAME), data: { config: toJson(config) } }]
        : [],
    };
  },
  checks: [
    {
      id: 'ip-masq/without-bpf',
      level: 'warning',
      when: ({ v, facts }) => given(v.ipMasqAgent.enabled) && !facts.masqueradesInBpf,
      at: ['ipMasqAgent.enabled', 'bpf.masquerade'],
      says: 'The list of destinations is kept in a BPF map, and without BPF masquerading the agent refuses to start.',
      fix: 'Set bpf.masquerade to true, or leave ipMasqAgent out.',
      examples: {
        bad: { values: { ipMasqAgent: { enabled: true } } },
        good: { values: { ipMasqAgent: { enabled: true }, bpf: { masquerade: true }, kubeProxyReplacement: true } },
      },
    },
  ],
};
