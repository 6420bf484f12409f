import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isMap } from '../kubernetes/json';
import type { SizeReport } from '../kubernetes/sizes';

/** Marks a `TalosPatch`, for every copy of this library; holds its props. */
const PATCH = Symbol.for('cdk8s-talos-cilium.TalosPatch');

/** A file of a patch, measured. */
export interface PatchFile extends SizeReport {
  /** The name by which the rendering has its text. */
  readonly output: string;
  readonly file: string;
  readonly contentSha256: string;
  readonly manifests: readonly (SizeReport & { readonly name: string; readonly objects: number })[];
  readonly objects: number;
  readonly replaces: readonly string[];
}

/** A rendered patch: the text of each file by its output. */
export interface RenderedPatch {
  readonly report: readonly PatchFile[];
  readonly appends: readonly string[];
}

/** What synthesis reads of a `TalosPatch`. */
export interface PatchInApp extends IConstruct {
  /** Folder of its files. */
  readonly outdir: string;
  readonly render: () => RenderedPatch;
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

/** The charts of a patch's manifests, as far as they are charts. */
export function chartsOfPatch(patch: PatchInApp): readonly Chart[] {
  const { manifests } = propsOfPatch(patch);
  const listed: readonly unknown[] = Array.isArray(manifests) ? manifests : [];
  return listed
    .map((one) => (Chart.isChart(one) ? one : ((one ?? {}) as { readonly chart?: unknown }).chart))
    .filter((chart): chart is Chart => Chart.isChart(chart));
}

/** The plain objects of a patch's manifests, which may be wrong, by the manifest that holds them. */
export function plainObjectsOf(
  patch: PatchInApp,
): readonly { readonly name: string; readonly objects: readonly unknown[] }[] {
  const { manifests } = propsOfPatch(patch);
  const listed: readonly unknown[] = Array.isArray(manifests) ? manifests : [];
  return listed
    .filter(isMap)
    .flatMap(({ name, objects }) => (Array.isArray(objects) ? [{ name: String(name), objects }] : []));
}
