import { changingInPlace } from '../../kubernetes/jobs';
import { mapOf } from '../../kubernetes/json';
import { compareText, identity } from '../../kubernetes/order';
import { secretKeys, secretsOf } from '../../kubernetes/secrets';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { externalManifests as externalManifestsSetting } from '../cluster/external-manifests';
import { areDocuments } from '../cluster/setting';
import { talosHas } from '../cluster/versions';
import { externalSecrets, headerProblems, urlProblems } from './external-checks';
import type { TalosPatchRule } from './rule';
import type { PatchSubject } from './subject';

const MANIFEST_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SECRET_FIX =
  'Create it on the cluster by other means, or set allowSecrets: true and treat the patch as a secret.';

const EXTERNAL = { name: '00-metrics', url: 'https://example.org/metrics.yaml' };
const CONFIG: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'app', namespace: 'default' },
  data: { colour: 'blue' },
};
const secret = (data: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'app', namespace: 'default' },
  ...data,
});

/** Rules about the list of manifests, inline and external. */
export const MANIFEST_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/name',
    level: 'error',
    find: badNames,
    examples: {
      bad: { patch: { externalManifests: [{ ...EXTERNAL, name: 'Metrics_Server' }] } },
      good: { patch: { externalManifests: [EXTERNAL] } },
    },
  },
  {
    id: 'talos-patch/order',
    level: 'warning',
    find: ({ manifests }) =>
      manifests.slice(1).flatMap(({ name }, i) => {
        const before = manifests[i]?.name ?? '';
        if (compareText(before, name) <= 0) return [];
        const message = `Talos applies manifests in name order: '${name}' comes before '${before}', which precedes it here.`;
        const hint = 'Sort the manifests by name, or choose names that sort in the order you want.';
        return [problem([`manifests.${before}`, `manifests.${name}`], message, hint)];
      }),
    examples: {
      bad: { patch: { manifests: ['20-app', '10-settings'].map((name) => ({ name, objects: [named(name)] })) } },
      good: { patch: { manifests: ['10-settings', '20-app'].map((name) => ({ name, objects: [named(name)] })) } },
    },
  },
  {
    id: 'talos-patch/url',
    level: 'error',
    find: ({ externalManifests }) => urlProblems(externalManifests),
    examples: {
      bad: { patch: { externalManifests: [{ ...EXTERNAL, url: 'oci://example.org/metrics' }] } },
      good: { patch: { externalManifests: [EXTERNAL] } },
    },
  },
  {
    id: 'talos-patch/headers',
    level: 'error',
    find: (subject) => [...headerProblems(subject.externalManifests), ...differentHeaders(subject)],
    examples: {
      bad: {
        patch: {
          externalManifests: [
            { ...EXTERNAL, headers: { 'X-Team': 'network' } },
            { name: '01-storage', url: 'https://example.org/storage.yaml' },
          ],
        },
      },
      good: {
        patch: {
          externalManifests: [EXTERNAL, { name: '01-storage', url: 'https://example.org/storage.yaml' }],
        },
      },
    },
  },
  {
    id: 'talos-patch/secret',
    level: 'error',
    find: (subject) =>
      subject.allowSecrets
        ? undefined
        : [...externalSecrets(subject.externalManifests, SECRET_FIX), ...secretObjects(subject.objects)],
    examples: {
      bad: { objects: [secret({ stringData: { password: 'example' } })] },
      good: { objects: [secret({})] },
    },
  },
  {
    id: 'talos-patch/credential',
    level: 'warning',
    find: (subject) => (subject.allowSecrets ? undefined : credentials(subject)),
    examples: {
      bad: { objects: [{ ...CONFIG, data: { database: 'postgres://app:hunter2@db.example.org/app' } }] },
      good: { objects: [{ ...CONFIG, data: { database: 'postgres://db.example.org/app' } }] },
    },
  },
  {
    id: 'talos-patch/empty',
    level: 'error',
    find: ({ manifests }) =>
      manifests
        .filter(({ objects }) => objects.length === 0)
        .map(({ name }) =>
          problem(
            `manifests.${name}`,
            'The manifest has no objects; Talos would try to fetch it from an empty URL and fail.',
            'Leave it out.',
          ),
        ),
    examples: {
      bad: { patch: { manifests: [{ name: '20-app', objects: [] }] } },
      good: { objects: [CONFIG] },
    },
  },
];

/** Set by Talos, which rejects an object that belongs to another inventory. */
const INVENTORY = 'config.k8s.io/owning-inventory';

/** Rules about single objects, of whatever kind. */
export const OBJECT_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/inventory',
    level: 'error',
    find: ({ objects }) =>
      objects
        .filter(({ object }) => object.metadata.annotations?.[INVENTORY] !== undefined)
        .map(({ at }) =>
          problem(
            at,
            `The annotation ${INVENTORY} marks the object as owned by another tool; Talos rejects it.`,
            'Leave the annotation out.',
          ),
        ),
    examples: {
      bad: { objects: [{ ...CONFIG, metadata: { ...CONFIG.metadata, annotations: { [INVENTORY]: 'flux' } } }] },
      good: { objects: [CONFIG] },
    },
  },
];

/** Seconds that a finished Job may stay without still being there at the next upgrade: a day. */
const SHORT_LIVED = 24 * 60 * 60;

