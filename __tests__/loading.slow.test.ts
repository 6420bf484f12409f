import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { CiliumValues } from '../imports/cilium-chart';
import type { renderCilium } from '../lib/cilium/render';

describe('the compiled validators', () => {
  const loaded = (values: CiliumValues): boolean => {
    let wasLoaded = false;
    jest.isolateModules(() => {
      jest.doMock('../imports/kubernetes/validators.js', () => {
        wasLoaded = true;
        return jest.requireActual<object>('../imports/kubernetes/validators.js');
      });
      const fresh = jest.requireActual<{ renderCilium: typeof renderCilium }>('../lib/cilium/render');
      fresh.renderCilium({ version: '1.19.6', values });
    });
    return wasLoaded;
  };

  it('are loaded only when a value of Kubernetes is set', () => {
    expect(loaded({})).toBe(false);
    expect(loaded({ ipam: { mode: 'kubernetes' }, hubble: { enabled: false }, extraConfig: { a: 'b' } })).toBe(false);
    expect(loaded({ tolerations: [{ operator: 'Exists' }] })).toBe(true);
    expect(loaded({ operator: { replicas: 1 }, prometheus: { port: 9962 }, podLabels: { a: 'b' } })).toBe(false);
    expect(loaded({ resources: { limits: { memory: '1Gi' } } })).toBe(true);
  });
});

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
