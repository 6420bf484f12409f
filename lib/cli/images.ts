/** `images`: what the nodes of a cluster pull for some values. */
import { imageReference } from '../cilium/parts/image';
import type { Rendered } from '../cilium/render';
import { imageName, imagesOf } from '../kubernetes/images';
import type { UsedImage } from '../kubernetes/images';
import { addRequestOptions, renderRequest, requestOf } from './request';
import type { RequestOptions } from './request';
import { EXIT, print, sayFindings } from './terminal';
import type { AddCommand, Exit } from './terminal';

interface Options extends RequestOptions {
  readonly kubespanRoutes?: true;
  readonly imageCache?: true;
  readonly json?: true;
}

/** Adds the command. */
export const addImages: AddCommand = (program, run) => {
  const command = program
    .command('images')
    .summary('list every image of your values, with tag and digest')
    .description(
      'Lists every image that the pods of these values pull, with tag and digest: for mirrors, air gaps and scanners.',
    )
    .argument('[files...]', 'values, a HelmRelease, an Application, …');
  addRequestOptions(command)
    .option('--kubespan-routes', 'with the DaemonSet that KubeSpanRoutes makes')
    .option('--image-cache', 'print the list that `talosctl images cache-create --images=-` reads')
    .option('--json', 'print what uses each image, as JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 no error in the values, 1 an error, 2 wrong use.

Examples:
  $ talos-cilium images -f values.yaml --version 1.20.0
  $ talos-cilium images -f values.yaml --image-registry harbor.example.org/mirror
  $ talos-cilium images helm-release.yaml --image-cache | talosctl images cache-create --image-cache-path ./cache --images=-
  $ talos-cilium images -f values.yaml --json | jq -r '.[].digest'`,
    )
    .action((files: readonly string[], options: Options) => run(() => images(files, options)));
};

function images(files: readonly string[], options: Options): Exit {
  const request = requestOf(options, files);
  const { rendered, findings } = renderRequest(request);
  sayFindings(findings, request.sources);
  if (rendered === undefined) return EXIT.failed;
  const found = options.kubespanRoutes ? withRoutes(rendered) : imagesOf(rendered.objects);
  if (options.json) print(JSON.stringify(found, undefined, 2));
  else for (const line of options.imageCache ? cached(found) : found.map(({ image }) => image)) print(line);
  return EXIT.ok;
}

/** The routes run in the image of the agent, which the values name even where no agent is rendered. */
function withRoutes({ objects, context }: Rendered): readonly UsedImage[] {
  const image = imageReference(context.v.image);
  const use = { object: 'apps/DaemonSet kube-system/kubespan-routes', container: 'routes' };
  const found = imagesOf(objects);
  const known = found.find((one) => one.image === image) ?? { image, ...imageName(image), usedBy: [] };
  const others = found.filter((one) => one.image !== image);
  return [...others, { ...known, usedBy: [...known.usedBy, use] }].sort((a, b) => (a.image < b.image ? -1 : 1));
}

/** Full names, as nodes request them: with registry, and `latest` where no tag and no digest is written. */
function cached(found: readonly UsedImage[]): readonly string[] {
  const names = found.map(({ registry, repository, tag, digest }) => {
    const version = tag ?? (digest === undefined ? 'latest' : undefined);
    return `${registry}/${repository}${version === undefined ? '' : `:${version}`}${digest === undefined ? '' : `@${digest}`}`;
  });
  return [...new Set(names)];
}
