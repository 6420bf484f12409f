/** Findings about the images that a user sets, or must set. */
import type { Finding } from '../rules/finding';
import { isMap, ownValue, valueAt } from '../kubernetes/json';
import { isTruthy } from '../helm/truth';
import type { Json, JsonObject } from '../kubernetes/json';
import type { ReadingRule } from '../rules/rule';
import type { ValuesExample } from './values-rule';

/** A release whose images are unknown, and values with which it renders, for the examples. */
export const UNKNOWN_PATCH = '1.19.99';
const OWN_TAG = { tag: `v${UNKNOWN_PATCH}`, useDigest: false };
export const UNPINNED = { image: OWN_TAG, operator: { image: OWN_TAG } };
const DIGEST = `sha256:${'0'.repeat(64)}`;

/** The findings about images, which `resolveValues` makes. */
export const IMAGE_FINDINGS: readonly ReadingRule<unknown, ValuesExample>[] = [
  {
    id: 'values/unknown-image',
    level: 'error',
    examples: { bad: { version: UNKNOWN_PATCH, values: {} }, good: { version: UNKNOWN_PATCH, values: UNPINNED } },
  },
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

/** Images that are released together with Cilium, and the value that switches them on. */
const RELEASED_TOGETHER: readonly (readonly [image: string, digests: readonly string[], when: string])[] = [
  ['image', ['digest'], 'agent'],
  ['operator.image', ['genericDigest', 'awsDigest', 'azureDigest', 'alibabacloudDigest'], 'operator.enabled'],
  ['preflight.image', ['digest'], 'preflight.enabled'],
  ['hubble.relay.image', ['digest'], 'hubble.relay.enabled'],
  ['clustermesh.apiserver.image', ['digest'], 'clustermesh.useAPIServer'],
  ['standaloneDnsProxy.image', ['digest'], 'standaloneDnsProxy.enabled'],
];

/** One finding per unpinned image in use: tags and digests of another patch would be wrong. */
export function missingImages(
  version: string,
  newest: string,
  written: JsonObject,
  resolved: JsonObject,
): readonly Finding[] {
  return RELEASED_TOGETHER.filter(
    ([image, , when]) => isTruthy(valueAt(resolved, when)) && isMap(valueAt(resolved, image)),
  ).flatMap(([image, digests]) => {
    const own = valueAt(written, image);
    const pinned = digests.some((name) => isMap(own) && isTruthy(ownValue(own, name)));
    const unpinned = isTruthy(valueAt(resolved, `${image}.useDigest`)) === false;
    if (isMap(own) && (isTruthy(own.override) || (isTruthy(own.tag) && (pinned || unpinned)))) return [];
    return [
      {
        id: 'values/unknown-image',
        level: 'error' as const,
        paths: [image],
        message: `Unknown image of Cilium ${version}; this library knows releases of its minor up to ${newest}.`,
        hint: `Use a known release, or set ${image}.tag to "v${version}" together with ${image}.${digests[0]} or useDigest: false.`,
      },
    ];
  });
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

/** Values whose components get certificates from certgen. */
const CERTIFIED = ['hubble.enabled', 'clustermesh.useAPIServer'] as const;

function isImage(usual: JsonObject): boolean {
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
  const digests = Object.keys(usual).filter((name) => /digest$/i.test(name) && name !== 'useDigest');
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
