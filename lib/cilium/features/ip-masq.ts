import { toJson } from '../../helm/json';
import { given } from '../../helm/truth';
import type { Feature } from '../feature';
import { namespaced } from '../parts/metadata';

/** The eBPF masquerading agent: which destinations pods reach with their own addresses. */
export const ipMasq: Feature = {
  name: 'ip-masq',
  contribute: (ctx) => {
    const { ipMasqAgent } = ctx.v;
    if (!given(ipMasqAgent.enabled) || !given(ipMasqAgent.config)) return {};
    return {
      objects: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: namespaced(ctx, 'ip-masq-agent'), data: { config: toJson(ipMasqAgent.config) } },
      ],
    };
  },
};
