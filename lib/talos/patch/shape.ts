import { CILIUM_SHAPE } from '../../cilium/reference';
import type { ICilium } from '../../cilium/reference';
import { PATCHED_CILIUM } from './patched-cilium';
import type { Finding } from '../../rules/finding';
import { propFindings } from '../../props/check';
import { actual, isPlain } from '../../rules/words';
import {
  anything,
  boolean,
  checked,
  integer,
  like,
  listOf,
  mapOf,
  needed,
  oneOf,
  props,
  ruled,
  text,
} from '../../props/shape';
import { TALOS_CLUSTER } from '../cluster/facts';
import type { Manifest } from './manifest';
import type { OmniProps, TalosPatchInput } from './input';
import type { PatchExample } from './rule';
import type { ReadingRule } from '../../rules/rule';
import type { ExternalManifest } from '../cluster/setting';

const ELSEWHERE: Readonly<Record<string, string>> = {
  kubeProxyReplacement:
    'It follows from the Cilium among the manifests; without one pass `cilium: Cilium.fromVersion(…, { kubeProxyReplacement: … })`.',
  splitAt: 'Set it on a manifest: `manifests: [{ name, chart, splitAt }]`.',
  extraManifests: 'Write `externalManifests`.',
};

const EXTERNAL_MANIFEST = props<ExternalManifest>({
  name: needed(ruled('type', text)),
  url: needed(ruled('type', text)),
  headers: mapOf(text),
});

/** Props of both `TalosPatch` and `renderTalosPatch`. */
const COMMON = {
  talos: needed(ruled('talos', TALOS_CLUSTER)),
  externalManifests: listOf(EXTERNAL_MANIFEST),
  replace: boolean,
  allowSecrets: boolean,
  target: ruled('target', oneOf('aws', 'hetzner', 'plain')),
  // Its ids are checked separately.
  acknowledge: anything,
} as const;

const SPLIT_AT = ruled('split-at', integer(1, Number.MAX_SAFE_INTEGER));

/** The props of `TalosPatch`, without charts. */
interface PatchProps extends Omit<TalosPatchInput, 'cilium' | 'manifests' | 'leftOut' | 'ciliumManifest'> {
  readonly cilium?: ICilium;
  readonly manifests: readonly unknown[];
  readonly outdir?: string;
  readonly failOnWarnings?: boolean;
}

/**
 * Unknown, missing and mistyped props of a patch, which no compiler may have checked.
 * @param isChart distinguishes a chart from a described manifest
 */
export function patchPropFindings(given: unknown, isChart: (value: unknown) => boolean): readonly Finding[] {
  const manifest = checked('a Chart or a manifest with a name', (value, at) =>
    isChart(value) ? [] : manifestFindings(value, at, isChart),
  );
  const shape = props<PatchProps>(
    {
      ...COMMON,
      cilium: CILIUM_SHAPE,
      manifests: needed(ruled('manifests', listOf(manifest))),
      outdir: text,
      failOnWarnings: boolean,
    },
    { elsewhere: ELSEWHERE },
  );
  return propFindings('talos-patch', given, shape);
}

function manifestFindings(manifest: unknown, at: string, isChart: (value: unknown) => boolean): readonly Finding[] {
  const hint = 'Use a Chart, `{ name, chart }` or `{ name, objects }`.';
  const wrong = (message: string): Finding => ({
    id: 'talos-patch/manifest',
    level: 'error',
    paths: [at],
    message,
    hint,
  });
  if (!isPlain(manifest)) return [wrong(`Expected a Chart or a manifest with a name, got ${actual(manifest)}.`)];
  const { name, chart, objects } = manifest;
  const isNameless =
    name === undefined && Object.keys(manifest).every((given) => ['chart', 'objects', 'splitAt'].includes(given));
  if (isNameless) return [wrong('The manifest has no name.')];
  const isOne = (chart === undefined) !== (objects === undefined);
  const shape = props<{
    readonly name: string;
    readonly chart?: unknown;
    readonly objects?: readonly unknown[];
    readonly splitAt?: number;
  }>({
    name: needed(ruled('manifest', text)),
    chart: like('a Chart', isChart, hint),
    objects: listOf(anything),
    splitAt: SPLIT_AT,
  });
  return [
    ...propFindings('talos-patch', manifest, shape, at),
    ...(isOne ? [] : [wrong('The manifest needs either a chart or a list of objects.')]),
  ];
}

const INPUT = props<TalosPatchInput>({
  ...COMMON,
  cilium: PATCHED_CILIUM,
  manifests: needed(
    ruled(
      'manifests',
      listOf(
        props<Manifest>({
          name: needed(text),
          // Rules check objects together.
          objects: needed(listOf(anything)),
          splitAt: SPLIT_AT,
          partOf: text,
          written: anything,
        }),
      ),
    ),
  ),
  leftOut: listOf(text),
  ciliumManifest: text,
});

/** Unknown, missing and mistyped input of `renderTalosPatch`. */
export function inputFindings(given: unknown): readonly Finding[] {
  return propFindings('talos-patch', given, INPUT);
}

const OMNI = props<OmniProps>({
  cluster: needed(
    ruled(
      'omni',
      like<string>(
        'a name of letters, digits, dashes and underscores',
        (value) => typeof value === 'string' && /^[\w-]+$/.test(value),
        'Use the name of the cluster in Omni.',
      ),
    ),
  ),
  weight: ruled('omni', integer(0, 999)),
});

/** Unknown, missing and mistyped props of Omni's patches. */
export function omniPropFindings(given: unknown): readonly Finding[] {
  return propFindings('talos-patch', given, OMNI, 'omni');
}

const OBJECTS = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app' } }];
const GOOD = { props: { manifests: [{ name: '20-app', objects: OBJECTS }] } };
const OMNI_EXAMPLE = { ...GOOD, omni: { cluster: 'home' } };

/** Ids of findings about props, with examples. */
export const PATCH_PROP_IDS: readonly ReadingRule<unknown, PatchExample>[] = (
  [
    ['unknown-prop', { props: { ...GOOD.props, extraManifests: [] } }],
    ['missing', { patch: { manifests: [{ objects: OBJECTS }] } }],
    ['type', { props: { ...GOOD.props, replace: 'yes' } }],
    ['talos', { props: { ...GOOD.props, talos: '1.13' } }],
    ['target', { props: { ...GOOD.props, target: 'azure' } }],
    ['manifests', { props: { manifests: '20-app' } }],
    ['manifest', { props: { manifests: [{ objects: OBJECTS }] } }],
    ['split-at', { props: { manifests: [{ name: '20-app', objects: OBJECTS, splitAt: 0 }] } }],
    ['omni', { ...GOOD, omni: { cluster: 'home lab' } }],
  ] as const
).map(([rule, bad]) => ({
  id: `talos-patch/${rule}`,
  level: 'error',
  examples: { bad, good: rule === 'omni' ? OMNI_EXAMPLE : GOOD },
}));
