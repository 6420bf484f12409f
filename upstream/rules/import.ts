import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readChart } from '../../lib/releases/archive';
import { IMPORT_FINDINGS } from '../../lib/releases/import-findings';
import type { ChartExample } from '../../lib/releases/import-findings';
import { packExample } from '../pack';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

export const charts: RuleBook = book<ChartExample>({
  name: 'Charts',
  over: "The archive or unpacked chart that `import` and `verify` read: what it has besides the files of Cilium's chart, or in their place.",
  rules: listed(IMPORT_FINDINGS),
  judge: (example) =>
    findingsOf(() => {
      const folder = mkdtempSync(join(tmpdir(), 'chart-'));
      const file = join(folder, 'cilium-1.20.4.tgz');
      try {
        const bytes = packExample(example);
        if (bytes !== undefined) writeFileSync(file, bytes);
        readChart(file);
        return [];
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
  input: (example) => plain(example),
});
