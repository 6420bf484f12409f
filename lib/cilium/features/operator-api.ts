import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';

const ADDRESS_KEY = 'operator-api-serve-addr';

/** Where the operator's own API listens: on the loopback address of the family that is on. */
export const operatorApi: Feature = {
  name: 'operator-api',
  contribute: ({ v, facts }) => {
    // Clusters from before 1.8 keep the agent's own default.
    if (!facts.compat('1.8')) return {};
    return { config: { [ADDRESS_KEY]: isTruthy(v.ipv4.enabled) ? '127.0.0.1:9234' : '[::1]:9234' } };
  },
  rules: [
    {
      id: 'operator-api/unreachable-probes',
      level: errorOnTalos,
      find: (ctx) =>
        isTruthy(ctx.v.operator.enabled) &&
        !isTruthy(ctx.v.operator.hostNetwork) &&
        listensLocally(ctx) &&
        problem(
          ['operator.hostNetwork', `extraConfig.${ADDRESS_KEY}`],
          "The operator's API listens on the loopback address, and without the host network the kubelet probes the pod's address: the operator is restarted again and again.",
          `Set extraConfig to { '${ADDRESS_KEY}': ':9234' }, or leave operator.hostNetwork at true.`,
        ),
      examples: {
        bad: { values: { operator: { hostNetwork: false } } },
        good: { values: { operator: { hostNetwork: false }, extraConfig: { [ADDRESS_KEY]: ':9234' } } },
      },
    },
  ],
};

/** Whether only the operator's own network namespace reaches its API. */
function listensLocally({ v, facts }: Context): boolean {
  const own = v.extraConfig?.[ADDRESS_KEY];
  const address = own === undefined ? (facts.compat('1.8') ? 'localhost' : '') : String(own ?? 'localhost');
  return /^(127\.|localhost|\[::1\])/.test(address);
}
