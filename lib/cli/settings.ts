/** The settings file, `.talos-cilium.yaml`: what is not to be repeated on the command line. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import { readText, valuesProblems } from '../inputs/document';
import { readFile } from '../inputs/load-values';
import { describePlace, findPlace } from '../inputs/places';
import type { Place, PlacedFinding, Places } from '../inputs/places';
import type { Acknowledged } from '../inputs/comments';
import { propFindings } from '../props/check';
import { either, listOf, mapOf, oneOf, props, text } from '../props/shape';
import { acknowledgeFindings } from '../rules/acknowledge';
import type { Acknowledgements } from '../rules/acknowledge';
import { refuseErrors } from '../rules/finding';
import type { ReadingRule } from '../rules/rule';

/** What the file may hold; options of the command line and what a HelmRelease says win over it. */
export interface Settings {
  /** Cilium release, `1.19.6`. */
  readonly version?: string;
  /** Talos version, `1.14`. */
  readonly talos?: string;
  /** Machine configs of the Talos cluster, relative to this file. */
  readonly machineConfig?: string | readonly string[];
  /** Namespace of the Helm release. */
  readonly namespace?: string;
  /** Kubernetes version. */
  readonly kubeVersion?: string;
  /** APIs that the cluster has. */
  readonly apiVersions?: readonly string[];
  /** Registry of all images, `harbor.example.org/mirror`. */
  readonly imageRegistry?: string;
  /** The level of values that the release does not know. */
  readonly unknownValues?: 'error' | 'warn';
  /** Warnings that are accepted: the id of each with the reason. */
  readonly acknowledge?: Acknowledgements;
}

export const SETTINGS_FILE = '.talos-cilium.yaml';

/** What the settings may be. */
export const SETTINGS = props<Settings>(
  {
    version: text,
    talos: text,
    machineConfig: either(text, listOf(text)),
    namespace: text,
    kubeVersion: text,
    apiVersions: listOf(text),
    imageRegistry: text,
    unknownValues: oneOf('error', 'warn'),
    // Its ids and reasons are judged apart.
    acknowledge: mapOf({ form: { is: 'anything' } }),
  },
  {
    elsewhere: {
      release: 'Write `version`.',
      ciliumVersion: 'Write `version`.',
      talosVersion: 'Write `talos`.',
      values: 'Pass values files on the command line.',
    },
  },
);

/** The findings that reading a settings file makes; the examples are its text. */
export const SETTINGS_FINDINGS: readonly ReadingRule<unknown, string>[] = [
  {
    id: 'settings/unknown-prop',
    level: 'error',
    examples: { bad: 'release: 1.19.6\n', good: 'version: 1.19.6\n' },
  },
  { id: 'settings/type', level: 'error', examples: { bad: 'talos: [1.14]\n', good: 'talos: "1.14"\n' } },
  {
    id: 'settings/acknowledge',
    level: 'error',
    examples: {
      bad: 'acknowledge:\n  values/no-effect: ""\n',
      good: 'acknowledge:\n  values/no-effect: the section is switched on later\n',
    },
  },
];

/** Settings that were read. */
export interface ReadSettings {
  readonly file: string;
  readonly settings: Settings;
  readonly acknowledged: readonly Acknowledged[];
  /** The place of a setting. */
  readonly placeOf: (path: string) => Place;
}

/** The settings file of a folder, or of the nearest folder above it. */
export function findSettings(folder: string): string | undefined {
  const file = join(folder, SETTINGS_FILE);
  if (existsSync(file)) return file;
  const above = dirname(folder);
  return above === folder ? undefined : findSettings(above);
}

/** Reads a settings file. @throws CiliumError with the place of every mistake. */
export function readSettings(file: string, written = readFile(file)): ReadSettings {
  const { documents } = readText({ name: file, text: written }, {});
  const [document] = documents;
  refuseErrors(valuesProblems(file, documents), `${file} cannot be read`);
  const places: Places = document?.places ?? { at: { file, line: 1, column: 1 }, below: new Map() };
  const placed = (path: string): Place => findPlace(places, path).place;
  const data = withoutNulls(document?.data);
  const surprises = new Map(
    document?.surprises.flatMap(({ path, text, isAtEnd }) => (isAtEnd === true ? [] : [[path, text] as const])),
  );
  const settings = Object.fromEntries(
    // 1.14 needs no quotes; 1.20 would be 1.2.
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'number' && !surprises.has(name) ? String(value) : value,
    ]),
  );
  const findings = [
    ...propFindings('settings', settings, SETTINGS),
    ...(isMap(settings.acknowledge) ? acknowledgeFindings('settings', settings.acknowledge) : []),
  ].map((finding): PlacedFinding => {
    const place = placed(finding.paths[0] ?? '');
    const written = surprises.get(finding.paths[0] ?? '');
    const hint = written === undefined ? finding.hint : `Put it in quotes: "${written}".`;
    return { ...finding, hint, place, paths: [`${describePlace(place)} ${finding.paths.join(', ')}`] };
  });
  refuseErrors(findings, `${file} cannot be read`);
  const { acknowledge = {} } = settings as Settings;
  const acknowledged = Object.entries(acknowledge).map(([id, reason]) => ({
    id,
    reason,
    place: placed(`acknowledge['${id}']`),
  }));
  return { file, settings: settings as Settings, acknowledged, placeOf: placed };
}

/** Names that are left empty are not written. */
function withoutNulls(data: unknown): JsonObject {
  return isMap(data) ? Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null)) : {};
}
