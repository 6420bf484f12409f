/** Images that the user must name when a release is not known. */
import type { Finding } from '../findings';
import { isMap, ownValue } from '../kubernetes/json';
import { given } from '../helm/truth';
import type { Json, JsonObject } from '../kubernetes/json';

/** Images that are released together with Cilium, and the value that switches them on. */
const RELEASED_TOGETHER: readonly (readonly [image: string, digests: readonly string[], when: string])[] = [
  ['image', ['digest'], 'agent'],
  ['operator.image', ['genericDigest', 'awsDigest', 'azureDigest', 'alibabacloudDigest'], 'operator.enabled'],
  ['preflight.image', ['digest'], 'preflight.enabled'],
  ['hubble.relay.image', ['digest'], 'hubble.relay.enabled'],
  ['clustermesh.apiserver.image', ['digest'], 'clustermesh.useAPIServer'],
  ['standaloneDnsProxy.image', ['digest'], 'standaloneDnsProxy.enabled'],
];

/** One finding per image in use that the user did not pin: tags and digests of another patch would be wrong. */
export function missingImages(version: string, newest: string, written: JsonObject, resolved: JsonObject): readonly Finding[] {
  return RELEASED_TOGETHER.filter(([image, , when]) => given(at(resolved, when)) && isMap(at(resolved, image))).flatMap(
    ([image, digests]) => {
      const own = at(written, image);
      const pinned = digests.some((name) => isMap(own) && given(ownValue(own, name)));
      const unpinned = given(at(resolved, `${image}.useDigest`)) === false;
      if (isMap(own) && (given(own.override) || (given(own.tag) && (pinned || unpinned)))) return [];
      return [
        {
          id: 'values/unknown-image',
          level: 'error' as const,
          at: [image],
          says: `Nothing is known about this image of Cilium ${version}; ${newest} is the newest release of its minor that is known here.`,
          fix: `Take a release that is known, or set ${image}.tag to "v${version}" together with ${image}.${digests[0]}, or with useDigest: false.`,
        },
      ];
    },
  );
}

function at(values: JsonObject, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((node, name) => (isMap(node) ? ownValue(node, name) : undefined), values);
}
