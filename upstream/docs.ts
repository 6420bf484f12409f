import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeApiPages } from './api-pages';
import { dependenciesPage } from './dependencies';
import { knownFaultsPages } from './known-faults-pages';
import { proofPage } from './proof';
import { RULE_BOOKS } from './rules';
import { knownRules, rulesJson } from './rules/known';
import { rulesPages } from './rules-pages';
import { valuesPages } from './values-pages';

const root = join(__dirname, '..');

/** What is generated, by path: `npm run docs` writes it, a test compares. */
export function pages(): Readonly<Record<string, string>> {
  const rules = knownRules(RULE_BOOKS);
  return {
    'imports/rules/rules.json': rulesJson(rules),
    ...rulesPages(RULE_BOOKS, rules),
    ...knownFaultsPages(),
    ...valuesPages(),
    'docs/dependencies.md': dependenciesPage(),
    'docs/proof.md': proofPage(rules),
  };
}

if (require.main === module) {
  // Before the old ones are removed: a rule that cannot be shown leaves them as they are.
  const made = Object.entries(pages());
  for (const folder of ['rules', 'values']) rmSync(join(root, 'docs', folder), { recursive: true, force: true });
  for (const [name, text] of made) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  writeApiPages(join(root, 'docs', 'api'));
}
