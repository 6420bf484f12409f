import type { Finding } from '../findings';
import { isMap } from '../kubernetes/json';
import { unknownProps } from '../kubernetes/known-props';
import { finding } from './patch-finding';

const KNOWN: readonly string[] = [
  'talos',
  'manifests',
  'cilium',
  'externalManifests',
  'replace',
  'allowSecrets',
  'target',
  'silence',
  'outdir',
];
const ELSEWHERE: Readonly<Record<string, string>> = {
  kubeProxyReplacement: 'It follows from the Cilium among the manifests; without one write `cilium: { kubeProxyReplacement: … }`.',
  splitAt: 'Say it of a manifest: `manifests: [{ name, chart, splitAt }]`.',
  extraManifests: 'Write `externalManifests`.',
};
const OF_A_MANIFEST: readonly string[] = ['name', 'chart', 'objects', 'splitAt'];
const TARGETS: readonly unknown[] = [undefined, 'aws', 'hetzner', 'plain'];

/**
 * Props of a patch that do not exist, lack or make no sense, as they come from what no compiler saw.
 * @param isChart tells a chart from a manifest that is described
 */
export function patchPropFindings(props: object, isChart: (value: unknown) => boolean): readonly Finding[] {
  const { talos, manifests, target, externalManifests = [], outdir = '' } = props as Readonly<Record<string, unknown>>;
  return [
    ...unknownProps('talos-patch', props, KNOWN, ELSEWHERE),
    // By shape, so that a second copy of this library among the dependencies does no harm.
    ...(typeof talos === 'object' && talos !== null && 'given' in talos
      ? []
      : [finding('talos', 'talos', 'It is no TalosCluster.', 'Write `talos: new TalosCluster({ … })`.')]),
    ...(Array.isArray(manifests)
      ? manifests.flatMap((manifest: unknown, i) => (isChart(manifest) ? [] : manifestFindings(manifest, `manifests[${String(i)}]`)))
      : [finding('manifests', 'manifests', 'It is no list.', 'Write a list of charts, which may be empty: `manifests: [chart]`.')]),
    ...(TARGETS.includes(target)
      ? []
      : [
          finding(
            'target',
            'target',
            `'${String(target)}' is no way to the nodes that is known here.`,
            'Use aws, hetzner or plain, or leave it out.',
          ),
        ]),
    ...SWITCHES.filter((name) => !['undefined', 'boolean'].includes(typeof ofName(props, name))).map((name) =>
      finding('type', name, `It is ${JSON.stringify(ofName(props, name))}.`, 'Write true or false, without quotes.'),
    ),
    ...(typeof outdir === 'string' ? [] : [finding('type', 'outdir', `It is ${JSON.stringify(outdir)}.`, 'Write the path of a folder.')]),
    ...(Array.isArray(externalManifests)
      ? externalManifests.flatMap((one: unknown, i) => externalFindings(one, `externalManifests[${String(i)}]`))
      : [finding('type', 'externalManifests', 'It is no list.', "Write a list: [{ name: '…', url: 'https://…' }].")]),
  ];
}

const SWITCHES = ['replace', 'allowSecrets'] as const;

function ofName(props: object, name: string): unknown {
  return (props as Readonly<Record<string, unknown>>)[name];
}

function externalFindings(manifest: unknown, at: string): readonly Finding[] {
  if (!isMap(manifest)) return [finding('type', at, 'It is no manifest with a URL.', "Write { name: '…', url: 'https://…' }.")];
  const { headers = {} } = manifest;
  return [
    ...unknownProps('talos-patch', manifest, ['name', 'url', 'headers'], {}, `${at}.`),
    ...['name', 'url']
      .filter((name) => typeof manifest[name] !== 'string')
      .map((name) => finding('type', `${at}.${name}`, 'It is no text.', `Write ${name === 'url' ? "'https://…'" : 'a name, in quotes'}.`)),
    ...(isMap(headers)
      ? Object.entries(headers)
          .filter(([, value]) => typeof value !== 'string')
          .map(([name, value]) => finding('type', `${at}.headers.${name}`, `It is ${JSON.stringify(value)}.`, 'Write text, in quotes.'))
      : [finding('type', `${at}.headers`, `It is ${JSON.stringify(headers)}.`, "Write a map: { Accept: 'application/yaml' }.")]),
  ];
}

function manifestFindings(manifest: unknown, at: string): readonly Finding[] {
  const fix = 'Hand a Chart over, or write `{ name, chart }` or `{ name, objects }`.';
  if (!isMap(manifest) || !('name' in manifest)) return [finding('manifest', at, 'It is neither a Chart nor a manifest with a name.', fix)];
  const { chart, objects, splitAt } = manifest as Readonly<Record<string, unknown>>;
  const isOne = (chart === undefined) !== (objects === undefined);
  return [
    ...unknownProps('talos-patch', manifest, OF_A_MANIFEST, {}, `${at}.`),
    ...(isOne ? [] : [finding('manifest', at, 'It must have a chart or a list of objects, and one of the two.', fix)]),
    ...(splitAt === undefined || (Number.isInteger(splitAt) && Number(splitAt) > 0)
      ? []
      : [
          finding('split-at', `${at}.splitAt`, `${JSON.stringify(splitAt)} is no number of bytes.`, 'Write one as 65536, or leave it out.'),
        ]),
  ];
}

/** What Omni would not take for a cluster or a place among its patches. */
export function omniPropFindings(props: object): readonly Finding[] {
  const { cluster, weight = 0 } = props as Readonly<Record<string, unknown>>;
  return [
    ...unknownProps('talos-patch', props, ['cluster', 'weight'], {}, 'omni.'),
    ...(typeof cluster === 'string' && /^[\w-]+$/.test(cluster)
      ? []
      : [
          finding(
            'omni',
            'omni.cluster',
            `${JSON.stringify(cluster)} is no name of a cluster.`,
            'Use letters, digits, dashes and underscores.',
          ),
        ]),
    ...(Number.isInteger(weight) && Number(weight) >= 0 && Number(weight) <= 999
      ? []
      : [finding('omni', 'omni.weight', `${JSON.stringify(weight)} is no weight.`, 'Use a whole number from 0 to 999.')]),
  ];
}
