import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import type { KubernetesObject } from '../../lib/kubernetes/types';

/** One document of a manifest, as it was written and as data. */
export interface Manifest {
  readonly where: string;
  readonly text: string;
  readonly object: KubernetesObject;
}

/** The manifests of one cluster. */
export interface Cluster {
  readonly name: string;
  /** Minor of the Cilium in it, when its agent is among the manifests. */
  readonly ciliumMinor: string | undefined;
  readonly manifests: readonly Manifest[];
}

/** The clusters among files and folders: files of one folder belong together. @throws Error when a path holds no manifests. */
export function findClusters(paths: readonly string[]): readonly Cluster[] {
  const files = new Set<string>();
  for (const path of paths) {
    const found = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).flatMap((file) =>
          file.endsWith('.k8s.yaml') ? [join(path, file)] : [],
        )
      : [path];
    if (found.length === 0) throw new Error(`${path} holds no *.k8s.yaml.`);
    for (const file of found) files.add(file);
  }
  const folders = [...new Set([...files].map((file) => dirname(file)))].sort();
  return folders.map((folder) => {
    const manifests = [...files]
      .filter((file) => dirname(file) === folder)
      .sort()
      .flatMap(readManifests);
    return { name: folder, ciliumMinor: ciliumMinorOf(manifests), manifests };
  });
}

function readManifests(file: string): readonly Manifest[] {
  return readFileSync(file, 'utf8')
    .split(/^---$/m)
    .flatMap((text, i) => {
      const object = parse(text, { version: '1.1' }) as KubernetesObject | null;
      return object === null ? [] : [{ where: `${basename(file)}, document ${String(i + 1)}`, text, object }];
    });
}

/** The same for objects that were never written. */
export function clusterOf(name: string, ciliumMinor: string, objects: readonly KubernetesObject[]): Cluster {
  return {
    name,
    ciliumMinor,
    manifests: objects.map((object) => ({ where: 'made here', text: JSON.stringify(object), object })),
  };
}

function ciliumMinorOf(manifests: readonly Manifest[]): string | undefined {
  const agent = manifests.find(({ object }) => object.kind === 'DaemonSet' && object.metadata.name === 'cilium');
  return /\/cilium(?:-ci)?:v(\d+\.\d+)\./.exec(agent?.text ?? '')?.[1];
}

/** The definitions in a folder, without labels and annotations, which do not affect validation. */
export function readDefinitions(folder: string): readonly KubernetesObject[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => parseDocument(readFileSync(join(folder, file), 'utf8')).toJS() as KubernetesObject)
    .filter(({ kind }) => kind === 'CustomResourceDefinition')
    .map((definition) => ({
      ...definition,
      metadata: { name: definition.metadata.name, annotations: approval(definition) },
    }));
}

/** Definitions in groups of Kubernetes itself are served only with this annotation. */
function approval({ metadata }: KubernetesObject): KubernetesObject['metadata']['annotations'] {
  const key = 'api-approved.kubernetes.io';
  const url = metadata.annotations?.[key];
  return url === undefined ? undefined : { [key]: url };
}

/** What is read of a pod template. */
interface Template {
  readonly metadata?: { readonly labels?: object; readonly annotations?: object };
  readonly spec: { readonly volumes?: readonly object[] };
}

/** The pod that a workload would make, so that admission judges it; `undefined` for what makes no pods. */
export function podOf({ kind, metadata, spec }: KubernetesObject): KubernetesObject | undefined {
  const outer = spec as
    | {
        readonly template?: Template;
        readonly jobTemplate?: { readonly spec: { readonly template: Template } };
        readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
      }
    | undefined;
  const template =
    kind === 'CronJob' ? outer?.jobTemplate?.spec.template : kind === 'Pod' ? undefined : outer?.template;
  if (template === undefined || !['CronJob', 'DaemonSet', 'Deployment', 'Job', 'StatefulSet'].includes(kind))
    return undefined;
  const { name, namespace } = metadata;
  // The controller of a StatefulSet makes a claim for each of its templates.
  const claims = (outer?.volumeClaimTemplates ?? []).map(({ metadata: { name: volume } }) => ({
    name: volume,
    persistentVolumeClaim: { claimName: `${volume}-${name}-0` },
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...(template.metadata as object), name: `${name}-pod`, namespace },
    spec: { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claims] },
  };
}
