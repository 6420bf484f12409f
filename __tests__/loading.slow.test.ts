import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

it('the validator of custom resources is loaded only for custom resources', () => {
  const program = (lines: string): string =>
    execFileSync(
      process.execPath,
      [
        '--import',
        'tsx',
        '-e',
        `${lines} console.log(Object.keys(require.cache).filter((file) => file.includes('/ajv/')).length > 0)`,
      ],
      {
        cwd: join(__dirname, '..'),
        encoding: 'utf8',
      },
    ).trim();
  const library = `const { schemaFindings } = require('./lib/resource/schema.ts');`;
  expect(program(library)).toBe('false');
  expect(program(`${library} schemaFindings('CiliumNodeConfig', '1.20.0', {}, 'a');`)).toBe('true');
});
