import { whenTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** Hooks for custom eBPF programs; removed in Cilium 1.19. */
export const customCalls: Feature = {
  name: 'custom-calls',
  contribute: ({ v }) => ({ config: { 'enable-custom-calls': whenTruthy(v.customCalls?.enabled) } }),
};
