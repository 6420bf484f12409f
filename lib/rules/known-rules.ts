import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homepage } from './homepage';

/** A rule as `npm run docs` describes it. */
export interface KnownRule {
  /** `either`: it depends on the release, on the Talos cluster or on a setting. */
  readonly level: 'error' | 'warning' | 'either';
  readonly message?: string;
  readonly hint?: string;
  readonly docs?: string;
  readonly page?: string;
}

let known: ReadonlyMap<string, KnownRule> | undefined;

/** Every rule of the library by its id, read from generated data when it is first needed. */
export function knownRules(): ReadonlyMap<string, KnownRule> {
  known ??= read();
  return known;
}

function read(): ReadonlyMap<string, KnownRule> {
  const text = readFileSync(join(__dirname, '..', '..', 'imports', 'rules', 'rules.json'), 'utf8');
  return new Map(Object.entries(JSON.parse(text) as Readonly<Record<string, KnownRule>>));
}

/** The address of a rule's page; `undefined` as long as there is no {@link homepage}, and for rules of the user. */
export function pageAddress(id: string): string | undefined {
  return homepage === '' ? undefined : knownRules().get(id)?.page;
}
