import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { program } from '../../../lib/cli/program';
import { asPflag } from '../../../lib/cli/pflag';
import { readArguments } from '../../../lib/cli/chart-argument';
import { requestOf } from '../../../lib/cli/request';
import type { RequestOptions } from '../../../lib/cli/request';
import type { KubernetesObject } from '../../../lib/kubernetes/types';
import type { JsonObject } from '../../../lib/kubernetes/json';
import { digest, normalForm } from '../../../lib/helm/normal-form';
import { adjustmentsOf } from '../../../lib/releases/declared-differences';
import { meant } from '../../../lib/releases/meant';
import type { Words } from './shell';

/** A document that was printed. */
export interface Printed {
  readonly source: string;
  readonly object: KubernetesObject;
}

/** Arguments for both sides, with the declared differences of docs/parity.md: each side gets what the other does anyway. */
export interface Sides {
  readonly version: string;
  readonly ours: Words;
  readonly helm: Words;
}

/**
 * The arguments of both sides. Helm gets the archive of the release that we chose, and the Kubernetes version that we have by default.
 * @throws CommandError or CiliumError where our side refuses to read the line.
 */
export function sidesOf(words: Words, charts: string): Sides {
  const [command] = program('template').commands;
  if (command === undefined) throw new Error('The program has no command template.');
  const { operands } = command.parseOptions([...words]);
  const options = command.opts<RequestOptions & { readonly showOnly?: unknown }>();
  const named = readArguments(operands, {});
  const { umbrella } = named;
  const own = named.version === undefined ? {} : { version: named.version };
  const request = requestOf({ ...options, ...own, section: umbrella?.section }, named.files);
  const above = umbrella === undefined ? '' : `${umbrella.section}.`;
  const { version } = request;
  const sets = (of: readonly ('helm' | 'both')[]): Words =>
    adjustmentsOf(request.values as JsonObject)
      .filter((one) => of.includes(one.of))
      .map(
        ({ path, value }) =>
          `--set${typeof value === 'string' ? '-string' : ''}=${above}${path.join('.')}=${String(value)}`,
      );
  const flags = asPflag(words, command.options, (message) => {
    throw new Error(message);
  });
  const { chart } = named;
  const kube = options.kubeVersion === undefined ? ['--kube-version=1.34.0'] : [];
  const known = /^--(?:version|repo|output-dir|post-renderer|dry-run|validate|wait)\b/;
  return {
    version,
    ours: [...words, ...sets(['both']), '--unknown-values=warn', '--json'],
    helm: [
      ...flags
        .filter((word) => !known.test(word))
        .map((word, i, all) =>
          i === all.lastIndexOf(chart ?? '') && !isChart(word) ? join(charts, `cilium-${version}.tgz`) : word,
        ),
      ...sets(['helm', 'both']),
      ...kube,
    ],
  };
}

/** What real Helm prints, or why it refuses. */
export function printedByHelm(
  helm: string,
  words: Words,
  folder: string,
): readonly Printed[] | { readonly refusal: string } {
  const { stdout, stderr, status } = spawnSync(helm, ['template', ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) return { refusal: stderr.trim() };
  return stdout
    .split(/^---\n/m)
    .map((text) => ({
      source: /^# Source: [^/]+\/(.*)$/m.exec(text)?.[1] ?? '',
      object: parse(text, { version: '1.1', uniqueKeys: false }) as KubernetesObject | null,
    }))
    .flatMap(({ source, object }) => (object === null ? [] : [{ source, object: meant(object) }]));
}

/** A hash of documents: their order, their templates and their normal forms. */
export function digestOfPrinted(documents: readonly Printed[]): string {
  const order = documents.map(({ source, object: { kind, metadata } }) =>
    [source, kind, metadata.namespace ?? '', metadata.name.replace(/-[0-9a-f]{10}$/, '-<hash>')].join(' '),
  );
  const forms = normalForm(documents.map(({ object }) => object));
  return digest([order, Object.fromEntries(forms)]);
}

/** A local chart, which both sides read. */
function isChart(path: string): boolean {
  return existsSync(join(path, 'Chart.yaml')) || (path.endsWith('.tgz') && existsSync(path));
}
