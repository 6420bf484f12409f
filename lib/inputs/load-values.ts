/** Reads a `values.yaml`, or what else holds values of Cilium, strictly and with Helm's meaning. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CommonValues } from '../../imports/cilium-chart';
import { CiliumError, describeFinding } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { decoded } from '../helm/yaml-text';
import { checkArguments } from '../props/check';
import { callable, mapOf, needed, props, text } from '../props/shape';
import type { ReadingRule } from '../rules/rule';
import { nearest } from '../rules/nearest';
import { DISK } from './files';
import { readInput } from './read';

/** How {@link loadValues} reports. */
export interface LoadOptions {
  /**
   * Called for each warning: a scalar that Helm reads differently from how it looks (`yes`, `0400`, `1.20`).
   * Default: writes it to standard error.
   */
  readonly warn?: (warning: Finding) => void;
  /** Values for placeholders by name, `{ CLUSTER_ID: '1' }` for `${CLUSTER_ID}` or `{{ CLUSTER_ID }}`. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  /** The release to read, by name or as `namespace/name`, where the file has several. @default - the only one */
  readonly release?: string;
}

const ARGUMENTS = props<{ readonly pathOrText: string; readonly options?: LoadOptions }>({
  pathOrText: needed(text),
  options: props<LoadOptions>({ warn: callable, variables: mapOf(text), release: text }),
});

function refused(rule: string, bad: string, good: string): ReadingRule<unknown, string> {
  return { id: `load-values/${rule}`, level: 'error', examples: { bad, good } };
}

const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: cilium }
spec:
  chart: { spec: { chart: cilium, version: 1.19.6 } }
`;

/** The findings that reading a `values.yaml` makes; the examples are its text. */
export const LOAD_FINDINGS: readonly ReadingRule<unknown, string>[] = [
  {
    id: 'load-values/surprising-scalar',
    level: 'warning',
    examples: { bad: 'upgradeCompatibility: 1.20\n', good: 'upgradeCompatibility: "1.20"\n' },
  },
  {
    id: 'load-values/placeholder',
    level: 'warning',
    examples: { bad: 'MTU: ${MTU}\n', good: 'MTU: ${MTU:-1420}\n' },
  },
  {
    id: 'load-values/template',
    level: 'warning',
    examples: { bad: '{% if large %}\nMTU: 9000\n{% endif %}\n', good: 'MTU: 9000\n' },
  },
  {
    id: 'load-values/not-read',
    level: 'warning',
    examples: {
      bad: `${RELEASE}  valuesFrom:\n    - kind: ConfigMap\n      name: not-in-this-folder\n`,
      good: `${RELEASE}  valuesFrom:\n    - kind: ConfigMap\n      name: not-in-this-folder\n      optional: true\n`,
    },
  },
  {
    id: 'load-values/patches',
    level: 'warning',
    examples: {
      bad: `${RELEASE}  postRenderers:\n    - kustomize: { patches: [{ patch: "kind: ConfigMap" }] }\n`,
      good: RELEASE,
    },
  },
  {
    id: 'load-values/comment',
    level: 'warning',
    examples: {
      bad: '# talos-cilium: ignore values/no-effect\nMTU: 1420\n',
      good: '# talos-cilium: acknowledge values/no-effect: the section is switched on later\nMTU: 1420\n',
    },
  },
  refused(
    'acknowledge',
    '# talos-cilium: acknowledge values/no-efect: the section is switched on later\nMTU: 1420\n',
    '# talos-cilium: acknowledge values/no-effect: the section is switched on later\nMTU: 1420\n',
  ),
  refused('no-cilium', 'apiVersion: v1\nkind: Service\n', `${RELEASE}  values: { MTU: 1420 }\n`),
  refused('several', `${RELEASE}---\n${RELEASE}`, RELEASE),
  refused('alias', 'MTU: *mtu\n', 'MTU: 1420\n'),
  refused('documents', 'MTU: 1420\n---\ndebug: {}\n', 'MTU: 1420\ndebug: {}\n'),
  refused('duplicate', 'MTU: 1420\nMTU: 1500\n', 'MTU: 1420\n'),
  refused('file', 'no-such/values.yaml', 'MTU: 1420\n'),
  refused('map', '- MTU\n', 'MTU: 1420\n'),
  refused('merge', '<<: 1420\n', 'MTU: 1420\n'),
  refused('name', '? [MTU]\n: 1420\n', 'MTU: 1420\n'),
  refused('number', 'MTU: .inf\n', 'MTU: 1420\n'),
  refused('syntax', 'MTU: [1420\n', 'MTU: 1420\n'),
];

/** Values that were read, and warnings about them. */
export interface LoadedValues {
  readonly values: CommonValues;
  readonly warnings: readonly Finding[];
}

/**
 * Reads values from a file, or from its text: a string with a line break, a brace or a `name: value` is text, any other is a path.
 * Read are values files (YAML, JSON), a HelmRelease of Flux, an Application or ApplicationSet of Argo CD, a HelmChartProxy, a HelmChart, a
 * kustomization with `helmCharts`, a helmfile, an umbrella chart, Terraform; and what they refer to in the same folder.
 * Duplicate names, a second document and anything else that Helm reads differently from how it looks is refused. A relative path
 * starts where the program runs. No compiler has seen what a file holds, so its type fits every version; names and types are
 * checked when it is rendered.
 *
 * @throws CiliumError with line and column of every mistake, or when the file cannot be read.
 */
export function loadValues(pathOrText: string, options: LoadOptions = {}): CommonValues {
  checkArguments('loadValues', { pathOrText, options }, ARGUMENTS);
  const { warn = writeWarning, ...reading } = options;
  const { values, warnings } = readValues(pathOrText, reading);
  warnings.forEach(warn);
  return values;
}

/**
 * As {@link loadValues}, with the warnings in the result.
 *
 * @throws CiliumError with line and column of every mistake, or when the file cannot be read.
 */
export function readValues(pathOrText: string, options: Omit<LoadOptions, 'warn'> = {}): LoadedValues {
  const isText = /[\n{]|^\s*$|:(?:\s|$)/.test(pathOrText);
  const { values, warnings } = readInput(
    isText ? { name: 'values', text: pathOrText } : { name: pathOrText, text: readFile(pathOrText) },
    options,
  );
  return { values: values as CommonValues, warnings: warnings.map(({ place: _place, ...warning }) => warning) };
}

/** The text of a file. @throws CiliumError */
export function readFile(path: string): string {
  try {
    return decoded(readFileSync(path));
  } catch (error) {
    throw new CiliumError(
      [{ id: 'load-values/file', level: 'error', paths: [path], ...unreadable(path, error as NodeJS.ErrnoException) }],
      `${path} cannot be read`,
    );
  }
}

function unreadable(
  path: string,
  { code, message }: NodeJS.ErrnoException,
): { readonly message: string; readonly hint: string } {
  if (code === 'EISDIR') return { message: 'This is a folder.', hint: 'Pass the files in it.' };
  if (code !== 'ENOENT')
    return { message: `The file cannot be read: ${message}.`, hint: 'Pass the path of a YAML file, or YAML text.' };
  const near = nearest(
    basename(path),
    DISK.list(dirname(path)).filter((name) => /\.(?:ya?ml|json|tf|tofu)$/.test(name)),
  );
  return {
    message: 'The file does not exist.',
    hint:
      near === undefined
        ? 'Pass the path of a YAML file, relative to the working directory.'
        : `Did you mean ${join(dirname(path), near)}?`,
  };
}

function writeWarning(warning: Finding): void {
  process.stderr.write(`${describeFinding(warning)}\n`);
}
