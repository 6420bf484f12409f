import type { JsonObject } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { TalosPatchInput } from '../../lib/talos/patch/input';
import type { RenderedTalosPatch } from '../../lib/talos/patch/render';
import { talosMinor } from '../../lib/talos/cluster/versions';
import type { Case } from './case';
import { COMBINATIONS } from './combinations';
import type { Combination } from './combinations';
import { merged } from './facts';
import { NODE_COMBINATIONS } from './node-combinations';
import { randomCombinations } from './random';
import { secondTime } from './repeats';
import { TARGETS, nameOf } from './targets';
import type { Target } from './targets';

/** Every setting that is tried. */
export const SETTINGS: readonly Combination[] = [...COMBINATIONS, ...NODE_COMBINATIONS];

/** Every combination on every target with configs as generated; those with KubeSpan also on configs generated with it. */
export function matrix(): readonly Case[] {
  return TARGETS.flatMap((target) =>
    SETTINGS.filter(({ only }) => only?.(target) ?? true).flatMap((combination) => [
      caseOf(target, combination, false),
      ...(combination.onKubeSpan === true ? [caseOf(target, combination, true)] : []),
    ]),
  );
}

/** Combinations at random, each on a target; what the library refuses of them is a problem too. */
export function randomCases(
  count: number,
  seed: number,
): { readonly cases: readonly Case[]; readonly refused: readonly string[] } {
  const refused: string[] = [];
  const cases = randomCombinations(TARGETS, count, seed).flatMap(([target, combination]) => {
    try {
      return [caseOf(target, combination, false)];
    } catch (error) {
      refused.push(`${combination.name}: ${String(error)}\n${JSON.stringify({ target, ...combination })}`);
      return [];
    }
  });
  return { cases, refused };
}

function caseOf(target: Target, combination: Combination, kubeSpan: boolean): Case {
  const id = `${nameOf(target)}${kubeSpan ? '-kubespan' : ''}/${combination.name}`;
  const minor = talosMinor(target.talosVersion);
  if (minor === undefined) throw new Error(`No judge for Talos ${target.talosVersion}.`);
  const { patches, expect } = patchOf(target, combination);
  return {
    id,
    minor,
    contract: target.generatedBy,
    kubeSpan,
    ...patches,
    expect: {
      ...expect,
      cni: expect.cni ?? 'flannel',
      kubeProxy: expect.kubeProxy ?? true,
      kubeSpan: expect.kubeSpan ?? kubeSpan,
      facts: merged(expect.facts, combination.stays?.(target)),
    },
  };
}

/**
 * The patch of a setting for a target, and its required result on any config.
 * @throws CiliumError when the library refuses the setting.
 */
export function patchOf(
  target: Target,
  combination: Combination,
): {
  readonly patches: Pick<Case, 'all' | 'controlplane' | 'worker'>;
  readonly expect: Case['expect'];
  readonly rendered: RenderedTalosPatch;
} {
  const talos = new TalosCluster({ ...target, ...combination.cluster });
  const input: TalosPatchInput = { talos, manifests: MANIFESTS, ...combination.patch };
  const rendered = renderTalosPatch(input);
  const { controlplane, all, worker } = rendered;
  const twice = secondTime(target, combination);
  const said = rendered.appends.length > 0;
  if (said !== (twice !== 'same'))
    throw new Error(
      `${nameOf(target)}/${combination.name}: a second time ${String(twice)}, reported: ${JSON.stringify(rendered.appends)}`,
    );
  return {
    rendered,
    patches: { controlplane, all, worker },
    expect: {
      cni: input.cilium === undefined ? undefined : 'none',
      kubeProxy: input.cilium?.kubeProxyReplacement === true ? false : undefined,
      kubeSpan: talos.kubeSpan?.enabled,
      manifests: input.manifests.length === 0 ? [] : EXPECTED,
      facts: combination.facts?.(target) ?? {},
      twice,
    },
  };
}

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  namespace?: string,
  more: JsonObject = {},
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...more,
});

/** Texts that YAML parsers often misread. */
const HOSTILE = {
  script: '#!/bin/sh\nset -eu\n\tindented with a tab\n---\nnot a new document\n',
  trailing: 'a line with blanks  \nand more\n',
  tab: '\tstarts with a tab\nand goes on\n',
  octal: '0o17',
  word: 'on',
  separator: 'a\u2028b\u0085c',
  json: '{"a": ["b"], "c": "it\'s"}',
};

export const MANIFESTS: TalosPatchInput['manifests'] = [
  {
    name: '10-cilium',
    objects: [
      object('v1', 'ConfigMap', 'cilium-config', 'kube-system', { data: HOSTILE }),
      object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'cilium', undefined, { rules: [] }),
    ],
  },
  {
    name: '30-cilium-config',
    objects: [object('cilium.io/v2alpha1', 'CiliumLoadBalancerIPPool', 'home', undefined, { spec: { blocks: [] } })],
  },
  {
    name: '90-demo',
    objects: [
      object('apps/v1', 'DaemonSet', 'probe', 'demo', {
        spec: {
          selector: { matchLabels: { app: 'probe' } },
          template: {
            metadata: { labels: { app: 'probe' } },
            spec: { hostNetwork: true, containers: [{ name: 'a', image: 'b', ports: [] }] },
          },
        },
      }),
    ],
  },
];

const EXPECTED = [
  {
    name: '10-cilium',
    objects: ['v1 ConfigMap kube-system/cilium-config', 'rbac.authorization.k8s.io/v1 ClusterRole /cilium'],
  },
  { name: '30-cilium-config', objects: ['cilium.io/v2alpha1 CiliumLoadBalancerIPPool /home'] },
  { name: '90-demo', objects: ['v1 Namespace /demo', 'apps/v1 DaemonSet demo/probe'] },
];
