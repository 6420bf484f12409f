import type { Case } from './case';
import { documentsIn } from './documents';
import type { PatchDocument } from './documents';

/*
 * Rules that the machinery does not check: the text of the files, and two errors at run time.
 */

/** The problems of patches on any config. */
export function ruleErrors({
  all,
  controlplane,
  worker,
}: Pick<Case, 'all' | 'controlplane' | 'worker'>): readonly string[] {
  const files = Object.entries({ all, controlplane, worker }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return [
    ...files.flatMap(([file, text]) => hygieneErrors(file, text)),
    ...files.flatMap(([file, text]) => documentsIn(text).flatMap((document) => documentErrors(file, document))),
    ...manifestErrors(files.filter(([file]) => file !== 'worker').flatMap(([, text]) => documentsIn(text))),
  ];
}

function hygieneErrors(file: string, text: string): readonly string[] {
  const wrong = (found: RegExp, message: string): readonly string[] =>
    found.test(text) ? [`${file}: ${message}`] : [];
  return [
    ...wrong(/^\s*$/, 'is empty'),
    ...wrong(/[ \t]$/m, 'has trailing blanks'),
    ...wrong(/^---\n?$(?![\s\S])/m, 'ends with ---'),
    ...wrong(/[^\n]$(?![\s\S])/, 'does not end with a line break'),
  ];
}

function documentErrors(file: string, { fields, kind }: PatchDocument): readonly string[] {
  if (Object.keys(fields).length === 0) return [`${file}: an empty document`];
  const { endpoint } = fields;
  // Without a scheme it is a path to Talos, which validates schemes only where there is one.
  if (kind === 'DiscoveryServiceConfig' && typeof endpoint === 'string' && !/^(https?|grpc):\/\//.test(endpoint))
    return [`${file}: ${endpoint} is not a URL`];
  return [];
}

/** Inline and external manifests share their names. */
function manifestErrors(documents: readonly PatchDocument[]): readonly string[] {
  const names = documents
    .filter(({ kind }) => ['KubeInlineManifestConfig', 'KubeExternalManifestConfig'].includes(kind))
    .map(({ kind, name }) => ({ kind, name }));
  return names.flatMap(({ kind, name }, i) =>
    names.slice(0, i).some((other) => other.name === name && other.kind !== kind)
      ? [`two manifests are called ${name}`]
      : [],
  );
}
