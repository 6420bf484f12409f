import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Writes every example into a folder of its own, for the judges: conformance/examples.ts FOLDER. FOLDER/talos.json says which
 * Talos judges which patches, and what must come out.
 */

/** The Talos of each example's patches, and whether its kube-proxy stays. */
const PATCHES: Readonly<Record<string, { readonly talos: string; readonly kubeProxy: boolean; readonly kubeSpan?: boolean }>> = {
  'kubespan-native-routing': { talos: '1.11', kubeProxy: false, kubeSpan: true },
  'homelab-l2': { talos: '1.13', kubeProxy: false },
  'talos-guide/with-kube-proxy': { talos: '1.12', kubeProxy: true },
  'talos-guide/without-kube-proxy': { talos: '1.12', kubeProxy: false },
  'talos-guide/gateway-api': { talos: '1.12', kubeProxy: false },
  'talos-guide/own-namespace': { talos: '1.12', kubeProxy: false },
};

function main(out: string): void {
  const root = join(__dirname, '..');
  rmSync(out, { recursive: true, force: true });
  const examples = readdirSync(join(root, 'examples')).filter((name) => existsSync(join(root, 'examples', name, 'main.ts')));
  for (const name of examples) {
    const folder = join(out, name);
    mkdirSync(folder, { recursive: true });
    const { stderr: printed, status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'examples', name, 'main.ts')], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK8S_OUTDIR: folder },
    });
    if (status !== 0) throw new Error(printed);
    console.log(`${name}: ${printed.split('\n')[0] ?? ''}`);
  }
  const patched = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/talos'))
    .map((path) => path.slice(0, -'/talos'.length));
  const known = Object.keys(PATCHES);
  const stray = [...patched.filter((path) => !known.includes(path)), ...known.filter((path) => !patched.includes(path))];
  if (stray.length > 0)
    throw new Error(`conformance/examples.ts does not agree with the examples about the patches of ${stray.join(', ')}.`);
  const cases = Object.entries(PATCHES).map(([path, { talos, kubeProxy, kubeSpan }]) => ({
    folder: `${path}/talos`,
    talos,
    style: 'legacy',
    expect: { cni: 'none', kubeProxy, ...(kubeSpan === undefined ? {} : { kubeSpan }) },
  }));
  writeFileSync(join(out, 'talos.json'), JSON.stringify(cases, undefined, 1));
}

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('conformance/examples.ts FOLDER: the folder to write to.');
main(out);
