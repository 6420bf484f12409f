/** Imported releases for the examples of rules: a known release under another name, with changes. */
import type { Json } from '../kubernetes/json';
import type { ImportedTemplates } from './imported-release';
import { IMPORT_FORMAT, ImportedRelease } from './imported-release';
import { provenHashes } from './proven-templates';
import { readsOfRelease } from './unproven-findings';
import { loadProfile } from './versions';
import type { ReadingRule } from '../rules/rule';
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import type { CiliumValues } from '../../imports/cilium-chart';

interface Changes {
  readonly version: string;
  /** A template that has a block which no proven release has. */
  readonly changedTemplate?: string;
  /** A value that the templates read, besides those of the known release. */
  readonly newValue?: string;
}

/** The newest known release under another name. */
export function exampleRelease({ version, changedTemplate, newValue }: Changes): ImportedRelease {
  const known = CILIUM_VERSIONS[CILIUM_VERSIONS.length - 1] ?? '';
  const profile = loadProfile(known)?.profile;
  const { files, blocks } = provenHashes(known);
  const changed = changedTemplate === undefined ? {} : { [changedTemplate]: 'changed' };
  const templates: ImportedTemplates = {
    files: { ...files, ...changed },
    blocks: {
      ...blocks,
      ...Object.fromEntries(Object.keys(changed).map((file) => [file, [...(blocks[file] ?? []), 'changed']])),
    },
    changed: Object.keys(changed).map((file) => ({ file, line: 1, hash: 'changed', output: file, isDefined: true })),
    trees: {},
    objects: {},
  };
  const text = (value: unknown): string => JSON.stringify(value);
  return new ImportedRelease({
    format: IMPORT_FORMAT,
    version,
    chart: '',
    defaults: text(profile?.defaults),
    images: '{}',
    shapes: text({ ...profile?.shapes, ...(newValue === undefined ? {} : { [newValue]: 'any' as Json }) }),
    kubernetes: '{}',
    reads: text([...readsOfRelease(known), ...(newValue === undefined ? [] : [newValue])]),
    effects: text({ nodes: ['', ['?', 0]], outputs: [1] }),
    templates: text(templates),
  });
}

interface Examples {
  readonly bad: ReleaseExample;
  readonly good: ReleaseExample;
}

interface ReleaseExample {
  readonly version: ImportedRelease;
  readonly unproven?: boolean;
  readonly values?: CiliumValues;
}

/** The findings about imported releases, `unproven-findings.ts`. Examples are made when they are needed. */
export const UNPROVEN_FINDINGS: readonly ReadingRule<unknown, ReleaseExample>[] = [
  {
    id: 'values/unproven-minor',
    level: 'error',
    get examples(): Examples {
      const version = exampleRelease({ version: '1.99.0' });
      return { bad: { version }, good: { version, unproven: true } };
    },
  },
  {
    id: 'values/unproven-templates',
    level: 'warning',
    get examples(): Examples {
      const version = exampleRelease({ version: '1.20.99', changedTemplate: 'templates/cilium-configmap.yaml' });
      return { bad: { version }, good: { version: exampleRelease({ version: '1.20.99' }) } };
    },
  },
  {
    id: 'values/not-rendered',
    level: 'warning',
    get examples(): Examples {
      const version = exampleRelease({ version: '1.20.99', newValue: 'newInThisRelease' });
      const values = { newInThisRelease: true } as CiliumValues;
      return { bad: { version, values }, good: { version } };
    },
  },
];
