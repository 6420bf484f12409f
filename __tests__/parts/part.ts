import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/*
 * `npm test` runs the quick test files in a few parts: jest loads the library anew for each file that it runs, which costs more than
 * most files do. Each file is a block of its part, with its name. `npx jest <file>` runs one as jest runs files.
 */

/** As many as there are `part-….suite.ts`. */
const PARTS = 6;

const tests = join(__dirname, '..');

/** The quick test files, in the order of their names. */
function quickFiles(): readonly string[] {
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.test\.ts$/.test(file) && !/\.slow\.test\.ts$/.test(file)).sort();
}

/** Whether a file of the tests reads speed.ts, itself or through others: its tables are longer with `npm run test:slow`. */
function isSampled(file: string, known: Map<string, boolean>): boolean {
  const found = known.get(file);
  if (found !== undefined) return found;
  known.set(file, false);
  const imported = [...readFileSync(join(tests, file), 'utf8').matchAll(/ from '(\.[^']*)'/g)].map(([, path = '']) =>
    relative(tests, join(dirname(join(tests, file)), `${path}.ts`)),
  );
  const isIt = imported.some(
    (one) => one === 'speed.ts' || (!one.startsWith('..') && isOfTests(one) && isSampled(one, known)),
  );
  known.set(file, isIt);
  return isIt;
}

function isOfTests(file: string): boolean {
  try {
    return readFileSync(join(tests, file)).length > 0;
  } catch {
    return false;
  }
}

/** The part of a file: by its name, so that a file that is added while the parts run moves no other. */
function partOf(file: string): number {
  return ([...file].reduce((sum, sign) => (sum * 109 + sign.charCodeAt(0)) % 1_000_003, 0) % PARTS) + 1;
}

/** Runs about one quick file in `PARTS`. */
export function runPart(part: number): void {
  const known = new Map<string, boolean>();
  const files = quickFiles().filter((file) => process.env.TESTS !== 'slow' || isSampled(file, known));
  // Of few files a part may have none, which jest refuses.
  test('the parts are as many as their files', () => {
    expect(readdirSync(__dirname).filter((name) => name.endsWith('.suite.ts'))).toHaveLength(PARTS);
  });
  for (const file of files.filter((one) => partOf(one) === part))
    describe(file, () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import is not in the block
      require(join(tests, file));
    });
}
