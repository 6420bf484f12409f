/** `verify`: the user's own Helm judges what this library renders. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { CiliumValues } from '../../imports/cilium-chart';
import { layered } from '../cilium/layers';
import { readValues } from '../inputs/load-values';
import { renderCilium } from '../cilium/render';
import { describeDifference } from '../helm/difference';
import { valueAt } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { comparison } from '../releases/comparison';
import { adjustmentsOf, forHelm, forUs } from '../releases/declared-differences';
import { helmTemplate, readChart } from './helm-program';
import { EXIT, CommandError, print, say, sayFindings } from './terminal';
import type { Exit } from './terminal';

interface Options {
  readonly values: readonly string[];
  readonly chart: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly helm: string;
  readonly json?: true;
}

/** Adds the command. `run` gets the work that it does. */
export function addVerify(program: Command, run: (work: () => Exit) => Promise<void>): void {
  program
    .command('verify')
    .summary('compare with what your own Helm renders')
    .description(
      'Renders the same values with your own Helm and with this library, and prints every difference.\n' +
        'Two renders are equal when their normal forms are (docs/parity.md).',
    )
    .requiredOption(
      '--chart <archive>',
      'the chart: cilium-1.20.4.tgz, an unpacked chart, or what `helm template` accepts',
    )
    .option('-f, --values <file>', 'a values file; repeat it, the last one wins', collect, [])
    .option('-n, --namespace <name>', 'namespace of the release', 'kube-system')
    .option('--kube-version <version>', 'Kubernetes version of the cluster', '1.34.0')
    .option('-a, --api-versions <name>', 'an API that the cluster has; repeat it', collect, [])
    .option('--helm <program>', 'the Helm to run', 'helm')
    .option('--json', 'print the differences as JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 equal, 1 different or wrong values, 2 wrong use.

Examples:
  helm pull cilium --repo https://helm.cilium.io --version 1.19.6
  $ cdk8s-talos-cilium verify -f values.yaml --chart cilium-1.19.6.tgz
  $ cdk8s-talos-cilium verify -f base.yaml -f prod.yaml --chart ./cilium --json`,
    )
    .action((options: Options) => run(() => verify(options)));
}

function collect(item: string, items: readonly string[]): readonly string[] {
  return [...items, ...item.split(',')];
}

function verify(options: Options): Exit {
  const { name, version } = readChart(options.helm, options.chart);
  if (name !== 'cilium') throw new CommandError(`'${options.chart}' is the chart ${name}; verify compares cilium.`);
  const loaded = options.values.map(readValues);
  sayFindings(loaded.flatMap(({ warnings }) => warnings));
  const values = layered(loaded.map((one) => one.values as CiliumValues)) as JsonObject;
  const { namespace, kubeVersion, apiVersions } = options;
  const { objects, findings } = renderCilium({
    version,
    values: forUs(values) as CiliumValues,
    namespace,
    kubeVersion,
    apiVersions,
    // As Helm: what the chart does not know is ignored, and said.
    unknownValues: 'warn',
  });
  sayFindings(findings);
  const differences = comparison(renderedByHelm(options, values), objects);
  if (options.json) print(JSON.stringify({ version, objects: objects.length, differences }, undefined, 2));
  else for (const difference of differences) print(describeDifference(difference));
  sayAdjustments(values);
  say(
    differences.length === 0
      ? `Equal: ${String(objects.length)} objects of Cilium ${version}.`
      : `${String(differences.length)} differences in ${String(new Set(differences.map(({ object }) => object)).size)} of ${String(objects.length)} objects of Cilium ${version}.`,
  );
  return differences.length === 0 ? EXIT.ok : EXIT.failed;
}

function renderedByHelm(
  { helm, chart, namespace, kubeVersion, apiVersions }: Options,
  values: JsonObject,
): ReturnType<typeof helmTemplate> {
  const folder = mkdtempSync(join(tmpdir(), 'cilium-values-'));
  try {
    const file = join(folder, 'values.json');
    writeFileSync(file, JSON.stringify(forHelm(values)));
    const apis = apiVersions.flatMap((api) => ['--api-versions', api]);
    return helmTemplate(helm, [
      ...['cilium', chart, '--namespace', namespace, '--kube-version', kubeVersion, '--values', file],
      ...apis,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Which of the user's values were changed for the comparison. */
function sayAdjustments(values: JsonObject): void {
  const changed = adjustmentsOf(values).flatMap(({ path, value }) => {
    const own = valueAt(values, path);
    return own === undefined || own === value ? [] : [`${path.join('.')}: ${JSON.stringify(value)}`];
  });
  if (changed.length > 0) say(`Compared with ${changed.join(', ')}: declared differences (docs/parity.md).`);
}
