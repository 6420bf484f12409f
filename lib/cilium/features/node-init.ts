import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Feature } from '../feature';

/** Scripts that the chart runs on nodes before Cilium on some clouds. Talos has no shell, so it is refused instead of rendered (a declared difference). */
export const nodeInit: Feature = {
  name: 'node-init',
  contribute: () => ({}),
  rules: [
    {
      id: 'node-init/refused',
      level: 'error',
      find: ({ v }) =>
        isTruthy(v.nodeinit.enabled) &&
        problem(
          'nodeinit.enabled',
          'Node-init runs scripts on the host of systems other than Talos, and this library does not render it.',
          'Disable nodeinit.enabled: Talos does not need it; on other systems install Cilium with its own chart.',
        ),
      docs: 'https://docs.cilium.io/en/stable/installation/taints/',
      examples: {
        bad: { values: { nodeinit: { enabled: true } } },
        good: { values: { nodeinit: { enabled: false } } },
      },
    },
  ],
};
