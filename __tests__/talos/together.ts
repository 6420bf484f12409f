import { App, Chart } from 'cdk8s';
import {
  Cilium,
  CiliumError,
  describeFinding,
  renderCilium,
  renderTalosPatch,
  talosValues,
  TalosCluster,
} from '../../lib';
import type {
  CiliumValues,
  CiliumVersion,
  Finding,
  KubernetesObject,
  TalosClusterProps,
  TalosPatchInput,
} from '../../lib';
import { layered } from '../../lib/cilium/layers';
import { sample } from '../speed';

/** What people write, on both sides. */
export interface Input {
  /** Merged over a cluster of Talos 1.13 with Kubernetes 1.34. */
  readonly cluster?: Partial<TalosClusterProps>;
  /** Default: 1.18.4. */
  readonly version?: string;
  /** Merged over `talosValues`. */
  readonly values?: CiliumValues;
  readonly kubeVersion?: string;
  readonly namespace?: string;
  /** Objects beside Cilium in the patch. With these or with `patch` a patch is made, otherwise only Cilium. */
  readonly objects?: readonly KubernetesObject[];
  readonly patch?: Partial<TalosPatchInput>;
}

/** `[id, level, path]`: the finding names the path, wholly or as the end of it. */
export type Expected = readonly [id: string, level: Finding['level'], path: string];

/** A wrong combination, its findings, and the same repaired. */
export interface Row extends Input {
  readonly what: string;
  readonly finds: readonly Expected[];
  /** What is different when repaired; `undefined` for rows whose way out is another choice altogether. */
  readonly repaired?: Input;
}

/** All findings on an input, whatever reports them. */
export function judge(input: Input): readonly Finding[] {
  try {
    const talos = clusterOf(input);
    return input.objects === undefined && input.patch === undefined
      ? judgeCilium(talos, input)
      : judgePatch(talos, input);
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

function judgeCilium(
  talos: TalosCluster,
  { version = '1.18.4', values = {}, kubeVersion, namespace }: Input,
): readonly Finding[] {
  const chart = new Chart(new App(), 'cilium');
  return new Cilium(chart, 'cilium', {
    version: version as CiliumVersion,
    talos,
    values,
    kubeVersion,
    namespace,
    createNamespace: false,
  }).findings;
}

function clusterOf({ cluster = {} }: Input): TalosCluster {
  return once(cluster, () => new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1', ...cluster }));
}

function judgePatch(
  talos: TalosCluster,
  { version = '1.18.4', values = {}, objects = [], patch }: Input,
): readonly Finding[] {
  const rendered = once([talos.given, version, values], () =>
    renderCilium({ version, values: layered([talosValues(talos, version), values]), talos }),
  );
  const kubeProxyReplacement = rendered.context.facts.kubeProxyReplacement === 'true';
  // Rows about other objects carry only what rules read of Cilium: writing all of it takes most of the time.
  const carried =
    patch === undefined
      ? rendered.objects.filter(({ metadata: { name } }) => ['cilium', 'cilium-config'].includes(name))
      : rendered.objects;
  const { findings } = renderTalosPatch({
    talos,
    cilium: { kubeProxyReplacement, rendered },
    ciliumManifest: '10-cilium',
    manifests: [
      { name: '10-cilium', objects: carried },
      ...(objects.length === 0 ? [] : [{ name: '20-more', objects }]),
    ],
    ...patch,
  });
  return [...rendered.findings, ...findings];
}

const made = new Map<string, unknown>();

/** Many rows have the same cluster and the same Cilium: they are made once. */
function once<T>(of: unknown, make: () => T): T {
  const key = JSON.stringify(of);
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

/** One test per row: the finding, its level, its path and way out; nothing else is refused; and it is gone when repaired. */
export function testRows(rows: readonly Row[]): void {
  it('have names of their own', () => {
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });

  it.each(sample(rows, 3).map((row) => [row.what, row] as const))('%s', (_what, { finds, repaired, ...input }) => {
    const found = judge(input);
    for (const [id, level, path] of finds) {
      const mine = found.filter((finding) => finding.id === id);
      expect([id, mine.map((finding) => finding.level)]).toEqual([id, [level]]);
      for (const { paths, message, hint } of mine) {
        expect(paths.filter((place) => place === path || place.endsWith(path))).not.toEqual([]);
        expect(message).toMatch(/^\S.*[.!]$/s);
        expect(hint).toMatch(/^\S.*[.!?]$/s);
      }
      expect(mine.map(describeFinding).join()).toContain(path);
    }
    const ids = finds.map(([id]) => id);
    expect(found.filter(({ id, level }) => level === 'error' && !ids.includes(id)).map(describeFinding)).toEqual([]);
    if (repaired === undefined) return;
    const left = judge({ ...input, ...repaired });
    expect(left.filter(({ id, level }) => level === 'error' || ids.includes(id)).map(describeFinding)).toEqual([]);
  });
}
