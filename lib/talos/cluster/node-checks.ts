import type { Finding } from '../../rules/finding';
import { isLabelKey, isLabelValue } from '../../kubernetes/names';
import { EXCLUDE_FROM_LOAD_BALANCERS } from '../../kubernetes/node-labels';
import type { TalosCluster } from './cluster';
import type { NodeProps } from './props';
import { caution, refusal } from './refusal';
import { nodePropsOf } from './setting';
import type { Output } from './setting';
import { CONTROL_PLANE } from './node-config';
import { talosHas, talosSince } from './versions';

/** Where the settings of an output stand among the props. */
const PLACES: Readonly<Record<Output, string>> = { all: '', controlplane: 'controlPlanes.', worker: 'workers.' };

/** The settings of nodes with the path at which they stand, `workers.`. */
export function placedNodeProps(
  talos: TalosCluster,
): readonly (readonly [place: string, props: NodeProps, output: Output])[] {
  return nodePropsOf(talos).map(([output, props]) => [PLACES[output], props, output]);
}

/** What is wrong with what Node objects shall carry, and with the disk. */
export function nodeFindings(talos: TalosCluster): readonly Finding[] {
  return placedNodeProps(talos).flatMap(([place, props, output]) => [
    ...entriesOf(props.nodeLabels).flatMap(([key, value]) =>
      labelFindings(`${place}nodeLabels.${key}`, key, value, output),
    ),
    ...entriesOf(props.nodeAnnotations).flatMap(([key]) => annotationFindings(`${place}nodeAnnotations.${key}`, key)),
    ...annotationSizeFindings(`${place}nodeAnnotations`, props),
    ...entriesOf(props.nodeTaints).flatMap(([key, value]) => taintFindings(`${place}nodeTaints.${key}`, key, value)),
    ...workerTaintFindings(talos, `${place}nodeTaints`, props, output),
    ...diskFindings(`${place}installDisk`, props),
    ...emptiedFindings(talos, place, props),
  ]);
}

function entriesOf<T>(map: Readonly<Record<string, T>> | undefined): readonly (readonly [string, T])[] {
  return Object.entries(map ?? {});
}

const KEY_FORM = 'Write it as name or example.org/name, at most 63 characters after the slash.';

function labelFindings(at: string, key: string, value: string | null, output: Output): readonly Finding[] {
  if (!isLabelKey(key)) return [refusal('node-label', at, `'${key}' is no label key.`, KEY_FORM)];
  // The only label that a patch can be sure to find.
  if (value === null && (key !== EXCLUDE_FROM_LOAD_BALANCERS || output === 'worker')) {
    const message = `Only ${EXCLUDE_FROM_LOAD_BALANCERS} of control planes can be taken away: Talos refuses a patch that removes a label which is not there.`;
    return [refusal('node-label', at, message, 'Leave the label out here, and remove it where it was set.')];
  }
  if (value !== null && !isLabelValue(value)) {
    return [
      refusal(
        'node-label',
        at,
        `'${value}' is no label value.`,
        'Use at most 63 letters, digits, dashes, dots and underscores.',
      ),
    ];
  }
  if (output === 'controlplane' || value === null || mayWorkersSet(key)) return [];
  const message =
    'Kubernetes lets no worker give itself this label (NodeRestriction), and refuses the other labels and annotations of the node with it.';
  const hint = 'Use a name outside kubernetes.io and k8s.io, or label the nodes from outside.';
  return [caution('node-restriction', at, message, hint)];
}

/** Labels of Kubernetes that a kubelet may set on its own Node. */
const OWN_LABELS: readonly string[] = [
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
];
const OWN_DOMAINS = /(^|\.)(kubelet|node)\.kubernetes\.io$/;

function mayWorkersSet(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  const isKubernetes = /(^|\.)(kubernetes|k8s)\.io$/.test(domain);
  return !isKubernetes || OWN_LABELS.includes(key) || OWN_DOMAINS.test(domain);
}

/** Annotations in which Talos keeps what it owns. */
const RESERVED = /^talos\.dev\/owned-(annotations|labels|taints)$/;

function annotationFindings(at: string, key: string): readonly Finding[] {
  if (!isLabelKey(key)) return [refusal('node-annotation', at, `'${key}' is no annotation key.`, KEY_FORM)];
  if (!RESERVED.test(key)) return [];
  return [refusal('node-annotation', at, 'Talos keeps its own notes in this annotation.', 'Leave it out.')];
}

function annotationSizeFindings(at: string, { nodeAnnotations = {} }: NodeProps): readonly Finding[] {
  const bytes = Object.entries(nodeAnnotations).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
  if (bytes <= 256 * 1024) return [];
  return [
    refusal(
      'node-annotation',
      at,
      `They are ${String(bytes)} bytes, and Kubernetes takes 256 KiB.`,
      'Keep such data in a ConfigMap.',
    ),
  ];
}

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function taintFindings(at: string, key: string, text: string): readonly Finding[] {
  if (!isLabelKey(key)) return [refusal('node-taint', at, `'${key}' is no taint key.`, KEY_FORM)];
  if (key === CONTROL_PLANE) {
    const message = 'Talos itself puts this taint on control planes, or does not.';
    return [refusal('node-taint', at, message, 'Say it with allowSchedulingOnControlPlanes.')];
  }
  const colon = text.indexOf(':');
  const [value, effect] = colon === -1 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)];
  if (EFFECTS.includes(effect) && isLabelValue(value)) return [];
  const hint = `Write value:NoSchedule, or NoSchedule without a value; the effects are ${EFFECTS.join(', ')}.`;
  return [refusal('node-taint', at, `'${text}' is no taint.`, hint)];
}

function workerTaintFindings(
  { talosVersion }: TalosCluster,
  at: string,
  props: NodeProps,
  output: Output,
): readonly Finding[] {
  if (
    output === 'controlplane' ||
    entriesOf(props.nodeTaints).length === 0 ||
    talosHas(talosVersion, 'register-with-taints')
  )
    return [];
  const message = `Kubernetes lets no worker taint itself (NodeRestriction), and before ${talosSince('register-with-taints')} Talos does not say its taints when it joins: they are refused, and the labels and annotations of the node with them.`;
  const hint =
    "Taint the nodes from outside, or with the kubelet's own argument register-with-taints; taints of control planes go to controlPlanes.";
  return [caution('node-restriction', [at, 'talosVersion'], message, hint)];
}

function diskFindings(at: string, { installDisk }: NodeProps): readonly Finding[] {
  if (installDisk === undefined || /^\/dev\/[^\s"\\]+$/.test(installDisk)) return [];
  return [
    refusal('install-disk', at, `'${installDisk}' is no device path.`, 'Write it as /dev/sda or /dev/disk/by-id/….'),
  ];
}

/** Talos merges patches, and to it empty text is nothing said: it does not replace what another patch says. */
function emptiedFindings({ given }: TalosCluster, place: string, props: NodeProps): readonly Finding[] {
  if (place === '') return [];
  return (['nodeLabels', 'nodeAnnotations'] as const).flatMap((name) =>
    entriesOf(props[name])
      .filter(([key, value]) => value === '' && (given[name]?.[key] ?? '') !== '')
      .map(([key]) =>
        refusal(
          'emptied',
          [`${place}${name}.${key}`, `${name}.${key}`],
          `Talos takes empty text for nothing said, so '${given[name]?.[key] ?? ''}' of all nodes would stay.`,
          'Use a value that is not empty, or say it of control planes and workers only.',
        ),
      ),
  );
}
