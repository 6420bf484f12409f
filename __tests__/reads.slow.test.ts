import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { CiliumValues } from '../imports/cilium-chart';
import { valueSets } from '../conformance/helm/cases';
import { forUs } from '../lib/releases/declared-differences';
import { REMOVED_VALUES } from '../lib/cilium/removed-values-table';
import type { RenderInput } from '../lib/cilium/render';
import { renderCilium } from '../lib/cilium/render';
import { isOpen, isSection } from '../lib/cilium/shape';
import type { Shape } from '../lib/cilium/shape';
import type * as Values from '../lib/cilium/values';
import { knownMinors, loadProfile, patchesOf } from '../lib/cilium/versions';
import { CiliumError } from '../lib/rules/finding';
import { readsOfRelease } from '../lib/cilium/unproven-findings';
import type * as Recordings from '../upstream/recording';
import type { Recording } from '../upstream/recording';
import { CERTIFICATE, key } from './certificate-authority';

/*
 * Whatever the chart reads we read, or upstream/unread-values.yaml says why not. The chart's reads are data of `npm run import`;
 * ours are recorded while rendering.
 */

let mockRecording: Recording<object> | undefined;

jest.mock('../lib/cilium/values', () => {
  const { resolveValues } = jest.requireActual<typeof Values>('../lib/cilium/values');
  const { recordReads } = jest.requireActual<typeof Recordings>('../upstream/recording');
  return {
    resolveValues: (input: Values.ValuesInput) => {
      const resolved = resolveValues(input);
      const recording = recordReads(resolved.v);
      mockRecording = recording;
      return { ...resolved, v: recording.values };
    },
  };
});

/** What finds the values behind a wrong entry or object looks at all of them. */
jest.mock('../lib/cilium/config/origin', () => ({ originOf: () => [], writtenValues: () => [] }));

/** Roads that no value set takes. */
const RARE: readonly Omit<RenderInput, 'version'>[] = [
  {
    values: {
      dashboards: { enabled: true },
      operator: { dashboards: { enabled: true } },
      hubble: { metrics: { enabled: ['dns'], dashboards: { enabled: true } } },
    },
    dashboards: { agent: { one: {} }, operator: { one: {} }, hubble: { one: {} } },
  },
  {
    values: {
      hubble: {
        metrics: {
          enabled: ['dns'],
          tls: { enabled: true, server: { mtls: { enabled: true, name: 'trusted' as never } } },
        },
      },
    },
  },
  { values: { socketLB: null, hostServices: { enabled: true } } },
  {
    values: {
      encryption: { enabled: true, type: 'wireguard', strictMode: { enabled: true, cidr: '10.244.0.0/16' } },
    } as CiliumValues,
  },
  { values: { loadBalancer: { protocolDifferentiation: { enabled: true } } } as CiliumValues },
  { values: { tls: { ca: { cert: CERTIFICATE, key: key() } } } },
];

function readsOfRender(input: RenderInput): readonly string[] {
  mockRecording = undefined;
  try {
    renderCilium(input);
  } catch (error) {
    // Where a set is refused, what its checks read is all.
    if (!(error instanceof CiliumError)) throw error;
  }
  return (mockRecording as Recording<object> | undefined)?.reads() ?? [];
}

function everythingWeRead(version: string): ReadonlySet<string> {
  const sets = valueSets().map(({ values, namespace, kubeVersion, apiVersions }) => ({
    values: forUs(values) as CiliumValues,
    namespace,
    kubeVersion,
    apiVersions,
  }));
  return new Set([...sets, ...RARE].flatMap((input) => readsOfRender({ ...input, version, unknownValues: 'warn' })));
}

function shapeOf(version: string, path: string): Shape | undefined {
  const shapes: Shape | undefined = loadProfile(version)?.profile.shapes;
  return path.split('.').reduce<Shape | undefined>((at, name) => (isSection(at) ? at[name] : undefined), shapes);
}

/** A fragment that is handed on is read with all that is in it; a section only as far as its children are. */
function covers(version: string, ours: string, path: string): boolean {
  if (ours === path || ours.startsWith(`${path}.`)) return true;
  if (!path.startsWith(`${ours}.`)) return false;
  const shape = shapeOf(version, ours);
  return shape !== undefined && (!isSection(shape) || isOpen(shape));
}

/** Old names that the chart reads to refuse them are reported by the table of removed values before anything is rendered. */
function isRemoved(version: string, path: string): boolean {
  return Object.hasOwn(REMOVED_VALUES, path) && shapeOf(version, path) === undefined;
}

const unread = new Set(
  Object.keys(parse(readFileSync(join(__dirname, '..', 'upstream', 'unread-values.yaml'), 'utf8')) as object),
);
const newest = knownMinors().map((minor) => `${minor}.${String(patchesOf(minor).at(-1))}`);

describe.each([...new Set(['1.18.4', ...newest])])('Cilium %s', (version) => {
  const chart = [...readsOfRelease(version)].sort();
  const ours = everythingWeRead(version);

  it('has every value read that the chart reads', () => {
    expect(chart.length).toBeGreaterThan(1000);
    const missing = chart.filter(
      (path) => ![...ours].some((own) => covers(version, own, path)) && !isRemoved(version, path),
    );
    expect(missing.filter((path) => !unread.has(path))).toEqual([]);
  });

  it('has no value read that unread-values.yaml lists', () => {
    expect([...unread].filter((path) => ours.has(path))).toEqual([]);
  });
});

it('unread-values.yaml lists only values that a chart reads', () => {
  const read = new Set(newest.flatMap((version) => [...readsOfRelease(version)]));
  expect([...unread].filter((path) => !read.has(path))).toEqual([]);
});
