/** `diff`: what a change of the release or of the values does to the cluster. */
import { readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { readDocuments } from '../helm/yaml-values';
import { describeChanges } from '../kubernetes/changes';
import type { FieldChange, ObjectChange } from '../kubernetes/changes';
import { isMap, mapsIn } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { readFile } from '../inputs/load-values';
import { isRendered } from '../inputs/running';
import { describeConfig, isSameRender, renderDifference } from '../releases/render-difference';
import type { RenderDifference } from '../releases/render-difference';
import { addRequestOptions, renderRequest, requestOf } from './request';
import type { RequestOptions } from './request';
import { scriptOf, withScripts } from './script';
import { CommandError, EXIT, print, say, sayFindings } from './terminal';
import type { AddCommand, Exit } from './terminal';

interface Options extends RequestOptions {
  readonly exitCode?: true;
  readonly json?: true;
}

/** Adds the command. */
export const addDiff: AddCommand = (program, run) => {
  addRequestOptions(
    program
      .command('diff')
      .summary('what another release or other values change: objects, config keys, what restarts')
      .description(
        'Compares two renders: two releases with the same values, two values files of one release, or manifests. ' +
          'What Secrets hold is never printed.',
      )
      .argument('<before>', 'a release, a values file, a script with a line of helm, or a file or folder of manifests')
      .argument('<after>', 'the same kind of thing; releases and values files may be mixed')
      .option('--exit-code', 'exit with 1 when there is a difference')
      .option('--json', 'print the difference as JSON'),
  )
    .addHelpText(
      'after',
      `
Exit code: 0, with --exit-code 1 for a difference; 1 wrong values, 2 wrong use.

Examples:
  $ cdk8s-talos-cilium diff 1.19.6 1.20.0 -f values.yaml
  $ cdk8s-talos-cilium diff old.yaml new.yaml --version 1.20.0 --exit-code
  $ git show HEAD:values.yaml | cdk8s-talos-cilium diff - values.yaml
  $ cdk8s-talos-cilium diff deployed/ dist/ --json`,
    )
    .action((before: string, after: string, options: Options) => run(() => diff([before, after], options)));
};

function diff(sides: readonly [string, string], options: Options): Exit {
  const [before, after] = sides.map((side) => sideOf(side, options));
  if (before === undefined || after === undefined) return EXIT.failed;
  const difference = renderDifference(before, after);
  if (options.json) print(JSON.stringify(difference, undefined, 2));
  else if (isSameRender(difference)) say('No difference.');
  else print(describeDifference(difference));
  return options.exitCode && !isSameRender(difference) ? EXIT.failed : EXIT.ok;
}

/** The objects of one side; `undefined` when its values are refused. */
function sideOf(side: string, options: Options): readonly KubernetesObject[] | undefined {
  const isRelease = /^v?\d+\.\d+(\.\d+\S*)?$/.test(side);
  const stat = isRelease || side === '-' ? undefined : statSync(side, { throwIfNoEntry: false });
  const isScript = stat?.isFile() === true && scriptOf(side) !== undefined;
  const manifests = isRelease || side === '-' || isScript ? undefined : manifestsOf(side, stat);
  if (manifests !== undefined) return manifests;
  const inputs = withScripts(options, isRelease ? [] : [side]);
  const request = isRelease ? requestOf({ ...options, version: side }) : requestOf(inputs.options, inputs.files);
  const { rendered, findings } = renderRequest(request);
  if (findings.length > 0) say(`${side}:`);
  sayFindings(findings);
  return rendered?.objects;
}

/** The objects of a folder, or of a file that holds rendered objects; `undefined` for a file of values. */
function manifestsOf(path: string, stat: Stats | undefined): readonly KubernetesObject[] | undefined {
  if (stat === undefined) throw new CommandError(`'${path}' is neither a release such as 1.19.6 nor a file.`);
  if (!stat.isDirectory()) {
    const objects = objectsIn(path);
    return objects.length > 0 && objects.every(isApplied) ? objects : undefined;
  }
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ya?ml|json)$/.test(name));
  return files
    .sort()
    .flatMap((name) => objectsIn(join(path, name)))
    .filter(isApplied);
}

const isApplied = (object: KubernetesObject): boolean => isRendered(object as unknown as Json);

function objectsIn(file: string): readonly KubernetesObject[] {
  return readDocuments(readFile(file)).flatMap(({ data, problems }) => {
    if (problems.length > 0) throw new CommandError(`${file}: ${problems[0]?.message ?? ''}`, EXIT.failed);
    if (!isMap(data)) return data === null ? [] : [{} as KubernetesObject];
    return (data.kind === 'List' ? mapsIn(data.items) : [data]) as readonly KubernetesObject[];
  });
}

export function describeDifference({ objects, config, restarts, recreated, stale }: RenderDifference): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Config keys', config.map(describeConfig)],
    ['Restarts', restarts.map(({ object, because }) => `${object}: ${because.join(', ')}`)],
    [
      'Not restarted, although their configuration changes',
      stale.map(({ object, readers }) => `${object}, read by ${readers.join(', ')}`),
    ],
    [
      'Cannot be changed in place: delete them first',
      recreated.map(({ object, fields }) => `${object}: ${fields.join(', ')}`),
    ],
  ];
  const texts = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n'));
  const { everywhere, others } = withoutRepetition(objects);
  return [...everywhere, describeChanges(others), ...texts].filter((text) => text !== '').join('\n\n');
}

/** A field that changes alike in more objects than this is described once. */
const MANY = 8;

/** Fields that change alike in many objects, such as the label of the chart, and the other changes. */
function withoutRepetition(objects: readonly ObjectChange[]): {
  readonly everywhere: readonly string[];
  readonly others: readonly ObjectChange[];
} {
  const keyOf = (field: FieldChange): string => JSON.stringify([field.path, field.before, field.after]);
  const counts = new Map<string, number>();
  for (const field of objects.flatMap(({ fields }) => fields))
    counts.set(keyOf(field), (counts.get(keyOf(field)) ?? 0) + 1);
  const isCommon = (field: FieldChange): boolean => (counts.get(keyOf(field)) ?? 0) > MANY;
  const common = new Map(
    objects.flatMap(({ fields }) => fields.filter(isCommon).map((field) => [keyOf(field), field])),
  );
  return {
    everywhere: [...common].map(([key, field]) =>
      describeChanges([{ object: `in ${String(counts.get(key))} objects`, change: 'changed', fields: [field] }]),
    ),
    others: objects.flatMap((change) => {
      const fields = change.fields.filter((field) => !isCommon(field));
      return change.change === 'changed' && fields.length === 0 ? [] : [{ ...change, fields }];
    }),
  };
}
