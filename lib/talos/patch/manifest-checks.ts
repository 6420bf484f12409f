import type { Finding } from '../../rules/finding';
import { compareText, identity } from '../../kubernetes/order';
import { duplicateFindings, guardObjects, isSound } from '../../kubernetes/guard';
import { changingInPlace } from '../../kubernetes/jobs';
import { holdsPrivateKey } from '../../kubernetes/private-keys';
import { mapOf } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { ciliumFindings } from './cilium-checks';
import { objectFindings } from './object-checks';
import { finding } from './finding';
import { podSecurityFindings } from './pod-security-checks';
import type { Manifest } from './namespaces';
import type { TalosPatchInput } from './render';
import type { ExternalManifest } from '../cluster/setting';
import { areDocuments } from '../cluster/setting';
import { externalManifests as externalManifestsSetting } from '../cluster/external-manifests';
import type { TalosCluster } from '../cluster/cluster';
import { talosHas } from '../cluster/versions';

/** Everything that is wrong with what a patch would carry. */
export function manifestFindings(input: TalosPatchInput, manifests: readonly Manifest[]): readonly Finding[] {
  const { externalManifests = [], allowSecrets = false } = input;
  const sound = manifests.map(({ name, partOf, objects }) => ({ name, partOf, objects: objects.filter(isSound) }));
  const placed = sound.flatMap(({ name, objects }) =>
    objects.map((object) => ({ object, place: `manifests.${name}` })),
  );
  return [
    ...nameFindings(manifests, externalManifests),
    ...orderFindings(manifests),
    ...externalFindings(externalManifests),
    ...headerFindings(input),
    ...manifests.filter(({ objects }) => objects.length === 0).map(({ name }) => emptyFinding(name)),
    ...manifests.flatMap(({ name, objects }) => guardObjects(objects, `manifests.${name}`)),
    // Within one manifest the guard has said it already.
    ...duplicateFindings(placed).filter(({ paths }) => paths.length > 1),
    ...(allowSecrets ? [] : placed.flatMap(({ object, place }) => secretFindings(object, place))),
    ...placed.flatMap(({ object, place }) => inventoryFindings(object, place)),
    ...objectFindings(placed, input.talos.kubernetesVersion),
    ...jobFindings(
      placed.map(({ object }) => object),
      input.talos,
    ),
    ...customResourceFindings(sound, input.ciliumManifest),
    ...podSecurityFindings(sound, input.talos.podSecurity),
    ...ciliumFindings(input, placed),
  ];
}

const MANIFEST_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function nameFindings(manifests: readonly Manifest[], external: readonly ExternalManifest[]): readonly Finding[] {
  const places = [
    ...manifests.map(({ name }) => [name, 'manifests']),
    ...external.map(({ name }) => [name, 'externalManifests']),
  ] as const;
  return places.flatMap(([name = '', list = ''], i) => {
    const at = `${list}.${name}`;
    if (!MANIFEST_NAME.test(name)) {
      return [
        finding(
          'name',
          at,
          `'${name}' is no manifest name.`,
          'Use lower-case letters, digits, dashes and dots, as 10-cilium.',
        ),
      ];
    }
    const isFirst = places.findIndex(([other]) => other === name) === i;
    return isFirst
      ? []
      : [
          finding(
            'name',
            at,
            `Two manifests are called '${name}', and only one would count.`,
            'Give each its own name.',
          ),
        ];
  });
}

function orderFindings(manifests: readonly Manifest[]): readonly Finding[] {
  return manifests.slice(1).flatMap(({ name }, i) => {
    const before = manifests[i]?.name ?? '';
    if (compareText(before, name) <= 0) return [];
    const message = `Talos applies manifests by name, so '${name}' goes before '${before}', which stands before it here.`;
    return [
      finding(
        'order',
        [`manifests.${before}`, `manifests.${name}`],
        message,
        'Order them by name, or give names that sort as you mean it.',
      ),
    ];
  });
}

function emptyFinding(name: string): Finding {
  const message =
    'The manifest has no objects; Talos would take it for one to fetch from an empty URL, and fail on every try.';
  return finding('empty', `manifests.${name}`, message, 'Leave it out.');
}

function externalFindings(external: readonly ExternalManifest[]): readonly Finding[] {
  return external
    .filter(({ url }) => !URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol))
    .map(({ name, url }) =>
      finding('url', `externalManifests.${name}.url`, `'${url}' is no URL that Talos fetches.`, 'Use http or https.'),
    );
}

