import type { JsonObject } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { TalosCluster } from '../../lib/talos/cluster';
import { renderTalosPatch } from '../../lib/talos/render';
import type { TalosPatchInput } from '../../lib/talos/render';
import { talosMinor } from '../../lib/talos/versions';
import type { Case } from './case';
import { COMBINATIONS } from './combinations';
import type { Combination, Target } from './combinations';
import { NODE_COMBINATIONS } from './node-combinations';
import { randomCombinations } from './random';

export const TARGETS: readonly Target[] = [
  { talosVersion: '1.11', contract: '1.11' },
  { talosVersion: '1.12', contract: '1.12' },
  { talosVersion: '1.12.4', contract: '1.11' },
  { talosVersion: '1.13', contract: '1.13' },
  { talosVersion: '1.13.9', contract: '1.12' },
  { talosVersion: '1.14', contract: '1.11' },
  { talosVersion: '1.14', contract: '1.12' },
  { talosVersion: '1.14', contract: '1.13' },
  { talosVersion: '1.14', contract: '1.14' },
];

/** Every combination on every target; those with KubeSpan also on configs generated with it. */
export function matrix(): readonly Case[] {
  return TARGETS.flatMap((target) =>
    [...COMBINATIONS, ...NODE_COMBINATIONS]
      .filter(({ only }) => only?.(target) ?? true)
      .flatMap((combination) => [
        caseOf(target, combination, false),
        ...(combination.onKubeSpan === true ? [caseOf(target, combination, true)] : []),
      ]),
  );
}

/** Combinations at random, each on a target; what the library refuses of them is a problem too. */
export function randomCases(count: number, seed: number): { readonly cases: readonly Case[]; readonly refused: readonly string[] } {
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
  const { talosVersion, contract } = target;
  const talos = new TalosCluster({ talosVersion, generatedBy: contract, ...combination.cluster });
  const input: TalosPatchInput = { talos, manifests: MANIFESTS, ...combination.patch };
  const { controlplane, all, worker } = renderTalosPatch(input);
  const hasCilium = input.cilium !== undefined;
  const minor = talosMinor(talosVersion);
  if (minor === undefined) throw new Error(`${talosVersion} is no supported Talos`);
  return {
    id: `${talosVersion}-on-${contract}${kubeSpan ? '-kubespan' : ''}/${combination.name}`,
    minor,
    contract,
    kubeSpan,
    controlplane,
    all,
    worker,
    expect: {
      cni: hasCilium ? 'none' : 'flannel',
      kubeProxy: input.cilium?.kubeProxyReplacement !== true,
      kubeSpan: talos.kubeSpan?.enabled ?? kubeSpan,
      manifests: input.manifests.length === 0 ? [] : EXPECTED,
      facts: combination.facts?.(target) ?? {},
      twice: combination.twice(target),
    },
  };
}

const object = (apiVersion: string, kind: string, name: string, namespace?: string, more: JsonObject = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...more,
});

/** Texts that YAML parsers like to misread. */
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
        spec: { template: { spec: { hostNetwork: true, containers: [{ name: 'a', image: 'b', ports: [] }] } } },
      }),
    ],
  },
];

const EXPECTED = [
  { name: '10-cilium', objects: ['v1 ConfigMap kube-system/cilium-config', 'rbac.authorization.k8s.io/v1 ClusterRole /cilium'] },
  { name: '30-cilium-config', objects: ['cilium.io/v2alpha1 CiliumLoadBalancerIPPool /home'] },
  { name: '90-demo', objects: ['v1 Namespace /demo', 'apps/v1 DaemonSet demo/probe'] },
];
