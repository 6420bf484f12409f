import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPage } from './api-page';
import { checksPage } from './checks-page';
import { errorIdsModule, silenceableIdsModule } from './silenceable-ids';

/** What is generated from the code, by path: `npm run docs` writes it, a test compares. */
export function pages(): Readonly<Record<string, string>> {
  return {
    'docs/checks.md': checksPage(),
    'docs/api.md': apiPage(),
    'lib/rules/silenceable-ids.ts': silenceableIdsModule(),
    'lib/rules/error-ids.ts': errorIdsModule(),
  };
}

if (require.main === module) {
  for (const [name, text] of Object.entries(pages())) writeFileSync(join(__dirname, '..', name), text);
}
