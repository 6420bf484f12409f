import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { differences } from '../lib/helm/difference';
import { normalForm } from '../lib/helm/normal-form';
import { readManifests } from '../lib/inputs/manifests';
import * as library from '../lib/index';
import type { KubernetesObject } from '../lib/kubernetes/types';
import { writeDocuments } from '../lib/kubernetes/yaml';

const root = join(__dirname, '..');
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** TypeScript 6 deprecates what the template of cdk8s sets for older releases. */
const OF_TYPESCRIPT_6 = { ignoreDeprecations: '6.0' };

/** Unpacks the library into a folder of modules, with modules of the repository beside it. */
function install(archive: string, modules: string, names: readonly string[]): void {
  mkdirSync(join(modules, 'cdk8s-talos-cilium'), { recursive: true });
  run('tar', ['xzf', archive, '--strip-components=1', '-C', join(modules, 'cdk8s-talos-cilium')], modules);
  for (const name of names) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
}

/** A cdk8s app outside the repository that has the packed library, and nothing else of it. */
describe('the packed library in another app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  const modules = join(folder, 'node_modules');
  let packed: readonly string[] = [];
  let archive = '';

  beforeAll(() => {
    const [{ filename, files }] = JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder], root).replace(/^[^[]*/, ''),
    ) as [{ filename: string; files: readonly { path: string }[] }];
    packed = files.map(({ path }) => path);
    archive = join(folder, filename);
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    install(archive, modules, [...Object.keys({ ...dependencies, ...peerDependencies }), '@types']);
    // As `npm install <file>` leaves it.
    const packages = { 'node_modules/cdk8s-talos-cilium': { resolved: `file:../${filename}` } };
    writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages }));
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
        'build/cli/licenses.txt',
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
      'build/sbom.cdx.json',
      'docs',
      'imports',
      'lib',
      'package.json',
      'schemas',
    ]);
  });

  it('is one file with every export under its name, for require and import alike', () => {
    const file = join(folder, 'names.mjs');
    writeFileSync(
      file,
      `import * as library from 'cdk8s-talos-cilium';
import { createRequire } from 'node:module';
const required = createRequire(import.meta.url)('cdk8s-talos-cilium');
const classes = Object.entries(required).filter(([, one]) => /^class\\b/.test(String(one)));
console.log(JSON.stringify({
  imported: Object.keys(library).filter((name) => !['default', 'module.exports'].includes(name)),
  required: Object.keys(required).sort(),
  renamed: classes.filter(([name, one]) => one.name !== name).map(([name]) => name),
  classes: classes.length,
}));
`,
    );
    const { imported, required, renamed, classes } = JSON.parse(run(process.execPath, [file], folder)) as Record<
      string,
      unknown
    >;
    expect(imported).toEqual(Object.keys(library).sort());
    expect(required).toEqual(imported);
    expect(renamed).toEqual([]);
    expect(classes).toBeGreaterThan(20);
    expect(packed.filter((path) => /^build\/lib\/.*\.js$/.test(path))).toEqual(['build/lib/index.js']);
  });

  it('has the licence of every module that its program contains', () => {
    const text = readFileSync(join(modules, 'cdk8s-talos-cilium', 'build', 'cli', 'licenses.txt'), 'utf8');
    const names = text.split(`${'-'.repeat(80)}\n\n`).map((one) => {
      expect(one).toMatch(/Copyright|Permission|Apache License/i);
      return one.split(' ')[0];
    });
    expect(names).toEqual(expect.arrayContaining(['cdk8s', 'commander', 'constructs', 're2js', 'yaml']));
  });

  it('is the same archive when it is packed in another folder at another time', () => {
    const other = mkdtempSync(join(tmpdir(), 'pack-'));
    const files = run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], root).split('\0');
    for (const file of files.filter((one) => one !== '' && existsSync(join(root, one)))) {
      mkdirSync(dirname(join(other, file)), { recursive: true });
      copyFileSync(join(root, file), join(other, file));
    }
    symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'));
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json'], other).replace(/^[^[]*/, '')) as [
      { filename: string },
    ];
    const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(hash(join(other, filename))).toBe(hash(archive));
  }, 300_000);

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

  describe('init', () => {
    const cli = (...args: readonly string[]): string =>
      run(process.execPath, [join(modules, 'cdk8s-talos-cilium', 'build', 'cli', 'main.js'), ...args], folder);

    /** Makes a project and installs what its package.json names: the packed file, and modules in the releases of this repository. */
    const project = (name: string, ...args: readonly string[]): string => {
      cli('init', name, ...args);
      return installed(name);
    };

    const installed = (name: string): string => {
      const target = join(folder, name);
      const { dependencies, devDependencies } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as {
        readonly dependencies: Readonly<Record<string, string>>;
        readonly devDependencies: Readonly<Record<string, string>>;
      };
      const { 'cdk8s-talos-cilium': library = '', ...others } = { ...dependencies, ...devDependencies };
      expect(library).toBe(`file:../${basename(archive)}`);
      const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object>;
      expect({ ...own.peerDependencies, ...own.devDependencies, ...own.peerDependencies }).toMatchObject(others);
      const needed = Object.keys((own.dependencies as object | undefined) ?? {});
      install(join(target, library.slice('file:'.length)), join(target, 'node_modules'), [
        ...new Set([...Object.keys(others).filter((one) => !one.startsWith('@types/')), ...needed, '@types', '.bin']),
      ]);
      return target;
    };
    const npm = (target: string, script: string, ...flags: readonly string[]): string =>
      execFileSync('npm', ['run', '--silent', script, '--', ...flags], {
        cwd: target,
        encoding: 'utf8',
        env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', TESTS: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });

    /** Jest writes no snapshots where `CI` is set, and the first run of a new project writes them. */
    const firstTest = (target: string): string => npm(target, 'test', '--ci=false');

    /** Settings of cdk8s' own template. */
    const compiles = (target: string): void => {
      npm(target, 'check');
      const template = join(root, 'node_modules', 'cdk8s-cli', 'templates', 'typescript-app', 'tsconfig.json');
      const { compilerOptions } = JSON.parse(readFileSync(template, 'utf8')) as { readonly compilerOptions: object };
      const settings = {
        ...compilerOptions,
        noEmit: true,
        types: ['node', 'jest'],
        skipLibCheck: true,
        ...OF_TYPESCRIPT_6,
      };
      writeFileSync(
        join(target, 'tsconfig.cdk8s.json'),
        JSON.stringify({ compilerOptions: settings, include: ['**/*.ts'] }),
      );
      run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.cdk8s.json'], target);
    };

    it('makes a project whose tests pass and that writes manifests and patches', () => {
      const target = project('new-cluster');
      npm(target, 'synth');
      expect(readdirSync(join(target, 'dist'))).toEqual(['cilium.k8s.yaml']);
      expect(readdirSync(join(target, 'talos')).sort()).toEqual(['controlplane.patch.yaml', 'report.json']);
      firstTest(target);
      expect(readdirSync(join(target, '__tests__', '__snapshots__'))).toEqual(['cluster.test.ts.snap']);
      npm(target, 'test', '--ci');
      compiles(target);
    }, 300_000);

    it('makes one from a script that writes what the script renders', () => {
      const line = [
        '--version',
        '1.18.4',
        '--namespace',
        'kube-system',
        '--set',
        'hubble.relay.enabled=true',
        '--set',
        'ipam.mode=kubernetes',
      ];
      writeFileSync(join(folder, 'install.sh'), `helm upgrade -i cilium cilium/cilium ${line.join(' \\\n  ')}\n`);
      const target = project('from-script', '--from', 'install.sh');
      npm(target, 'synth');
      const objects = (text: string): readonly string[] => text.match(/^kind: .*\n|^ {2}name: .*\n/gm) ?? [];
      const synthesized = readFileSync(join(target, 'dist', 'cilium.k8s.yaml'), 'utf8');
      expect([...objects(synthesized)].sort()).toEqual(
        [...objects(cli('template', 'cilium', 'cilium/cilium', ...line))].sort(),
      );
      firstTest(target);
      compiles(target);
    }, 300_000);

    it('adopts what runs, with an edit, resources and other objects, as a project that writes the same', () => {
      const line = [
        '--version',
        '1.19.6',
        '--namespace',
        'kube-system',
        '--set',
        'ipam.mode=kubernetes,l2announcements.enabled=true,cgroup.autoMount.enabled=false,cgroup.hostRoot=/sys/fs/cgroup',
        '--set',
        'securityContext.capabilities.ciliumAgent={CHOWN,KILL,NET_ADMIN,NET_RAW,IPC_LOCK,SYS_ADMIN,SYS_RESOURCE,DAC_OVERRIDE,FOWNER,SETGID,SETUID}',
        '--set',
        'securityContext.capabilities.cleanCiliumState={NET_ADMIN,SYS_ADMIN,SYS_RESOURCE}',
      ];
      const objects = readManifests({ name: 'a', text: cli('template', 'cilium', 'cilium/cilium', ...line) }).map(
        ({ object }) => object,
      );
      const edited = objects.map((object) =>
        object.kind === 'Deployment' ? { ...object, spec: { ...(object.spec as object), paused: true } } : object,
      );
      const pool = {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumLoadBalancerIPPool',
        metadata: { name: 'lan' },
        spec: { blocks: [{ cidr: '192.168.1.240/28' }] },
      };
      const other = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'other', namespace: 'default' },
        data: { a: 'b' },
      };
      const running = [...edited, pool, other];
      const config = {
        machine: {
          type: 'controlplane',
          install: { image: 'ghcr.io/siderolabs/installer:v1.12.4' },
          kubelet: { image: 'ghcr.io/siderolabs/kubelet:v1.34.1' },
        },
        cluster: {
          proxy: { disabled: false },
          inlineManifests: [{ name: 'cilium', contents: writeDocuments(running) }],
        },
      };
      writeFileSync(join(folder, 'controlplane.yaml'), writeDocuments([config]));
      cli('adopt', 'controlplane.yaml', '--output', 'project', '--folder', 'adopted');
      const target = installed('adopted');
      npm(target, 'synth');
      const synthesized = readManifests({
        name: 'b',
        text: readFileSync(join(target, 'dist', 'cilium.k8s.yaml'), 'utf8'),
      });
      expect(
        differences(
          normalForm(running as readonly KubernetesObject[]),
          normalForm(synthesized.map(({ object }) => object)),
        ),
      ).toEqual([]);
      firstTest(target);
      compiles(target);
    }, 300_000);
  });
});
