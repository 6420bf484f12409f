import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPage } from './api-page';
import { checksPage } from './checks-page';

/** The generated pages, by name: `npm run docs` writes them, a test compares. */
export function pages(): Readonly<Record<string, string>> {
  return { 'checks.md': checksPage(), 'api.md': apiPage() };
}

if (require.main === module) {
  for (const [name, text] of Object.entries(pages())) writeFileSync(join(__dirname, '..', 'docs', name), text);
}
