import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readChart } from '../../lib/releases/archive';
import { IMPORT_FINDINGS } from '../../lib/releases/import-findings';
import type { ChartExample } from '../../lib/releases/import-findings';
import { packExample } from '../pack';
import { STALE_IMPORT, importedRelease } from '../../lib/cilium/imported-release';
import type { ImportedReleaseData } from '../../lib/cilium/imported-release';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

const FILE = 'cilium-1.20.4.tgz';

export const charts: RuleBook = book<ChartExample>({
  name: 'Charts',
  over: "The archive or unpacked chart that `import` and `verify` read: what it has besides the files of Cilium's chart, or in their place.",
  rules: listed(IMPORT_FINDINGS),
  judge: (example) => {
    const folder = mkdtempSync(join(tmpdir(), 'chart-'));
    const bytes = packExample(example);
    if (bytes !== undefined) writeFileSync(join(folder, FILE), bytes);
    const findings = findingsOf(() => {
      readChart(join(folder, FILE));
      return [];
    });
    rmSync(folder, { recursive: true });
    // The folder is another one each time.
    return findings.map((finding) => ({ ...finding, paths: [FILE] }));
  },
  input: (example) => plain(example),
});

export const imports: RuleBook = book<readonly [data: ImportedReleaseData, hash: string]>({
  name: 'Imported releases',
  over: 'The data that `cdk8s-talos-cilium import` wrote, and the hash for which its types were written.',
  rules: listed([STALE_IMPORT]),
  judge: ([data, hash]) =>
    findingsOf(() => {
      importedRelease(data, hash);
      return [];
    }),
  input: (example) => plain(example),
});
