/** `drift`: where what runs, or what will be applied, differs from what is meant. */
import type { FieldChange } from '../kubernetes/changes';
import { asApplied } from '../kubernetes-schema/applied';
import { managersOf } from '../kubernetes/managers';
import { identity } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';
import { holdsObjects, readRunning } from '../inputs/running';
import { isSameRender, renderDifference } from '../releases/render-difference';
import { describeDifference } from './diff';
import { addRequestOptions, readSource, renderRequest, requestOf } from './request';
import type { RequestOptions } from './request';
import { scriptOf, withScripts } from './script';
import { CommandError, EXIT, print, say, sayFindings } from './terminal';
import type { AddCommand, Exit } from './terminal';

interface Options extends RequestOptions {
  readonly json?: true;
}

/** Adds the command. */
export const addDrift: AddCommand = (program, run) => {
  addRequestOptions(
    program
      .command('drift')
      .summary('where what runs differs from values, a machine config or other manifests')
      .description(
        'Compares two of: values, a HelmRelease, rendered manifests, a Talos machine config, live objects. Defaults and ' +
          'fields of the API server do not count; live fields are named with their manager. No cluster is contacted.',
      )
      .argument('[sides...]', 'what runs, and what is meant; - is standard input. With --values one side is enough')
      .option('--json', 'print the difference as JSON'),
  )
    .addHelpText(
      'after',
      `
Objects of only one side count where both sides have objects of their kind: a list of kubectl may have a few kinds only.
Exit code: 0 no difference, 1 a difference, or wrong values, 2 wrong use.

Examples:
  $ kubectl get -n kube-system ds,deploy,cm -o yaml | talos-cilium drift -f values.yaml --version 1.19.6
  $ talos-cilium drift controlplane.yaml clusters/home/cilium/helm-release.yaml
  $ talosctl get machineconfig -o yaml > config.yaml && talos-cilium drift config.yaml live.yaml --json`,
    )
    .action((sides: readonly string[], options: Options) => run(() => drift(sides, options)));
};

function drift(sides: readonly string[], options: Options): Exit {
  const hasValues = (options.values ?? options.set ?? options.version) !== undefined;
  const named = sides.length === 0 ? ['-'] : sides;
  if (named.length > 2 || (named.length < 2 && !hasValues))
    throw new CommandError('drift compares two sides: name two files, or one and --values FILE.');
  const before = sideOf(named[0] ?? '-', options);
  const after = named[1] === undefined ? renderedBy(options, []) : sideOf(named[1], options);
  if (before === undefined || after === undefined) return EXIT.failed;
  const [was, is] = comparable(before, after);
  const difference = renderDifference(was.map(asApplied), is.map(asApplied));
  const managers = managersIn(difference.objects, before, after);
  if (options.json) print(JSON.stringify({ ...difference, managers }, undefined, 2));
  else if (isSameRender(difference)) say('No difference.');
  else {
    print(describeDifference(difference));
    for (const { object, path, managers: names } of managers)
      print(`${object}: ${path} is managed by ${names.join(', ')}.`);
  }
  return isSameRender(difference) ? EXIT.ok : EXIT.failed;
}

/** The objects of one side; `undefined` when its values are refused. */
function sideOf(side: string, options: Options): readonly KubernetesObject[] | undefined {
  if (side !== '-' && scriptOf(side) !== undefined) return renderedBy(options, [side]);
  const input = readSource(side);
  return holdsObjects(input) ? readRunning([input]).objects : renderedBy(options, [side]);
}

function renderedBy(options: Options, files: readonly string[]): readonly KubernetesObject[] | undefined {
  const inputs = withScripts(options, files);
  const { rendered, findings } = renderRequest(requestOf(inputs.options, inputs.files));
  sayFindings(findings.filter(({ level }) => level === 'error'));
  return rendered?.objects;
}

/** Objects that both sides have, and those of one side whose kind the other side has, too. */
function comparable(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): readonly [readonly KubernetesObject[], readonly KubernetesObject[]] {
  const own = new Set(after.map(identity));
  const kinds = new Set(before.map(({ kind }) => kind));
  // What runs has objects of others; what is meant has those of Cilium.
  return [before.filter((one) => own.has(identity(one))), after.filter(({ kind }) => kinds.has(kind))];
}

interface Managed {
  readonly object: string;
  readonly path: string;
  readonly managers: readonly string[];
}

function managersIn(
  changes: readonly { readonly object: string; readonly fields: readonly FieldChange[] }[],
  ...sides: readonly (readonly KubernetesObject[])[]
): readonly Managed[] {
  const live = new Map(
    sides.flat().flatMap((object) => ('managedFields' in object.metadata ? [[identity(object), object] as const] : [])),
  );
  return changes.flatMap(({ object, fields }) => {
    const found = live.get(object);
    if (found === undefined) return [];
    return fields.flatMap(({ path }) => {
      const managers = managersOf(found, path);
      return managers.length === 0 ? [] : [{ object, path, managers }];
    });
  });
}
