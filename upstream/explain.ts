import { parseArgs } from 'node:util';
import { loadValues } from '../lib/inputs/load-values';
import { renderCilium } from '../lib/cilium/render';
import { CiliumError } from '../lib/rules/finding';

/** `npm run explain -- enable-ipv4 [--version 1.18.4] [--values FILE]`: who writes a config key, volume, permission or object. */
function main(): number {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: { version: { type: 'string', default: '1.18.4' }, values: { type: 'string' } },
  });
  if (positionals.length === 0) {
    console.error(
      'npm run explain -- NAME… [--version 1.18.4] [--values FILE]: name a config key, volume, permission or object.',
    );
    return 2;
  }
  const values = options.values === undefined ? {} : loadValues(options.values);
  const { explain } = renderCilium({ version: options.version, values });
  const found = positionals.flatMap((name) => explain(name));
  for (const { line, by, message } of found) {
    if (message === undefined) console.log(`${line}: ${by.join(', ')}`);
    else console.error(`${line}: ${message}`);
  }
  return found.some(({ message }) => message === undefined) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof CiliumError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
