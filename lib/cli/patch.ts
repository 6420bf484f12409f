/** `patch`: manifests of others as a Talos machine-config patch. */
import { basename, join } from 'node:path';
import { writeFiles } from '../app/write';
import { findPlace } from '../inputs/places';
import type { Place, PlacedFinding } from '../inputs/places';
import { readManifests } from '../inputs/manifests';
import type { PlacedObject } from '../inputs/manifests';
import { readAll } from '../inputs/read';
import { isSound } from '../kubernetes/guard';
import { identity } from '../kubernetes/order';
import { describeSize, reportOf } from '../kubernetes/sizes';
import { CiliumError } from '../rules/finding';
import { patchFile } from '../talos/patch/files';
import type { SizeTarget, TalosPatchInput } from '../talos/patch/input';
import { renderTalosPatch } from '../talos/patch/render';
import { addRequestOptions, readSource, renderRequest, requestOf, talosOf } from './request';
import type { RequestOptions } from './request';
import { CommandError, EXIT, print, say, sayFindings } from './terminal';
import type { AddCommand, Exit } from './terminal';

interface Options extends RequestOptions {
  readonly name?: string;
  readonly output?: string;
  readonly target?: SizeTarget;
  readonly allowSecrets?: true;
  readonly json?: true;
}

/** Adds the command. */
export const addPatch: AddCommand = (program, run) => {
  const command = program
    .command('patch')
    .summary('wrap manifests of others as a Talos patch')
    .description(
      'Wraps manifests as inline manifests of a Talos machine-config patch for control planes, in the form of the Talos release. ' +
        'What the API server or Talos refuses is refused, and then nothing is written.',
    )
    .argument('<files...>', 'manifests in YAML; - is standard input');
  addRequestOptions(command)
    .option('--name <name>', 'one inline manifest of this name (default: one for each file, 10-<file>, 20-<file>, …)')
    .option('-o, --output <folder>', 'write controlplane.patch.yaml into the folder instead of printing it')
    .option('--target <target>', 'how machine configs reach the nodes: plain, aws or hetzner')
    .option('--allow-secrets', 'allow Secrets and private keys in the machine config')
    .option('--json', 'print the sizes and findings as JSON; the patch itself is in `patch`')
    .addHelpText(
      'after',
      `
With --values or --version the manifests are judged beside that Cilium, too.
Exit code: 0 no error, 1 an error in the manifests, 2 wrong use.

Examples:
  $ talos-cilium patch metrics-server.yaml --talos 1.14 > metrics-server.patch.yaml
  $ kustomize build apps | talos-cilium patch - --name 50-apps --talos 1.13 -o talos
  $ talos-cilium patch pools.yaml -f values.yaml --version 1.20.0 --machine-config controlplane.yaml`,
    )
    .action((files: readonly string[], options: Options) => run(() => patch(files, options)));
};

function patch(files: readonly string[], options: Options): Exit {
  const read = readAll(files, (file) => ({ file, objects: readManifests(readSource(file)) }));
  const input = talosOf(options);
  if (input === undefined)
    throw new CommandError('a patch depends on the Talos release: add --talos 1.14, or --machine-config FILE.');
  const manifests = named(read, options.name);
  const { cilium, findings: ofCilium } = ciliumOf(options);
  const { text, findings } = render(manifests, {
    talos: input.talos,
    cilium,
    target: options.target,
    allowSecrets: options.allowSecrets,
  });
  const all = [...ofCilium, ...findings];
  const isWrong = text === undefined || all.some(({ level }) => level === 'error');
  const size = isWrong ? undefined : reportOf(text);
  sayFindings(all);
  if (options.json)
    print(JSON.stringify({ ...size, findings: all, ...(isWrong ? {} : { patch: text }) }, undefined, 2));
  if (isWrong) return EXIT.failed;
  if (options.output !== undefined) {
    const path = join(options.output, patchFile('controlplane'));
    writeFiles([options.output], [{ path, text }]);
    say(`${path}: ${String(manifests.length)} manifests, ${describeSize(size?.bytes ?? 0)}.`);
  } else if (!options.json) print(text.trimEnd());
  return EXIT.ok;
}

interface NamedManifest {
  readonly name: string;
  readonly objects: readonly PlacedObject[];
}

/** One manifest for each file, or one for all. Talos applies them in the order of their names. */
function named(
  read: readonly { readonly file: string; readonly objects: readonly PlacedObject[] }[],
  name: string | undefined,
): readonly NamedManifest[] {
  if (name !== undefined) return [{ name, objects: read.flatMap(({ objects }) => objects) }];
  return read.map(({ file, objects }, i) => {
    const base = file === '-' ? 'manifests' : basename(file).replace(/\.(?:ya?ml|json)$/i, '');
    const position = i < 9 ? 10 * (i + 1) : 82 + i;
    return { name: `${String(position)}-${base.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')}`, objects };
  });
}

/** The Cilium beside the manifests, where the options name one. */
function ciliumOf(options: Options): Pick<TalosPatchInput, 'cilium'> & { readonly findings: readonly PlacedFinding[] } {
  if ((options.values ?? []).length === 0 && options.version === undefined) return { findings: [] };
  const { rendered, findings } = renderRequest(requestOf(options));
  if (rendered === undefined) return { findings };
  const kubeProxyReplacement = rendered.context.facts.kubeProxyReplacement === 'true';
  return { cilium: { kubeProxyReplacement, rendered }, findings: [] };
}

/** The inline manifests, or why they are refused. */
function render(
  manifests: readonly NamedManifest[],
  input: Omit<TalosPatchInput, 'manifests'>,
): { readonly text: string | undefined; readonly findings: readonly PlacedFinding[] } {
  const place = (finding: PlacedFinding): PlacedFinding => ({ ...finding, place: placeOf(manifests, finding) });
  try {
    const bare = manifests.map(({ name, objects }) => ({ name, objects: objects.map(({ object }) => object) }));
    const rendered = renderTalosPatch({ ...input, manifests: bare });
    return { text: rendered.inlineManifests(), findings: rendered.findings.map(place) };
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    return { text: undefined, findings: error.findings.map(place) };
  }
}

/** Where a finding's first path is written: `manifests.10-apps: apps/Deployment web/web: spec.replica`, `manifests.10-apps[0]`. */
function placeOf(manifests: readonly NamedManifest[], { paths }: PlacedFinding): Place | undefined {
  const known = manifests.flatMap(({ name, objects }) =>
    objects.flatMap(({ object, places }, i) => [
      { start: `manifests.${name}[${String(i)}]`, places },
      ...(isSound(object) ? [{ start: `manifests.${name}: ${identity(object)}`, places }] : []),
    ]),
  );
  for (const path of paths) {
    const found = known.find(({ start }) => path.startsWith(start) && !/^[\w-]/.test(path.slice(start.length)));
    if (found !== undefined)
      return findPlace(found.places, path.slice(found.start.length).replace(/^[:. ]+/, '')).place;
  }
  return undefined;
}