function headerFindings({ talos, externalManifests = [], allowSecrets = false }: TalosPatchInput): readonly Finding[] {
  const findings: Finding[] = [];
  const different = new Set(
    externalManifests.map(({ headers }) => JSON.stringify(Object.entries(headers ?? {}).sort())),
  );
  if (different.size > 1 && !areDocuments(externalManifestsSetting, talos)) {
    const message = 'All of `cluster.extraManifests` are fetched with the same headers, and these differ.';
    findings.push(
      finding(
        'headers',
        externalManifests.map(({ name }) => `externalManifests.${name}.headers`),
        message,
        'Give all the same headers.',
      ),
    );
  }
  for (const { name, headers = {} } of allowSecrets ? [] : externalManifests) {
    for (const header of Object.keys(headers).filter((key) => /authorization|token|cookie|key/i.test(key))) {
      const message = `The header ${header} looks like a credential, which would be readable in the machine config.`;
      findings.push(finding('secret', `externalManifests.${name}.headers.${header}`, message, SECRET_FIX));
    }
  }
  return findings;
}

const SECRET_FIX =
  'Create it on the cluster by other means, or accept it with allowSecrets: true and treat the patch as a secret.';

function secretFindings(object: KubernetesObject, place: string): readonly Finding[] {
  const at = `${place}: ${identity(object)}`;
  const { data, stringData } = object as { readonly data?: object; readonly stringData?: object };
  const isSecret = object.kind === 'Secret' && Object.keys({ ...data, ...stringData }).length > 0;
  if (isSecret)
    return [finding('secret', at, 'A Secret with data would be readable in the machine config.', SECRET_FIX)];
  const text = JSON.stringify(object);
  if (!holdsPrivateKey(text)) return [];
  return [finding('secret', at, 'A private key would be readable in the machine config.', SECRET_FIX)];
}

/** Set by Talos, which refuses an object that says it belongs to somebody else's inventory. */
const INVENTORY = 'config.k8s.io/owning-inventory';

function inventoryFindings(object: KubernetesObject, place: string): readonly Finding[] {
  if (object.metadata.annotations?.[INVENTORY] === undefined) return [];
  const message = `The annotation ${INVENTORY} says that another tool owns the object, and Talos refuses it.`;
  return [finding('inventory', `${place}: ${identity(object)}`, message, 'Leave the annotation out.')];
}

/** Seconds that a finished Job may stay without being there at the next upgrade: a day. */
const SHORT_LIVED = 24 * 60 * 60;

/** Whether a Job is still there when it is changed. */
function stays({ spec }: KubernetesObject): boolean {
  const { ttlSecondsAfterFinished: ttl } = mapOf(spec);
  return !(typeof ttl === 'number' && ttl <= SHORT_LIVED);
}

function jobFindings(objects: readonly KubernetesObject[], { talosVersion }: TalosCluster): readonly Finding[] {
  const jobs = changingInPlace(objects).filter(stays).map(identity);
  if (jobs.length === 0) return [];
  const message =
    'The pods of a Job cannot be changed, so talosctl upgrade-k8s fails while the Job is there and its manifest changes.';
  const force = talosHas(talosVersion, 'manifest-pruning') ? ', or run upgrade-k8s with --manifests-force' : '';
  const hint = `Set ttlSecondsAfterFinished, so that the Job is deleted after it has run, or delete it before an upgrade${force}.`;
  return [{ ...finding('job', jobs, message, hint), level: 'warning' }];
}

function customResourceFindings(
  manifests: readonly Manifest[],
  ciliumManifest: string | undefined,
): readonly Finding[] {
  const at = manifests.findIndex(({ name, partOf }) => (partOf ?? name) === ciliumManifest);
  return manifests.slice(0, Math.max(at, 0)).flatMap(({ name, objects }) =>
    objects
      .filter(({ apiVersion }) => apiVersion.startsWith('cilium.io/'))
      .map((object) => {
        const message = `Cilium defines this kind when it starts, and its manifest '${ciliumManifest ?? ''}' comes later.`;
        return finding(
          'before-cilium',
          `manifests.${name}: ${identity(object)}`,
          message,
          'Put it into a manifest behind the one with Cilium.',
        );
      }),
  );
}
