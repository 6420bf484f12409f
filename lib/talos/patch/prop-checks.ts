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
import { TALOS_CLUSTER } from '../cluster/shape';
import type { Manifest } from './namespaces';
import type { OmniProps } from './omni';
import { finding } from './finding';
import type { TalosPatchInput } from './render';
import type { ExternalManifest } from '../cluster/setting';

const ELSEWHERE: Readonly<Record<string, string>> = {
  kubeProxyReplacement:
    'It follows from the Cilium among the manifests; without one pass `cilium: Cilium.fromVersion(…, { kubeProxyReplacement: … })`.',
  splitAt: 'Say it of a manifest: `manifests: [{ name, chart, splitAt }]`.',
  extraManifests: 'Write `externalManifests`.',
};

const EXTERNAL_MANIFEST = props<ExternalManifest>({
  name: needed(ruled('type', text)),
  url: needed(ruled('type', text)),
  headers: mapOf(text),
});

/** What a patch and its rendering have in common. */
const COMMON = {
  talos: needed(ruled('talos', TALOS_CLUSTER)),
  externalManifests: listOf(EXTERNAL_MANIFEST),
  replace: boolean,
  allowSecrets: boolean,
  target: ruled('target', oneOf('aws', 'hetzner', 'plain')),
  // Its ids are judged by themselves.
  acknowledge: anything,
} as const;

const SPLIT_AT = ruled('split-at', integer(1, Number.MAX_SAFE_INTEGER));

/** The props of `TalosPatch`, whose interface knows charts. */
interface PatchProps extends Omit<TalosPatchInput, 'cilium' | 'manifests' | 'leftOut' | 'ciliumManifest'> {
  readonly cilium?: ICilium;
  readonly manifests: readonly unknown[];
  readonly outdir?: string;
  readonly failOnWarnings?: boolean;
}

/**
 * Props of a patch that do not exist, lack or make no sense, as they come from what no compiler saw.
 * @param isChart tells a chart from a manifest that is described
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
  const hint = 'Hand a Chart over, or write `{ name, chart }` or `{ name, objects }`.';
  if (!isPlain(manifest))
    return [finding('manifest', at, `Expected a Chart or a manifest with a name, got ${actual(manifest)}.`, hint)];
  const { name, chart, objects } = manifest;
  const isNameless =
    name === undefined && Object.keys(manifest).every((given) => ['chart', 'objects', 'splitAt'].includes(given));
  if (isNameless) return [finding('manifest', at, 'A manifest has no name.', hint)];
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
    ...(isOne ? [] : [finding('manifest', at, 'It must have a chart or a list of objects, and one of the two.', hint)]),
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
          // Objects are judged with all others.
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

/** Input of a rendering that does not exist, lacks or is of another type. */
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
        'Write the name of the cluster in Omni.',
      ),
    ),
  ),
  weight: ruled('omni', integer(0, 999)),
});

/** What Omni would not take for a cluster or a place among its patches. */
export function omniPropFindings(given: unknown): readonly Finding[] {
  return propFindings('talos-patch', given, OMNI, 'omni');
}