const job = (spec: object): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'setup', namespace: 'kube-system' },
  spec: {
    ...spec,
    template: {
      spec: { restartPolicy: 'OnFailure', containers: [{ name: 'setup', image: 'example.org/setup:1.0.0' }] },
    },
  },
});
const BGP_PEER: KubernetesObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumBGPPeerConfig',
  metadata: { name: 'tor' },
  spec: {},
};

/** Rules about what Talos does with objects later on. */
export const LIFE_CYCLE_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/job',
    level: 'warning',
    find: lastingJobs,
    examples: { bad: { objects: [job({})] }, good: { objects: [job({ ttlSecondsAfterFinished: 3600 })] } },
  },
  {
    id: 'talos-patch/before-cilium',
    level: 'warning',
    find: earlyResources,
    examples: {
      bad: {
        patch: {
          manifests: [
            { name: '05-routers', objects: [BGP_PEER] },
            { name: '10-cilium', objects: [CONFIG] },
          ],
          ciliumManifest: '10-cilium',
        },
      },
      good: {
        patch: {
          manifests: [
            { name: '10-cilium', objects: [CONFIG] },
            { name: '20-routers', objects: [BGP_PEER] },
          ],
          ciliumManifest: '10-cilium',
        },
      },
    },
  },
];

function differentHeaders({ talos, externalManifests }: PatchSubject): readonly Problem[] {
  const different = new Set(
    externalManifests.map(({ headers }) => JSON.stringify(Object.entries(headers ?? {}).sort())),
  );
  if (different.size < 2 || areDocuments(externalManifestsSetting, talos)) return [];
  return [
    problem(
      externalManifests.map(({ name }) => `externalManifests.${name}.headers`),
      'Talos fetches all of `cluster.extraManifests` with the same headers, and these differ.',
      'Give all external manifests the same headers.',
    ),
  ];
}

function lastingJobs({ objects, talos: { talosVersion } }: PatchSubject): Problem | undefined {
  const jobs = changingInPlace(objects.map(({ object }) => object))
    .filter(stays)
    .map(identity);
  if (jobs.length === 0) return undefined;
  const force = talosHas(talosVersion, 'manifest-pruning') ? ', or run upgrade-k8s with --manifests-force' : '';
  return problem(
    jobs,
    'The pods of a Job are immutable: talosctl upgrade-k8s fails while the Job exists and its manifest changes.',
    `Set ttlSecondsAfterFinished, so that the Job is deleted after it has run, or delete it before an upgrade${force}.`,
  );
}

function earlyResources({ manifests, objects, ciliumManifest }: PatchSubject): readonly Problem[] {
  const at = manifests.findIndex(({ name, partOf }) => (partOf ?? name) === ciliumManifest);
  const earlier = manifests.slice(0, Math.max(at, 0)).map(({ name }) => `manifests.${name}`);
  return objects
    .filter(({ object, place }) => earlier.includes(place) && object.apiVersion.startsWith('cilium.io/'))
    .map((one) =>
      problem(
        one.at,
        `Cilium creates the definition of this kind when it starts, and its manifest '${ciliumManifest ?? ''}' comes later: Talos reports an error and tries again.`,
        'Move it to a manifest after the one with Cilium.',
      ),
    );
}

function named(name: string): KubernetesObject {
  return { ...CONFIG, metadata: { name: name.slice(3), namespace: 'default' } };
}

function badNames({ manifests, externalManifests }: PatchSubject): readonly Problem[] {
  const places = [
    ...manifests.map(({ name }) => [name, 'manifests'] as const),
    ...externalManifests.map(({ name }) => [name, 'externalManifests'] as const),
  ];
  return places.flatMap(([name, list], i) => {
    const at = `${list}.${name}`;
    if (!MANIFEST_NAME.test(name)) {
      const hint = 'Use lower-case letters, digits, dashes and dots, such as 10-cilium.';
      return [problem(at, `'${name}' is not a valid manifest name.`, hint)];
    }
    if (places.findIndex(([other]) => other === name) === i) return [];
    const message = `Two manifests are named '${name}', and Talos would keep only one.`;
    return [problem(at, message, 'Give each manifest a unique name.')];
  });
}

function secretObjects(objects: PatchSubject['objects']): readonly Problem[] {
  return objects.flatMap(({ object, at }) => {
    const keys = secretKeys(object);
    if (keys.length > 0)
      return [problem(at, 'A Secret with data would be readable in the machine config.', SECRET_FIX)];
    return secretsOf(object)
      .filter(({ what }) => what !== 'credential')
      .map(({ at: place, what }) =>
        problem(
          `${at}: ${place}`,
          what === 'key'
            ? 'A private key would be readable in the machine config.'
            : 'The data of a Secret would be readable in the machine config.',
          SECRET_FIX,
        ),
      );
  });
}

function credentials({ objects }: PatchSubject): readonly Problem[] {
  return objects.flatMap(({ object, at }) =>
    object.kind === 'Secret'
      ? []
      : secretsOf(object)
          .filter(({ what }) => what === 'credential')
          .map(({ at: place }) =>
            problem(
              `${at}: ${place}`,
              'It looks like a credential, which would be readable in the machine config.',
              'Read it from a Secret that is created on the cluster, or set allowSecrets: true.',
            ),
          ),
  );
}

/** Whether a Job is still there when it is changed. */
function stays({ spec }: KubernetesObject): boolean {
  const { ttlSecondsAfterFinished: ttl } = mapOf(spec);
  return !(typeof ttl === 'number' && ttl <= SHORT_LIVED);
}
