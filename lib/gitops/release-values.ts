import type { CiliumValues } from '../../imports/cilium-chart';
import type { Context } from '../cilium/context';
import { registryValues } from '../cilium/image-registry';
import { layered, valuesWith } from '../cilium/layers';
import { isCilium, isRendered } from '../cilium/reference';
import type { ICilium } from '../cilium/reference';
import { isTruthy } from '../helm/truth';
import { isMap } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { checkArguments } from '../props/check';
import { like, needed, props } from '../props/shape';

/**
 * The values with which Helm renders from the official chart what was rendered and checked here: those of the cluster and of the
 * user, and explicitly what this library does by default. Everything else is left to the chart's defaults.
 *
 * ```ts
 * writeFileSync('values.yaml', writeYaml(helmReleaseValues(cilium)));
 * ```
 */
export function helmReleaseValues(cilium: CiliumValuesOf): CiliumValues {
  checkArguments<{ cilium: CiliumValuesOf }>('helmReleaseValues', { cilium }, ARGUMENTS);
  const { values, rendered } = cilium;
  return layered([values ?? {}, ...(rendered === undefined ? [] : ownChoices(rendered.context, values ?? {}))]);
}

type CiliumValuesOf = Pick<ICilium, 'values' | 'rendered'>;

/** A Cilium whose values are known. */
export const CILIUM_WITH_VALUES = like<ICilium>(
  'a Cilium construct with values',
  (value) => isCilium(value) && value.values !== undefined,
  'Write `cilium: new Cilium(…)`, or pass `values` to Cilium.fromVersion().',
);

const ARGUMENTS = props<{ readonly cilium: CiliumValuesOf }>({
  cilium: needed(
    like(
      'a Cilium construct with values',
      (value) => isMap(value) && isMap(value.values) && (value.rendered === undefined || isRendered(value.rendered)),
      'Pass the Cilium construct.',
    ),
  ),
});

/** What the values alone do not give Helm: `imageRegistry`, and the declared differences that a value can express (docs/parity.md, a and e). */
function ownChoices({ v, imageRegistry, profile }: Context, values: CiliumValues): readonly CiliumValues[] {
  const { hubble, clustermesh, gatewayAPI } = v;
  return [
    ...(imageRegistry === undefined ? [] : [registryValues(imageRegistry, values as JsonObject, profile.defaults)]),
    ...(isTruthy(hubble.enabled) ? [valuesWith('hubble.tls.auto.method', hubble.tls.auto.method)] : []),
    ...(isTruthy(clustermesh.useAPIServer)
      ? [valuesWith('clustermesh.apiserver.tls.auto.method', clustermesh.apiserver.tls.auto.method)]
      : []),
    // Elsewhere the chart makes the class only where it finds the API in the cluster, and reports nothing otherwise.
    ...(isTruthy(gatewayAPI.enabled) && gatewayAPI.gatewayClass.create === 'auto'
      ? [valuesWith('gatewayAPI.gatewayClass.create', 'true')]
      : []),
  ];
}
