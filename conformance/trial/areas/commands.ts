import { chdir, cwd } from 'node:process';
import type { Command } from 'commander';
import fc from 'fast-check';
import { COMMANDS } from '../../../lib/cli/commands';
import { program as programOf, runProgram } from '../../../lib/cli/program';
import type { Area, Fault } from '../area';
import { KEY_BODY, PRIVATE_KEY, hostileText } from '../hostile';
import { Sandbox } from '../sandbox';
import { exception, printable } from '../verdict';

interface CommandCase {
  readonly args: readonly string[];
}

const HELM_RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: cilium, namespace: kube-system }
spec:
  chart: { spec: { chart: cilium, version: 1.19.6 } }
  values: { kubeProxyReplacement: true, hubble: { relay: { enabled: true } } }
`;

const MACHINE = `version: v1alpha1
machine: { type: controlplane, token: abcdef.0123456789abcdef, ca: { crt: eA==, key: ${Buffer.from(PRIVATE_KEY).toString('base64')} } }
cluster: { network: { podSubnets: [10.244.0.0/16], cni: { name: none } }, proxy: { disabled: true } }
`;

const FILES: Readonly<Record<string, string | Buffer | null | { readonly to: string }>> = {
  'values.yaml': 'kubeProxyReplacement: true\nhubble:\n  relay:\n    enabled: true # a comment\nMTU: 1420\n',
  'wrong.yaml': 'kubProxyReplacement: true\nhubble: 5\noperator: {replicas: x}\n',
  'old.yaml': 'tunnel: vxlan\nkubeProxyReplacement: strict\nhubble: {enabled: yes}\n',
  'release.yaml': HELM_RELEASE,
  'app.yaml':
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: cilium}\nspec: {source: {chart: cilium, repoURL: x, targetRevision: 1.20.0, helm: {values: "MTU: 1420"}}}\n',
  'kustomization.yaml': 'helmCharts: [{name: cilium, version: 1.19.6, valuesInline: {MTU: 1420}}]\n',
  'main.tf':
    'resource "helm_release" "cilium" {\n  chart = "cilium"\n  version = "1.19.6"\n  values = [file("values.yaml")]\n}\n',
  'machine.yaml': MACHINE,
  'objects.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {a: b}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {a: b}\n',
  'values.json': '{"MTU": 1420}',
  'script.sh':
    'helm upgrade --install cilium cilium/cilium --version 1.19.6 -n kube-system --set kubeProxyReplacement=true -f values.yaml\n',
  'key.pem': PRIVATE_KEY,
  'key.yaml': `clustermesh: {apiserver: {tls: {server: {key: "${KEY_BODY}"}}}}\nextraConfig: {a: |\n${PRIVATE_KEY.replace(/^/gm, '  ')}}\n`,
  'broken.yaml': 'a: [b\n  c: {\n',
  'tabs.yaml': 'a:\n\tb: 1\n',
  'two.yaml': 'MTU: 1\n---\nMTU: 2\n',
  'list.yaml': '- a\n- b\n',
  'text.yaml': 'just text',
  'empty.yaml': '',
  'bomb.yaml': `a: &a [x, x, x, x, x, x, x, x]\n${'bcdefghij'
    .split('')
    .map(
      (name, i) =>
        `${name}: &${name} [${Array(8)
          .fill(`*${'abcdefghi'[i] ?? 'a'}`)
          .join(', ')}]`,
    )
    .join('\n')}\n`,
  'deep.yaml': `a: ${'['.repeat(3_000)}${']'.repeat(3_000)}\n`,
  'latin.yaml': Buffer.from('name: caf\u00e9\n', 'latin1'),
  'binary.yaml': Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 7) % 256)),
  'control.yaml': 'a: "\u0007"\nb: \u001b[31m\n',
  'cilium-1.19.6.tgz': Buffer.from('not an archive'),
  'chart/Chart.yaml': 'apiVersion: v2\nname: cilium\nversion: 1.19.6\n',
  'chart/values.yaml': 'MTU: 0\n',
  'umbrella/Chart.yaml':
    'apiVersion: v2\nname: mine\nversion: 1.0.0\ndependencies: [{name: cilium, version: 1.19.6, repository: x}]\n',
  'umbrella/values.yaml': 'cilium: {MTU: 1420}\n',
  'settings.yaml': 'version: 1.19.6\ntalos: 1.14\nnope: 5\n',
  folder: null,
  'loop.yaml': { to: 'loop.yaml' },
  'gone.yaml': { to: 'nowhere.yaml' },
};

/** Shells of other machines: nothing may be run, and nothing outside of the sandbox may be written. */
const isSafe = (text: string): boolean => !/(?:^|[=,@])\/|\0|^~/.test(text) && !text.startsWith('C:');

const VERSIONS = ['1.18.4', '1.19.6', '1.20.0', 'v1.19.6', '1.14', '1.11', '1.99.0', '1.19', 'x', ''];
const VALUES = [
  'hubble.relay.enabled',
  'hubble',
  'MTU',
  'enable-ipv4',
  'DaemonSet/cilium',
  'hubble.*',
  'nope',
  'MTU=1',
  'hubble.relay.enabled=true',
  'a={1,2}',
  '{"MTU": 1}',
  'a[0].b=c',
  'X=1',
  'text',
  'json',
  'plain',
  'talos',
  'kube-system',
  '0',
  '-1',
];
const paths = Object.keys(FILES).filter((name) => name !== 'key.pem');

/** The options of a command, from the program itself. */
function optionsOf(command: Command): readonly { readonly flags: readonly string[]; readonly takesValue: boolean }[] {
  return command.options
    .map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined),
      takesValue: option.required || option.optional,
    }))
    .filter(({ flags }) => !flags.includes('--helm'));
}

const commands = programOf().commands.map((command) => ({ name: command.name(), options: optionsOf(command) }));

const argument = fc
  .oneof(
    { weight: 5, arbitrary: fc.constantFrom(...paths) },
    { weight: 2, arbitrary: fc.constantFrom(...VERSIONS) },
    { weight: 2, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: hostileText.map((text) => `MTU=${text}`) },
    { weight: 1, arbitrary: fc.constant('-') },
  )
  .filter(isSafe);

const args: fc.Arbitrary<readonly string[]> = fc.constantFrom(...commands).chain(({ name, options }) => {
  const none = fc.constant<readonly string[]>([]);
  const option =
    options.length === 0
      ? none
      : fc
          .tuple(fc.constantFrom(...options), fc.nat({ max: 1 }), argument, fc.nat({ max: 12 }))
          .map(([{ flags, takesValue }, which, value, slip]): readonly string[] => {
            const flag = flags[which] ?? flags[0] ?? '';
            if (slip === 0) return [`${flag}z`];
            if (slip === 1) return [flag];
            return takesValue ? (slip === 2 && flag.startsWith('--') ? [`${flag}=${value}`] : [flag, value]) : [flag];
          });
  const versions = fc.constantFrom<readonly string[]>([], ['--version', '1.19.6'], ['--talos', '1.14']);
  return fc
    .tuple(fc.array(argument, { maxLength: 2 }), fc.array(option, { maxLength: 3 }), versions)
    .map(([words, given, version]) => [
      name,
      ...words,
      ...given.flat(),
      ...version,
      ...(name === 'verify' ? ['--helm', './no-helm'] : []),
    ]);
});

let sandbox: Sandbox | undefined;
const home = cwd();

interface Ended {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function run(given: readonly string[]): Promise<Ended> {
  const box = (sandbox ??= new Sandbox());
  box.fill(FILES);
  const printed = { stdout: '', stderr: '' };
  const originals = {
    stdout: process.stdout.write.bind(process.stdout),
    stderr: process.stderr.write.bind(process.stderr),
  };
  chdir(box.work);
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (text: string | Uint8Array) => {
      printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
      return true;
    };
  try {
    return { exit: await runProgram(given), out: printed.stdout, err: printed.stderr };
  } finally {
    for (const name of ['stdout', 'stderr'] as const) process[name].write = originals[name];
    chdir(home);
  }
}

const STACK = /\n\s+at .+:\d+:\d+|\bnode:internal\b/;

async function judge({ args: given }: CommandCase): Promise<Fault | undefined> {
  let ended: Ended;
  try {
    ended = await run(given);
  } catch (error) {
    return exception(error);
  }
  const { exit, out, err } = ended;
  const shown = printable(`exit ${String(exit)}\n${err.slice(0, 800)}`);
  if (![0, 1, 2].includes(exit)) return { kind: `exit code ${String(exit)}`, detail: shown };
  if (STACK.test(out) || STACK.test(err)) return { kind: 'a stack is printed', detail: shown };
  const internal = /\bundefined\b|\[object \w+\]|\bNaN\b/.exec(err)?.[0];
  if (internal !== undefined) return { kind: `${given[0] ?? ''} prints ${internal}`, detail: shown };
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(err))
    return { kind: `${given[0] ?? ''} prints a control character`, detail: shown };
  if (err.includes(KEY_BODY.slice(0, 16))) return { kind: `${given[0] ?? ''} prints a private key`, detail: shown };
  if (exit !== 0 && err.trim() === '' && out.trim() === '')
    return { kind: `${given[0] ?? ''} fails silently`, detail: shown };
  const again = await run(given);
  return again.exit === exit && again.out === out && again.err === err
    ? undefined
    : { kind: `${given[0] ?? ''} is not the same twice`, detail: printable(`${out}${err}`.slice(0, 300)) };
}

/** Every command of the program. */
export const commandLines: Area<CommandCase> = {
  name: 'commands',
  about: `the commands ${Object.keys(COMMANDS).join(', ')} with arguments, options and files at random`,
  cases: fc.record({ args }),
  judge,
  program: ({ args: given }) => {
    const files = paths.filter((path) => given.some((word) => word.includes(path)));
    const contents = files.map(
      (path) => `# ${path}: ${JSON.stringify(FILES[path] instanceof Buffer ? 'bytes' : FILES[path]).slice(0, 300)}`,
    );
    return [...contents, `talos-cilium ${given.map((word) => JSON.stringify(word)).join(' ')}`].join('\n');
  },
  stop: () => {
    sandbox?.remove();
    sandbox = undefined;
  },
};
