import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { SETTINGS } from '../../lib/cli/settings';
import { SETTINGS_SCHEMA } from '../../upstream/settings-schema';
import { runCommand } from './run-command';

const home = process.cwd();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'settings-')));
const file = (name: string, text: string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
beforeAll(() => {
  file('deep/er/values.yaml', 'kubeProxyReplacement: true\n');
  process.chdir(join(folder, 'deep/er'));
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

interface Checked {
  readonly checked: readonly object[];
  readonly findings: readonly { readonly id: string; readonly file?: string; readonly line?: number }[];
}

async function check(settings: string, ...args: readonly string[]): Promise<Checked> {
  file('.talos-cilium.yaml', settings);
  return JSON.parse((await runCommand('check', 'values.yaml', '--json', ...args)).out) as Checked;
}

const CONFIG = `machine:
  type: controlplane
  install: { image: ghcr.io/siderolabs/installer:v1.13.2 }
`;

test('the nearest file above holds release, Talos version and namespace', async () => {
  const { checked } = await check('version: v1.18.4\ntalos: 1.14\nnamespace: cilium\n');
  expect(checked).toEqual([{ files: ['values.yaml'], version: '1.18.4', namespace: 'cilium', talos: '1.14' }]);
});

test('options win over the file, and --no-settings ignores it', async () => {
  const settings = 'version: 1.18.4\ntalos: "1.14"\nnamespace: cilium\n';
  expect((await check(settings, '--version', '1.19', '--talos', '1.13')).checked).toMatchObject([
    { version: '1.19.6', talos: '1.13', namespace: 'cilium' },
  ]);
  expect((await check(settings, '--no-settings')).checked).toEqual([
    { files: ['values.yaml'], version: '1.20.0', namespace: 'kube-system' },
  ]);
});

test('machine configs are found from the file', async () => {
  file('talos/controlplane.yaml', CONFIG);
  const { checked } = await check('version: 1.19.6\nmachineConfig: talos/controlplane.yaml\n');
  expect(checked).toMatchObject([{ talos: '1.13.2' }]);
});

test('a release in a HelmRelease wins over the file', async () => {
  const release = file(
    'release.yaml',
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  chart: { spec: { chart: cilium, version: 1.19.2 } }\n',
  );
  file('.talos-cilium.yaml', 'version: 1.18.4\n');
  const { out } = await runCommand('check', release, '--json');
  expect(JSON.parse(out)).toMatchObject({ checked: [{ version: '1.19.2' }] });
});

test('acknowledged warnings are not reported, and unused acknowledgements are', async () => {
  const own = 'version: 1.19.6\nacknowledge:\n  kube-proxy-replacement/api-server: we set the routes\n';
  expect((await check(own)).findings).toEqual([]);
  expect((await check(`${own}  values/no-effect: later\n`)).findings).toMatchObject([
    { id: 'app/unused-acknowledgement', file: join(folder, '.talos-cilium.yaml'), line: 4, column: 3 },
  ]);
  const shared = `${own}  values/no-effect: later\n  app/unused-acknowledgement: shared by clusters\n`;
  expect((await check(shared)).findings).toEqual([]);
});

test.each([
  ['release: 1.19.6\n', 'settings/unknown-prop', 1, /Write `version`/],
  ['version: 1.19.6\ntalsos: "1.14"\n', 'settings/unknown-prop', 2, /Did you mean `talos`\?/],
  ['version: 1.20\n', 'settings/type', 1, /quotes: "1\.20"/],
  ['apiVersions: monitoring.coreos.com/v1\n', 'settings/type', 1, /list/],
  ['acknowledge: { values/no-efect: later }\n', 'settings/acknowledge', 1, /Did you mean 'values\/no-effect'/],
  ['acknowledge:\n  values/no-effect: ""\n', 'settings/acknowledge', 2, /why/],
  ['acknowledge:\n  values/type: later\n', 'settings/acknowledge', 2, /fix the error/],
  ['version: [\n', 'load-values/syntax', 2, /syntax/],
])('%j is refused with its place', async (text, id, line, hint) => {
  const { findings } = await check(text);
  expect(findings[0]).toMatchObject({
    id,
    level: 'error',
    file: join(folder, '.talos-cilium.yaml'),
    line,
    hint: expect.stringMatching(hint) as string,
  });
});

test('the schema has the settings that are read', () => {
  const { form } = SETTINGS;
  expect(Object.keys(SETTINGS_SCHEMA.properties)).toEqual(form.is === 'props' ? Object.keys(form.of) : []);
  const isValid = new Ajv({ strict: true, allowUnionTypes: true }).compile(SETTINGS_SCHEMA);
  expect(isValid({ version: '1.19.6', talos: 1.14, machineConfig: ['a.yaml'], acknowledge: { 'a/b': 'c' } })).toBe(
    true,
  );
  expect(isValid({ release: '1.19.6' })).toBe(false);
});
