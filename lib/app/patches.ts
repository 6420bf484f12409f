import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isMap } from '../kubernetes/json';
import type { RenderedTalosPatch } from '../talos/patch/render';

/** Marks a `TalosPatch`, for every copy of this library; holds its props. */
const PATCH = Symbol.for('cdk8s-talos-cilium.TalosPatch');

/** What synthesis asks of a `TalosPatch`. */
export interface PatchInApp extends IConstruct {
  /** Folder of its files. */
  readonly outdir: string;
  readonly render: () => RenderedTalosPatch;
}

/** Makes a construct known as a `TalosPatch`. */
export function markPatch(patch: PatchInApp, props: object): void {
  Object.defineProperty(patch, PATCH, { value: props });
}

/** Whether a construct is a `TalosPatch`, of whatever copy of this library. */
export function isPatch(construct: IConstruct): construct is PatchInApp {
  return PATCH in construct;
}

/** The props of a `TalosPatch` as they were given, which may be wrong. */
export function propsOfPatch(patch: PatchInApp): Readonly<Record<string, unknown>> {
  const props: unknown = Reflect.get(patch, PATCH);
  return isMap(props) ? props : {};
}

/** The charts that patches carry, with the charts in them: patches judge their objects by themselves. */
export function carriedCharts(constructs: readonly IConstruct[]): ReadonlySet<IConstruct> {
  return new Set(constructs.filter(isPatch).flatMap((patch) => chartsOf(propsOfPatch(patch).manifests)));
}

function chartsOf(manifests: unknown): readonly IConstruct[] {
  const listed: readonly unknown[] = Array.isArray(manifests) ? manifests : [];
  return listed
    .map((one) => (Chart.isChart(one) ? one : ((one ?? {}) as { readonly chart?: unknown }).chart))
    .flatMap((chart) =>
      Chart.isChart(chart) ? (chart as Chart).node.findAll().filter((one) => Chart.isChart(one)) : [],
    );
}
