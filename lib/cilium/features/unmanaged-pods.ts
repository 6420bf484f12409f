import { toInt } from '../../helm/numbers';
import { isTruthy, whenTruthy } from '../../helm/truth';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';

/** Pods that started before Cilium are restarted, so that Cilium manages them too. */
export const unmanagedPods: Feature = {
  name: 'unmanaged-pods',
  contribute: (ctx) => ({
    config: {
      'unmanaged-pod-watcher-interval': isTruthy(ctx.v.operator.unmanagedPodWatcher.restart) ? interval(ctx) : '0',
      'pod-restart-selector': whenTruthy(ctx.v.operator.unmanagedPodWatcher.selector),
    },
  }),
};

/** Seconds, with their unit where the operator reads a duration. */
function interval({ v, has }: Context): ConfigValue {
  const { intervalSeconds } = v.operator.unmanagedPodWatcher;
  const inSeconds =
    has('unmanaged-pod-interval-unit') &&
    (typeof intervalSeconds === 'number' || has('no-unmanaged-pod-interval-is-zero'));
  return inSeconds ? `${String(toInt(intervalSeconds))}s` : intervalSeconds;
}
