import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Feature } from '../feature';

/** What the chart runs on nodes before Cilium on some clouds. Talos has no shell to run it in, so it is refused rather than rendered (a declared difference). */
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
          'Node-init prepares nodes by running scripts in their host system, for systems that are not Talos, and is not rendered here.',
          'Leave nodeinit.enabled off; on Talos nothing has to be prepared, on other systems install Cilium with its own chart.',
        ),
      docs: 'https://docs.cilium.io/en/stable/installation/taints/',
      examples: {
        bad: { values: { nodeinit: { enabled: true } } },
        good: { values: { nodeinit: { enabled: false } } },
      },
    },
  ],
};
