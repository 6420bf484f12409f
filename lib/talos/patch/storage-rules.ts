import { distance } from 'fastest-levenshtein';
import { isMap, mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { installsOthers } from './definition-rules';
import { mapsOf, podSpecOf } from '../../kubernetes/pods';
import type { TalosPatchRule } from './rule';
import type { PatchObject, PatchSubject } from './subject';

const DOCS = 'https://docs.siderolabs.com/kubernetes-guides/csi/storage';
const IS_DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

const storageClass = (name: string): KubernetesObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'rancher.io/local-path',
});
const claim = (spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});

/** Rules about the volumes that pods of a patch claim. */
export const STORAGE_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/no-storage-class',
    level: 'warning',
    docs: DOCS,
    find: withoutDefaultClass,
    examples: { bad: { objects: [claim({})] }, good: { objects: [storageClass('local'), claim({})] } },
  },
  {
    id: 'talos-patch/unknown-storage-class',
    level: 'warning',
    docs: DOCS,
    find: misspeltClasses,
    examples: {
      bad: { objects: [storageClass('local-path'), claim({ storageClassName: 'local-pth' })] },
      good: { objects: [storageClass('local-path'), claim({ storageClassName: 'local-path' })] },
    },
  },
];

/** A claim that a volume must be provisioned for. */
interface Claim {
  readonly at: string;
  readonly object: KubernetesObject;
  /** `undefined` for the default class. */
  readonly storageClass: string | undefined;
}

/** Claims of objects, of StatefulSets and of pods; those for volumes that exist are left out. */
function claimsOf({ object, at }: PatchObject): readonly Claim[] {
  const { kind, apiVersion, spec } = object;
  const own: readonly (readonly [string, JsonObject])[] =
    kind === 'PersistentVolumeClaim' && apiVersion === 'v1' ? [['spec', mapOf(spec)]] : [];
  const templates = kind === 'StatefulSet' ? mapsOf(mapOf(spec).volumeClaimTemplates) : [];
  const ephemeral = mapsOf(podSpecOf(object)?.volumes).filter(({ ephemeral: volume }) => isMap(volume));
  const all = [
    ...own,
    ...templates.map((template, i) => [`spec.volumeClaimTemplates[${String(i)}].spec`, mapOf(template.spec)] as const),
    ...ephemeral.map(
      ({ name, ephemeral: volume }) =>
        [`volumes.${String(name)}.ephemeral`, mapOf(mapOf(mapOf(volume).volumeClaimTemplate).spec)] as const,
    ),
  ];
  return all.flatMap(([field, { storageClassName, volumeName, selector }]) => {
    const isStatic = storageClassName === '' || volumeName !== undefined || selector !== undefined;
    const name = typeof storageClassName === 'string' ? storageClassName : undefined;
    return isStatic ? [] : [{ at: `${at}: ${field}`, object, storageClass: name }];
  });
}

function withoutDefaultClass(subject: PatchSubject): Problem | undefined {
  if (installsOthers(subject) || hasVolumesWithoutClass(subject) || classesOf(subject).some(isDefault))
    return undefined;
  const claims = subject.objects.flatMap(claimsOf).filter((one) => one.storageClass === undefined);
  if (claims.length === 0) return undefined;
  const isSpire = claims.some(({ object: { metadata } }) => metadata.name === SPIRE_SERVER);
  return problem(
    [...claims.map(({ at }) => at), ...(isSpire ? [`cilium.${SPIRE_STORAGE}`] : [])],
    `These claims need the default StorageClass, which neither Talos nor the patch has: their pods stay pending${isSpire ? ', and without the SPIRE server no peer authenticates' : ''}.`,
    isSpire
      ? `Name a class that exists (\`${SPIRE_STORAGE}.storageClass\`), or set \`${SPIRE_STORAGE}.enabled: false\` for tests; acknowledge this where a default class is installed by other means.`
      : 'Add a StorageClass that is the default, or name a class that exists; acknowledge this where one is installed by other means.',
  );
}

const SPIRE_SERVER = 'spire-server';
const SPIRE_STORAGE = 'authentication.mutual.spire.install.server.dataStorage';

/** A misspelt name differs in at most so many letters. */
const SLIP = 2;

function misspeltClasses(subject: PatchSubject): readonly Problem[] {
  if (installsOthers(subject)) return [];
  const names = classesOf(subject).map(({ metadata }) => metadata.name);
  return subject.objects.flatMap(claimsOf).flatMap(({ at, storageClass: name }) => {
    const isKnown = name === undefined || names.includes(name);
    const meant = isKnown ? undefined : names.find((other) => distance(other, name) <= SLIP);
    return meant === undefined
      ? []
      : [
          problem(
            `${at}.storageClassName`,
            `The patch has no StorageClass '${name ?? ''}': the pods stay pending until there is one.`,
            `Did you mean '${meant}'?`,
          ),
        ];
  });
}

function classesOf({ objects }: PatchSubject): readonly KubernetesObject[] {
  return objects.map(({ object }) => object).filter(({ kind }) => kind === 'StorageClass');
}

function isDefault({ metadata }: KubernetesObject): boolean {
  return IS_DEFAULT.some((key) => metadata.annotations?.[key] === 'true');
}

/** Whether there are volumes that claims without a class may bind. */
function hasVolumesWithoutClass({ objects }: PatchSubject): boolean {
  return objects.some(
    ({ object: { kind, spec } }) =>
      kind === 'PersistentVolume' && ['', undefined].includes(mapOf(spec).storageClassName as string | undefined),
  );
}
