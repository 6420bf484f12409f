import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A cdk8s app outside the repository that has the packed library, and nothing else of it. */
describe('the packed library in another app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  const modules = join(folder, 'node_modules');
  let packed: readonly string[] = [];

  beforeAll(() => {
    const [{ filename, files }] = JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder], root).replace(/^[^[]*/, ''),
    ) as [{ filename: string; files: readonly { path: string }[] }];
    packed = files.map(({ path }) => path);
    mkdirSync(join(modules, 'cdk8s-talos-cilium'), { recursive: true });
    run(
      'tar',
      ['xzf', join(folder, filename), '--strip-components=1', '-C', join(modules, 'cdk8s-talos-cilium')],
      folder,
    );
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), '@types']) {
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
    writeFileSync(
      join(folder, 'main.ts'),
      `import { App, Chart } from 'cdk8s';
import { Cilium, TalosCluster, TalosPatch, loadValues, synthesize } from 'cdk8s-talos-cilium';
const app = new App();
const talos = new TalosCluster({ talosVersion: '1.13' });
const chart = new Chart(app, 'cilium', { disableResourceNameHashes: true });
const cilium = new Cilium(chart, 'cilium', { version: '1.18.4', talos, values: { hubble: { enabled: false } } });
new TalosPatch(app, 'talos', { talos, cilium, manifests: [chart] });
console.log(synthesize(app).files.map((f) => f.file).join(' '));
// @ts-expect-error a misspelt value does not compile
export const misspelt = () => new Cilium(chart, 'x', { version: '1.18.4', values: { cgroup: { automount: { enabled: false } } } });
// @ts-expect-error a value that only later versions know does not compile
export const tooNew = () => new Cilium(chart, 'y', { version: '1.18.4', values: { policyDenyResponse: 'none' } });
export const fromFile = () => new Cilium(chart, 'f', { version: '1.18.4', values: loadValues('values.yaml') });
export const newEnough = () => new Cilium(chart, 'z', { version: '1.19.6', values: { policyDenyResponse: 'none' } });
`,
    );
  }, 120_000);

  it('ships compiled code, types, sources and the data of the charts, and nothing else', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'build/cli/bundle.js',
        'build/cli/main.js',
        'build/lib/index.js',
        'build/lib/index.d.ts',
        'lib/index.ts',
        'build/imports/cilium-chart/1.18/defaults.json',
        'build/imports/cilium.io/index.d.ts',
        'build/imports/cilium.io/schemas.json',
        'build/imports/cilium.io/1.20/cilium-network-policy.json',
        'build/imports/rules/rules.json',
        'build/imports/value-docs/words.json',
        'docs/rules/ip-pool.md',
        'docs/values/hubble.md',
        'schemas/1.18.4.schema.json',
        'schemas/1.20.0.schema.json',
      ]),
    );
    const rooms = new Set(
      packed.map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('build/') ? 2 : 1)
          .join('/'),
      ),
    );
    expect([...rooms].sort()).toEqual([
      'LICENSE',
      'README.md',
      'build/cli',
      'build/imports',
      'build/lib',
      'docs',
      'imports',
      'lib',
      'package.json',
      'schemas',
    ]);
  });

  it('has the example cluster as one file that writes what main.ts writes, with and without its code cache', () => {
    const copy = join(folder, 'without-cache');
    mkdirSync(copy);
    for (const name of ['main.js', 'cluster.js', 'imports', 'lib']) {
      if (name.endsWith('.js')) copyFileSync(join(root, 'build', name), join(copy, name));
      else symlinkSync(join(root, 'build', name), join(copy, name));
    }
    const starts = [
      ['--import', 'tsx', join(root, 'main.ts')],
      [join(root, 'build', 'main.js')],
      [join(copy, 'main.js')],
    ];
    const written = starts.map((start, i) => {
      const outdir = join(folder, `cluster-${String(i)}`, 'dist');
      execFileSync(process.execPath, start, {
        cwd: root,
        env: { ...process.env, CDK8S_OUTDIR: outdir },
        stdio: 'pipe',
      });
      const files = readdirSync(dirname(outdir), { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.yaml'),
      );
      return files.sort().map((file) => `${file}\n${readFileSync(join(outdir, '..', file), 'utf8')}`);
    });
    expect(written[0]).toHaveLength(5);
    expect(written[1]).toEqual(written[0]);
    expect(written[2]).toEqual(written[0]);
  });

  it('type-checks strictly, refuses misspelt values, and writes manifests and patches', () => {
    const options = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--target',
      'es2022',
      '--module',
      'node16',
      '--moduleResolution',
      'node16',
      '--types',
      'node',
      '--outDir',
      'out',
    ];
    run(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, 'main.ts'], folder);
    expect(run(process.execPath, ['out/main.js'], folder).trim()).toBe(
      'cilium.k8s.yaml ../talos/controlplane.patch.yaml',
    );
    expect(readdirSync(join(folder, 'dist'))).toEqual(['cilium.k8s.yaml']);
    expect(readdirSync(join(folder, 'talos')).sort()).toEqual(['controlplane.patch.yaml', 'report.json']);
  });

  it.each(['cdk8s-talos-cilium', 'talos-cilium'])('has the program %s', (name) => {
    const own = join(modules, 'cdk8s-talos-cilium');
    const { bin, version } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as {
      readonly bin: Readonly<Record<string, string>>;
      readonly version: string;
    };
    expect(run(process.execPath, [join(own, bin[name] ?? ''), '--version'], folder).trim()).toBe(version);
  });

  it('runs a command as one file, which keeps what V8 compiled where it may and prints the same without', () => {
    const cli = join(modules, 'cdk8s-talos-cilium', 'build', 'cli');
    const command = [join(cli, 'main.js'), 'images', '--version', '1.20.0'];
    const kept = (): readonly string[] => readdirSync(cli).filter((file) => file.endsWith('.cache'));
    expect(kept()).toEqual([]);
    const first = run(process.execPath, command, folder);
    expect(first).toContain('quay.io/cilium/cilium:v1.20.0@sha256:');
    expect(kept()).toEqual([expect.stringMatching(/^images-[0-9a-f]{16}-.*\.cache$/)]);
    expect(run(process.execPath, command, folder)).toBe(first);
    // Of another bundle, of another V8, or damaged: compiled as usual.
    writeFileSync(join(cli, kept()[0] ?? ''), 'damaged');
    expect(run(process.execPath, command, folder)).toBe(first);
    expect(packed.filter((path) => path.endsWith('.cache'))).toEqual([]);
  });
});
