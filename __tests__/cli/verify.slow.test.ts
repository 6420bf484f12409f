import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { renderCilium } from '../../lib/cilium/render';
import type { KubernetesObject } from '../../lib/kubernetes/types';

/* The command as users start it. Helm is a script that prints what it is given; conformance/helm runs the real one. */

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'verify '));
const helm = join(folder, 'helm');
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

beforeAll(() => {
  writeFileSync(
    helm,
    `#!/bin/sh
case "$1" in
  show) cat '${folder}/Chart.yaml' ;;
  template) cat '${folder}/objects.yaml' ;;
esac
`,
  );
  chmodSync(helm, 0o755);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Ended {
  const started = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'lib/cli/main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: started.status, out: started.stdout, err: started.stderr };
}

function verify(objects: readonly KubernetesObject[], chart: object, ...more: readonly string[]): Ended {
  file('Chart.yaml', stringify(chart));
  file('objects.yaml', objects.map((object) => stringify(object)).join('---\n'));
  return run('verify', '--helm', helm, '--chart', 'cilium.tgz', ...more);
}

const VERSION = '1.19.6';
const CHART = { name: 'cilium', version: VERSION };
const { objects } = renderCilium({ version: VERSION, values: {} });
const values = ['-f', file('values.yaml', 'ipv4: { enabled: true }\n')];

describe('verify', () => {
  it('ends with 0 where both are equal', () => {
    const { status, out, err } = verify(objects, CHART, ...values);
    expect({ status, out, err }).toEqual({
      status: 0,
      out: '',
      err: `Equal: ${String(objects.length)} objects of Cilium ${VERSION}.\n`,
    });
  });

  it('prints every difference, and ends with 1', () => {
    const [first, ...others] = objects;
    const changed = others.map((object) =>
      object.kind === 'ConfigMap' && object.metadata.name === 'cilium-config'
        ? { ...object, data: { ...(object.data as object), debug: 'true' } }
        : object,
    );
    const { status, out, err } = verify(changed, CHART, ...values);
    expect(status).toBe(1);
    expect(out).toContain('ConfigMap kube-system/cilium-config .data.debug\n      helm: "true"\n      ours: "false"');
    expect(out).toContain(`${first?.kind ?? ''} `);
    expect(err).toContain('2 differences in 2 of');
  });

  it('prints JSON, and names the values that declared differences change', () => {
    const own = file('tls.yaml', 'hubble: { tls: { auto: { method: helm } } }\n');
    const { status, out, err } = verify(objects, CHART, '-f', own, '--json');
    expect(JSON.parse(out)).toEqual({ version: VERSION, objects: objects.length, differences: [] });
    expect(status).toBe(0);
    expect(err).toContain('hubble.tls.auto.method: "cronJob"');
  });

  it('ends with 1 where the values are wrong, at their paths', () => {
    const own = file('wrong.yaml', 'kubeProxyReplacement: [strict]\n');
    const { status, err } = verify(objects, CHART, '-f', own);
    expect(status).toBe(1);
    expect(err).toContain('kubeProxyReplacement');
  });

  it.each<readonly [string, readonly string[], string]>([
    ['another chart', ['verify', '--helm', helm, '--chart', 'x.tgz'], 'is the chart cert-manager'],
    ['a Helm that is not there', ['verify', '--helm', join(folder, 'none'), '--chart', 'x'], 'install Helm'],
    ['no chart', ['verify'], "required option '--chart <archive>'"],
    ['an unknown command', ['verfy'], 'Did you mean verify?'],
  ])('ends with 2 for %s', (_, args, message) => {
    file('Chart.yaml', stringify({ name: 'cert-manager', version: '1.0.0' }));
    const { status, err } = run(...args);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });

  it('shows examples with --help', () => {
    const { status, out } = run('verify', '--help');
    expect(status).toBe(0);
    expect(out).toContain('$ cdk8s-talos-cilium verify -f values.yaml --chart');
  });
});
