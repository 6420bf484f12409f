import { join } from 'node:path';
import { readWords } from '../../upstream/value-docs';
import { TypeScriptServer } from './typescript-server';
import type { Location } from './typescript-server';

/* What an editor shows of values in TypeScript: the wrong value itself is underlined, not the values around it. */

const root = join(__dirname, '..', '..');
const server = new TypeScriptServer(root);
const words = readWords();
afterAll(() => {
  server.stop();
});

const HEAD = `import { App, Chart } from 'cdk8s';
import { Cilium, renderCilium, type CiliumVersion } from '../lib';
const chart = new Chart(new App(), 'a');
`;
let files = 0;
/** A file among the examples, which exists in the editor only. */
const file = (): string => join(root, 'examples', `editor-${String(++files)}.ts`);

/** The texts that are underlined. */
async function underlined(text: string): Promise<readonly string[]> {
  const lines = `${HEAD}${text}`.split('\n');
  const found = await server.open(file(), `${HEAD}${text}`);
  return found.map(({ start, end }) => (lines[start.line - 1] ?? '').slice(start.offset - 1, end.offset - 1));
}

const FORMS: readonly (readonly [string, (values: string) => string])[] = [
  ['Cilium', (values) => `new Cilium(chart, 'b', { version: '1.19.6', values: ${values} });`],
  ['Cilium with layers', (values) => `new Cilium(chart, 'b', { version: '1.19.6', values: [{ MTU: 1 }, ${values}] });`],
  [
    'Cilium of any release',
    (values) => `declare const v: CiliumVersion; new Cilium(chart, 'b', { version: v, values: ${values} });`,
  ],
  ['renderCilium', (values) => `renderCilium({ version: '1.19.6', values: ${values} });`],
  ['Cilium.fromVersion', (values) => `Cilium.fromVersion(chart, 'b', '1.19.6', { values: ${values} });`],
];

const WRONG: readonly (readonly [values: string, underlined: readonly string[]])[] = [
  [`{ kubeProxyReplacement: 'strict' }`, ['kubeProxyReplacement']],
  [`{ ipam: { mode: 'kubernetes' }, routingMode: 'nativ' }`, ['routingMode']],
  [`{ hubble: { relay: { enabled: 'yes' } }, MTU: 1420 }`, ['enabled']],
  [`{ hubble: { relay: { enable: true } } }`, ['enable']],
  [`{ mtu: 1420 }`, ['mtu']],
  [`{ bandwidthManager: true }`, ['bandwidthManager']],
  [`{ tolerations: [{ operator: 'Exist' }] }`, ['operator']],
  [`{ encryption: { type: 'wiregard' }, hubble: { ui: { enabled: 1 } } }`, ['type', 'enabled']],
];

describe.each(FORMS)('%s', (_, form) => {
  it.each(WRONG)('underlines what is wrong in %s', async (values, expected) => {
    expect(await underlined(form(values))).toEqual(expected);
  });

  it('accepts right values', async () => {
    expect(await underlined(form(`{ kubeProxyReplacement: true, k8sServicePort: 7445, tolerations: null }`))).toEqual(
      [],
    );
  });
});

it('the release decides which values compile', async () => {
  const of = (version: string): string =>
    `new Cilium(chart, 'b', { version: '${version}', values: { nodePort: { enabled: true } } });`;
  expect(await underlined(of('1.18.4'))).toEqual([]);
  expect(await underlined(of('1.19.6'))).toEqual(['enabled']);
});

describe('an editor', () => {
  const before = `${HEAD}new Cilium(chart, 'b', { version: '1.19.6', values: {\n  `;
  const after = `\n} });\n`;
  const at = (text: string): Location => ({ line: before.split('\n').length, offset: 3 + text.length });

  it('values and words are offered', async () => {
    const one = file();
    await server.open(one, `${before}${after}`);
    expect(await server.completions(one, at(''))).toEqual(
      expect.arrayContaining(['gatewayAPI', 'kubeProxyReplacement', 'l2announcements', 'routingMode']),
    );
    const two = file();
    await server.open(two, `${before}routingMode: 'na'${after}`);
    expect(await server.completions(two, at(`routingMode: 'na`))).toEqual(expect.arrayContaining(['native', 'tunnel']));
  });

  it.each([
    ['bpf.masquerade', 'true'],
    ['hubble.relay.enabled', "'yes'"],
    ['kubeProxyReplacement', 'true'],
    ['hubble.relay', '{}'],
  ])('a hover over %s, which is %s, shows its sentence', async (path, value) => {
    const names = path.split('.');
    const one = file();
    const text = `${names.map((name) => `${name}: `).join('{ ')}${value}${' }'.repeat(names.length - 1)}`;
    await server.open(one, `${before}${text}${after}`);
    const offset = text.lastIndexOf(`${names.at(-1) ?? ''}:`) + 1;
    expect(await server.hover(one, at(text.slice(0, offset)))).toBe(words[path]);
  });
});
