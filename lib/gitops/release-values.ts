import type { CiliumValues } from '../../imports/cilium-chart';
import type { Context } from '../cilium/context';
import { layered, valuesWith } from '../cilium/layers';
import { isRendering } from '../cilium/reference';
import { isTruthy } from '../helm/truth';
import { isMap } from '../kubernetes/json';
import { checkArguments } from '../props/check';
import { like, needed, props } from '../props/shape';

/** The Cilium that a release of Helm is to be the same as; the construct `Cilium` has this shape. */
export interface ValuedCilium {
  /** Values without the chart's defaults. */
  readonly values: CiliumValues;
  /** What was rendered; `undefined` when the values were refused. */
  readonly rendered?: { readonly context: Context } | undefined;
}

/**
 * The values with which Helm renders from the official chart what was rendered and checked here: those of the cluster and of the
 * user, and by name what this library does without being told. Everything else is left to the chart's defaults.
 *
 * ```ts
 * writeFileSync('values.yaml', writeYaml(helmReleaseValues(cilium)));
 * ```
 */
export function helmReleaseValues(cilium: ValuedCilium): CiliumValues {
  checkArguments<{ cilium: ValuedCilium }>('helmReleaseValues', { cilium }, ARGUMENTS);
  const { values, rendered } = cilium;
  if (rendered === undefined) return values;
  return layered([values, ...ownChoices(rendered.context)]);
}

const ARGUMENTS = props<{ readonly cilium: ValuedCilium }>({
  cilium: needed(
    like(
      'a Cilium construct',
      (value) => isMap(value) && isMap(value.values) && isRendering(value.rendered),
      'Hand a Cilium over.',
    ),
  ),
});

/** The declared differences to the chart that a value can say (docs/parity.md, a and e). */
function ownChoices({ v }: Context): readonly CiliumValues[] {
  const { hubble, clustermesh, gatewayAPI } = v;
  return [
    ...(isTruthy(hubble.enabled) ? [valuesWith('hubble.tls.auto.method', hubble.tls.auto.method)] : []),
    ...(isTruthy(clustermesh.useAPIServer)
      ? [valuesWith('clustermesh.apiserver.tls.auto.method', clustermesh.apiserver.tls.auto.method)]
      : []),
    // Elsewhere the chart makes the class only where it finds the API in the cluster, and says nothing when it does not.
    ...(isTruthy(gatewayAPI.enabled) && gatewayAPI.gatewayClass.create === 'auto'
      ? [valuesWith('gatewayAPI.gatewayClass.create', 'true')]
      : []),
  ];
}
