import { describeFinding, isFinding } from '../rules/finding';
import { foldedLines } from '../rules/fold';
import { describeSize } from '../kubernetes/sizes';
import type { SizeReport } from '../kubernetes/sizes';
import { checkArguments } from '../props/check';
import { like, listOf, needed, number, props, text } from '../props/shape';
import { PREDICTION, describePrediction } from './predictions';
import type { Prediction } from './predictions';
import type { SynthFinding } from './problems';

/** One written file, measured. */
export interface SynthFile extends SizeReport {
  /** As seen from the app's output folder: `cilium.k8s.yaml`, `../talos/controlplane.patch.yaml`. */
  readonly file: string;
  /** Kubernetes objects in it; for a patch those inside its inline manifests. */
  readonly objects: number;
  /** For a patch its inline manifests. */
  readonly manifests?: readonly Manifest[];
}

type Manifest = SizeReport & { readonly name: string; readonly objects: number };

/** What one synthesis wrote. */
export interface SynthResult {
  /** The app's output folder. */
  readonly outdir: string;
  readonly files: readonly SynthFile[];
  /** Warnings of all constructs that are not acknowledged. */
  readonly warnings: readonly SynthFinding[];
  /** What becomes of Services and pods in the clusters of the app. */
  readonly prediction: Prediction;
}

const open = { open: true };
const measures = {
  objects: needed(number),
  bytes: needed(number),
  gzipBytes: needed(number),
  sha256: needed(text),
} as const;
const finding = like<SynthFinding>('a finding of a construct', isPlacedFinding, 'Pass what `synthesize` returned.');

const ARGUMENTS = props<{ readonly synthesis: SynthResult }>({
  synthesis: needed(
    props<SynthResult>({
      outdir: needed(text),
      files: needed(
        listOf(
          props<SynthFile>(
            {
              file: needed(text),
              ...measures,
              manifests: listOf(props<Manifest>({ name: needed(text), ...measures }, open)),
            },
            open,
          ),
        ),
      ),
      warnings: needed(listOf(finding)),
      prediction: needed(PREDICTION),
    }),
  ),
});

function isPlacedFinding(value: unknown): boolean {
  return isFinding(value) && 'in' in value && typeof value.in === 'string';
}

/** A synthesis for people: a line per file (objects, bytes, gzip bytes, hash), the totals, what becomes of Services and pods, the warnings. */
export function describeSynthesis(synthesis: SynthResult): string {
  checkArguments('describeSynthesis', { synthesis }, ARGUMENTS);
  const { outdir, files, warnings, prediction } = synthesis;
  const rows = files.flatMap(({ file, manifests = [], ...size }) => [
    { label: file, ...size },
    ...manifests.map(({ name, ...own }) => ({ label: `  ${name}`, ...own })),
  ]);
  const width = Math.max(...rows.map(({ label }) => label.length), 0);
  const lines = rows.map(
    ({ label, objects, bytes, gzipBytes, sha256 }) =>
      `  ${label.padEnd(width)}  ${count(objects, 'object').padEnd(11).padStart(12)}  ${`${String(bytes)} bytes`.padStart(13)}  ` +
      `${`${String(gzipBytes)} gzip`.padStart(11)}  sha256:${sha256.slice(0, 12)}`,
  );
  const total = describeSize(files.reduce((sum, { bytes }) => sum + bytes, 0));
  return [
    `${outdir}: ${count(files.length, 'file')}, ${total}`,
    ...lines,
    ...[describePrediction(prediction)].filter((text) => text !== ''),
    warnings.length === 0 ? 'No warnings.' : describeWarnings(warnings),
  ].join('\n');
}

/** Warnings as text. One that several constructs have, such as clusters of one app, is printed once with the first paths, and of one rule the first ones. */
export function describeWarnings(warnings: readonly SynthFinding[]): string {
  const texts = warnings.map((warning) => ({ id: warning.id, place: warning.in, text: describeFinding(warning) }));
  const lines = foldedLines(texts, (place, text) => `[${place}] ${text}`);
  return [`${count(warnings.length, 'warning')}:`, ...lines].join('\n');
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
