import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { Cilium, TalosCluster, TalosPatch, synthesize } from '../../lib';
import type { CiliumProps, Finding } from '../../lib';
import { book, findingsOf, plain } from './book';
import type { RuleBook } from './book';

/** An app: what its charts contain, by their ids. */
interface AppExample {
  readonly charts: Readonly<Record<string, ChartExample>>;
  /** An earlier run with a Talos patch: its charts, and the files that were changed since. */
  readonly earlier?: {
    readonly charts: Readonly<Record<string, ChartExample>>;
    readonly changed: Readonly<Record<string, string>>;
  };
  /** The commands of the patch are made, and nothing is written. */
  readonly commands?: true;
  /** A file is where the output folder must be. */
  readonly outdirIsFile?: true;
  /** A Talos patch with all charts. */
  readonly talosPatch?: true;
  /** An object of Cilium that the program asks the construct for, kind and name. */
  readonly object?: readonly [kind: string, name: string];
}

interface ChartExample {
  readonly namespace?: string;
  readonly cilium?: Partial<CiliumProps>;
  readonly objects?: readonly object[];
}

const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'demo' } };
const SECRET = { ...SETTINGS, kind: 'Secret' };
const ONE: AppExample = { charts: { cilium: { cilium: {} } } };
const TWO: AppExample = { charts: { ...ONE.charts, app: { objects: [SETTINGS] } } };
const PATCHED: AppExample = { ...ONE, talosPatch: true };

function judge(example: AppExample): readonly Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'app-example-'));
  return findingsIn(folder, example).map((one) => ({ ...one, message: one.message.replaceAll(`${folder}/`, '') }));
}

function findingsIn(folder: string, example: AppExample): readonly Finding[] {
  const outdir = join(folder, 'dist');
  if (example.outdirIsFile) writeFileSync(outdir, '');
  try {
    if (example.earlier !== undefined) {
      const { charts, changed } = example.earlier;
      findingsOfApp(outdir, { charts, talosPatch: true });
      for (const [file, text] of Object.entries(changed)) writeFileSync(join(folder, file), text);
    }
    return findingsOfApp(outdir, example);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function findingsOfApp(outdir: string, { charts, talosPatch, object, commands }: AppExample): readonly Finding[] {
  return findingsOf(() => {
    const app = new App({ outdir });
    const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1' });
    const made = Object.entries(charts).map(([id, { namespace, cilium, objects = [] }]) => {
      const chart = new Chart(app, id, { namespace });
      for (const [i, one] of objects.entries()) new ApiObject(chart, `object-${String(i)}`, one as never);
      if (cilium === undefined) return { chart };
      const props = { version: '1.19.6', ...(talosPatch ? { talos } : {}), ...cilium } as CiliumProps;
      return { chart, cilium: new Cilium(chart, 'cilium', props) };
    });
    if (object !== undefined) made[0]?.cilium?.object(...object);
    const manifests = made.map(({ chart }) => chart);
    const patch = talosPatch ? new TalosPatch(app, 'talos', { talos, manifests }) : undefined;
    if (!commands) return synthesize(app).warnings;
    patch?.commands();
    return [];
  });
}

export const apps: RuleBook = book<AppExample>({
  name: 'Apps',
  over: 'A whole cdk8s app: its charts, constructs and output folder.',
  rules: [
    {
      id: 'app/duplicate-object',
      level: 'error',
      examples: {
        bad: { charts: { ...ONE.charts, app: { objects: [SETTINGS, SETTINGS] } } },
        good: { charts: { ...ONE.charts, app: { objects: [SETTINGS] } } },
      },
    },
    { id: 'app/file', level: 'error', examples: { bad: { ...ONE, outdirIsFile: true }, good: ONE } },
    {
      id: 'app/secret',
      level: 'warning',
      examples: {
        bad: { charts: { ...ONE.charts, app: { objects: [{ ...SECRET, stringData: { password: 'hunter2' } }] } } },
        good: { charts: { ...ONE.charts, app: { objects: [SECRET] } } },
      },
    },
    {
      id: 'app/windows-name',
      level: 'warning',
      examples: {
        bad: { charts: { con: { objects: [SETTINGS] } } },
        good: { charts: { console: { objects: [SETTINGS] } } },
      },
    },
    {
      id: 'app/changed-file',
      level: 'warning',
      examples: {
        bad: {
          ...PATCHED,
          earlier: { charts: ONE.charts, changed: { 'talos/controlplane.patch.yaml': 'mine: true' } },
        },
        good: { ...PATCHED, earlier: { charts: ONE.charts, changed: {} } },
      },
    },
    {
      id: 'app/kept-file',
      level: 'warning',
      examples: {
        bad: { ...PATCHED, earlier: { charts: TWO.charts, changed: { 'dist/app.k8s.yaml': 'mine: true' } } },
        good: { ...PATCHED, earlier: { charts: TWO.charts, changed: {} } },
      },
    },
    {
      id: 'talos-patch/files',
      level: 'error',
      examples: {
        bad: {
          ...PATCHED,
          commands: true,
          earlier: { charts: ONE.charts, changed: { 'talos/controlplane.patch.yaml': 'mine: true' } },
        },
        good: { ...PATCHED, commands: true, earlier: { charts: ONE.charts, changed: {} } },
      },
    },
    {
      id: 'app/unused-acknowledgement',
      level: 'warning',
      examples: {
        bad: { charts: { cilium: { cilium: { acknowledge: { 'hubble/ports-differ': 'The port is open.' } } } } },
        good: ONE,
      },
    },
    {
      id: 'cilium/acknowledge',
      level: 'error',
      examples: {
        bad: { charts: { cilium: { cilium: { acknowledge: { 'hubble/no-such-rule': 'It is known.' } } } } },
        good: ONE,
      },
    },
    {
      id: 'cilium/chart-namespace',
      level: 'error',
      examples: { bad: { charts: { cilium: { namespace: 'network', cilium: {} } } }, good: ONE },
    },
    {
      id: 'cilium/no-such-object',
      level: 'error',
      examples: {
        bad: { ...ONE, object: ['DaemonSet', 'cillium'] },
        good: { ...ONE, object: ['DaemonSet', 'cilium'] },
      },
    },
    {
      id: 'talos-patch/two-ciliums',
      level: 'error',
      examples: {
        bad: {
          charts: { cilium: { cilium: {} }, other: { cilium: { namespace: 'network' } } },
          talosPatch: true,
        },
        good: { ...ONE, talosPatch: true },
      },
    },
  ],
  judge,
  input: (example) => plain(example),
});
