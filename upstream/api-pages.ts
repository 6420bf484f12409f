import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';

/** Writes the pages of the public surface, one for each export, from the doc comments: typedoc with its Markdown plugin. */
export function writeApiPages(folder: string): void {
  execFileSync(
    process.execPath,
    [
      join(dirname(require.resolve('typedoc/package.json')), 'bin', 'typedoc'),
      '--options',
      join(__dirname, 'typedoc.json'),
      '--out',
      folder,
      '--logLevel',
      'Warn',
      '--treatWarningsAsErrors',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
}
