import { toJson } from '../../helm/json';
import { given } from '../../helm/truth';
import type { Feature } from '../feature';
import { namespaced } from '../parts/metadata';

/** The eBPF masquerading agent: which destinations pods reach with their own addresses. */
export const ipMasq: Feature = {
  name: 'ip-masq',
  contribute: (ctx) => {
    const { enabled, config } = ctx.v.ipMasqAgent;
    if (!given(enabled)) return {};
    return {
      config: { 'enable-ip-masq-agent': true },
      objects: given(config)
        ? [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: namespaced(ctx, 'ip-masq-agent'), data: { config: toJson(config) } }]
        : [],
    };
  },
};
