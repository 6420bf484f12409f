/** Names of container images: https://github.com/distribution/reference */
import { problem } from '../rules/rule';
import type { Problem } from '../rules/rule';
import { mapOf } from './json';
import type { JsonObject } from './json';
import { identity } from './order';
import { containersOf, mapsOf, podSpecOf } from './pods';
import type { KubernetesObject } from './types';

/** The parts of an image's name. */
export interface ImageName {
  /** `quay.io`, `harbor.example.org:8443`; `docker.io` where the name has none. */
  readonly registry: string;
  /** `cilium/cilium`; with `library/` where Docker Hub's short name leaves it out. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

const DOCKER_HUB = 'docker.io';

/** Splits the name of an image as containerd does: `busybox` is `docker.io/library/busybox`. A missing tag stays missing. */
export function imageName(text: string): ImageName {
  const [named = '', digest] = split(text, text.indexOf('@'));
  const colon = named.lastIndexOf(':');
  const [path = '', tag] = split(named, colon > named.lastIndexOf('/') ? colon : -1);
  const slash = path.indexOf('/');
  const host = slash < 0 ? '' : path.slice(0, slash);
  const isHost = /[.:$[]|^localhost$|[A-Z]/.test(host);
  const rest = isHost ? path.slice(slash + 1) : path;
  const registry = isHost ? host : DOCKER_HUB;
  const repository = registry === DOCKER_HUB && !rest.includes('/') && rest !== '' ? `library/${rest}` : rest;
  return { registry, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function split(text: string, at: number): readonly [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * The image in another registry, with its path, tag and digest: `quay.io/cilium/cilium:v1` in `harbor.example.org/mirror` is
 * `harbor.example.org/mirror/cilium/cilium:v1`. An image that is there already, and an empty name, stay.
 */
export function imageIn(registry: string, image: string): string {
  if (image === '' || image.startsWith(`${registry}/`)) return image;
  const { repository, tag, digest } = imageName(image);
  const path = `${registry}/${repository}`;
  return `${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** `a-z`, digits, and `.`, `_`, `__` or dashes between them. */
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])$/i;

/** What is wrong with the name of a registry, with or without a path: `harbor.example.org:8443/mirror`. */
export function registryProblem(text: string, at: string): Problem | undefined {
  const wrong = (message: string, hint: string): Problem => problem(at, message, hint);
  const example = 'Write it as `harbor.example.org/mirror`.';
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) return wrong(`'${text}' has a scheme; names of images have none.`, `Remove \`${scheme}\`.`);
  if (text.endsWith('/')) return wrong(`'${text}' ends with a slash.`, 'Remove the slash at the end.');
  if (text.includes('@')) return wrong(`'${text}' has a digest or a user; a registry has none.`, example);
  const [host = '', ...path] = text.split('/');
  const [, name = host, port] = /^(.*[^:]):(\d*)$/.exec(host) ?? [];
  if (!HOST.test(name)) return wrong(`'${text}' is not a registry: '${host}' is not a host.`, example);
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65535))
    return wrong(`'${text}' has no valid port: ${port === '' ? 'it is empty' : port}.`, 'Use a port from 1 to 65535.');
  const bad = path.find((component) => !PATH_COMPONENT.test(component));
  if (bad !== undefined)
    return wrong(
      `'${bad}' in '${text}' is not a path of an image: containerd refuses such names.`,
      'Use lower-case letters and digits, with `.`, `_` or `-` between them.',
    );
  // containerd reads such a host as the first part of a path on Docker Hub.
  if (!/[.:[]/.test(host) && host !== 'localhost')
    return wrong(
      `'${host}' is not read as a registry: containerd pulls docker.io/${text}/… instead.`,
      'Write the host with its domain or its port.',
    );
  return undefined;
}

/** An image of some objects, and what uses it. */
export interface UsedImage extends ImageName {
  /** As the objects name it. */
  readonly image: string;
  readonly usedBy: readonly { readonly object: string; readonly container: string }[];
}

/** Every image that the pods of some objects pull, sorted by name: those of init containers and image volumes too. */
export function imagesOf(objects: readonly KubernetesObject[]): readonly UsedImage[] {
  const users = new Map<string, { readonly object: string; readonly container: string }[]>();
  for (const object of objects) {
    for (const [container, image] of podImages(podSpecOf(object) ?? {})) {
      const known = users.get(image) ?? [];
      users.set(image, [...known, { object: identity(object), container }]);
    }
  }
  return [...users]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([image, usedBy]) => ({ image, ...imageName(image), usedBy }));
}

function podImages(spec: JsonObject): readonly (readonly [string, string])[] {
  const ofContainers = containersOf(spec).map(({ name, image }) => [name, image] as const);
  const ofVolumes = mapsOf(spec.volumes).map(({ name, image }) => [`volume ${String(name)}`, mapOf(image).reference]);
  return [...ofContainers, ...ofVolumes].flatMap(([name, image]) =>
    typeof image === 'string' && image !== '' ? [[String(name), image] as const] : [],
  );
}
