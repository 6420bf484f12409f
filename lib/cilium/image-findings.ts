/** The images of a release whose data are not known, and findings about images that a user sets in part. */
import type { Finding } from '../rules/finding';
import { isMap, ownValue, valueAt } from '../kubernetes/json';
import { isTruthy } from '../helm/truth';
import type { Json, JsonObject } from '../kubernetes/json';
import type { ReadingRule } from '../rules/rule';
import type { ValuesExample } from './values-rule';
import type { Profile } from './versions';

const DIGEST = `sha256:${'0'.repeat(64)}`;

/** The findings about images, which `resolveValues` makes. */
export const IMAGE_FINDINGS: readonly ReadingRule<unknown, ValuesExample>[] = [
  {
    id: 'values/image-incomplete',
    level: 'warning',
    examples: {
      bad: { values: { image: { repository: '' } } },
      good: { values: { image: { repository: 'registry.example/cilium' } } },
    },
  },
  {
    id: 'values/image-tag',
    level: 'warning',
    examples: {
      bad: { values: { image: { tag: 'v1.18.3' } } },
      good: { values: { image: { tag: 'v1.18.3', digest: DIGEST } } },
    },
  },
];

/**
 * The defaults of a release, with the tag of another one at every image that is released together with Cilium. A digest of the tag is unknown:
 * the tag alone is the name of the image, unless the user writes a digest.
 * @param written the values of the user.
 */
export function withTagsOf(release: string, { version, defaults }: Profile, written: JsonObject): JsonObject {
  const retagged = (section: JsonObject, own: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(section).map(([name, value]) => {
        const said = ownValue(own, name);
        const ownSection = isMap(said) ? said : {};
        if (!isMap(value)) return [name, value];
        if (!isImage(value)) return [name, retagged(value, ownSection)];
        return [name, value.tag === `v${version}` ? retaggedImage(value, ownSection) : value];
      }),
    );
  const retaggedImage = (usual: JsonObject, own: JsonObject): JsonObject => {
    const digests = digestsOf(usual);
    const useDigest = digests.some((name) => isTruthy(own[name])) && usual.useDigest;
    return { ...usual, tag: `v${release}`, useDigest, ...Object.fromEntries(digests.map((name) => [name, ''])) };
  };
  return retagged(defaults, written);
}

function digestsOf(usual: JsonObject): readonly string[] {
  return Object.keys(usual).filter((name) => /digest$/i.test(name) && name !== 'useDigest');
}

/**
 * Every image in use that the user sets only in part: a tag without its digest, or an image without a repository or a digest.
 * @param resolved the values merged over the defaults, which are rendered.
 */
export function partialImages(written: JsonObject, defaults: JsonObject, resolved: JsonObject): readonly Finding[] {
  return imagesIn(written, defaults).flatMap(({ place, own, usual }) => {
    const found = partialImage(own, usual, place);
    // A tag is reported unless its component is disabled; an invalid name matters only where there are pods.
    return found.filter(({ id }) => !isOff(place, written, resolved, id === 'values/image-incomplete'));
  });
}

interface NamedImage {
  readonly place: string;
  readonly own: JsonObject;
  readonly usual: JsonObject;
}

function imagesIn(written: JsonObject, defaults: JsonObject, path = ''): readonly NamedImage[] {
  return Object.entries(written).flatMap(([name, own]) => {
    const usual = ownValue(defaults, name);
    if (!isMap(own) || !isMap(usual)) return [];
    const place = path === '' ? name : `${path}.${name}`;
    return isImage(usual) ? [{ place, own, usual }] : imagesIn(own, usual, place);
  });
}

/** Whether the component of an image is disabled: by the user, or, with `byDefault`, at all. A component without a switch is on. */
function isOff(image: string, written: JsonObject, resolved: JsonObject, byDefault: boolean): boolean {
  const sections = image.split('.').slice(0, -1);
  const standalone = isTruthy(valueAt(resolved, 'hubble.ui.standalone.enabled')) && image.startsWith('hubble.ui.');
  const switches = [
    ...sections
      .map((_, i) => `${sections.slice(0, i + 1).join('.')}.enabled`)
      .filter((path) => !standalone || path !== 'hubble.enabled'),
    ...(sections[0] === 'clustermesh' ? ['clustermesh.useAPIServer'] : []),
  ];
  if (image === 'encryption.ztunnel.image' && valueAt(resolved, 'encryption.type') !== 'ztunnel') return true;
  if (image === 'certgen.image' && !CERTIFIED.some((path) => isTruthy(valueAt(resolved, path)))) return true;
  return switches.some((path) => {
    const said = valueAt(written, path);
    // With null, Envoy is on by default.
    return (
      said === false || (said === null && path !== 'envoy.enabled') || (byDefault && valueAt(resolved, path) === false)
    );
  });
}

/** Whether nothing runs an image, or a section of images: its component is off, by the user or by default. */
export function isUnusedImage(path: string, written: JsonObject, resolved: JsonObject): boolean {
  return isOff(path, written, resolved, true);
}

/** Values whose components get certificates from certgen. */
const CERTIFIED = ['hubble.enabled', 'clustermesh.useAPIServer'] as const;

/** Whether a default is an image of the chart. */
export function isImage(usual: JsonObject): boolean {
  return Object.hasOwn(usual, 'repository') && Object.hasOwn(usual, 'useDigest');
}

function partialImage(own: JsonObject, usual: JsonObject, path: string): readonly Finding[] {
  const said = (name: string): Json | undefined => (Object.hasOwn(own, name) ? own[name] : usual[name]);
  if (isTruthy(said('override'))) return [];
  const warning = (rule: string, name: string, message: string, hint: string): Finding => ({
    id: `values/${rule}`,
    level: 'warning',
    paths: [`${path}.${name}`],
    message,
    hint,
  });
  const digests = digestsOf(usual);
  const isPinned = isTruthy(said('useDigest'));
  const emptied = ['repository', ...(isPinned ? digests : [])].filter(
    (name) => isTruthy(usual[name]) && !isTruthy(said(name)),
  );
  const kept =
    isPinned && digests.some((name) => isTruthy(usual[name])) && digests.every((name) => !Object.hasOwn(own, name));
  const tag = said('tag');
  return [
    ...emptied.map((name) => {
      const hint = `Remove it for its default${name === 'repository' ? '' : `, or set ${path}.useDigest to false`}.`;
      return warning(
        'image-incomplete',
        name,
        'Without it the image name is not valid, and its pods do not start.',
        hint,
      );
    }),
    ...(kept && isTruthy(tag) && tag !== usual.tag
      ? [
          warning(
            'image-tag',
            'tag',
            `The digest is still that of ${String(usual.tag)} and takes precedence: the tag '${String(tag)}' has no effect.`,
            `Set ${path}.${digests[0] ?? 'digest'} to the digest of this tag, or ${path}.useDigest to false.`,
          ),
        ]
      : []),
  ];
}
