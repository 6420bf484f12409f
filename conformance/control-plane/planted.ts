import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mapOf, mapsIn } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { Api } from './api';
import type { ClusterManifests } from './clusters';
import { judgeCluster } from './judge-cluster';
import type { Program } from './programs';

/** A fault in manifests that the judge must find. */
interface PlantedFault {
  readonly name: string;
  /** Changes an object in place; `false` where it does not concern it. */
  readonly plant: (object: Plain) => boolean;
  readonly found: RegExp;
}

type Plain = Record<string, unknown> & { readonly kind: string; readonly metadata: { readonly name: string } };

const PLANTED: readonly PlantedFault[] = [
  {
    name: 'the ClusterRole of the operator lacks a verb',
    plant: (object) => {
      if (object.kind !== 'ClusterRole' || object.metadata.name !== 'cilium-operator') return false;
      const rule = mapsIn(object.rules).find(({ resources }) => listOf(resources).includes('ciliumbgpnodeconfigs'));
      if (rule === undefined) return false;
      Object.assign(rule, { verbs: listOf(rule.verbs).filter((verb) => verb !== 'create') });
      return true;
    },
    found: /RBAC forbids kube-system:cilium-operator to create \S*ciliumbgpnodeconfigs/,
  },
  {
    name: 'cilium-config has an unknown key',
    plant: (object) => {
      if (object.kind !== 'ConfigMap' || object.metadata.name !== 'cilium-config') return false;
      Object.assign(mapOf(object.data), { 'enable-bgp-control-plan': 'true' });
      return true;
    },
    found: /no program of Cilium [\d.]+ reads the key enable-bgp-control-plan/,
  },
  {
    name: 'the operator lacks a toleration',
    plant: (object) => {
      const pod = podOfOperator(object);
      if (pod === undefined) return false;
      pod.tolerations = mapsIn(pod.tolerations).filter(({ key }) => key !== 'node.cilium.io/agent-not-ready');
      return true;
    },
    found: /Deployment cilium-operator does not tolerate the taints of nodes at the first boot/,
  },
  {
    name: 'the liveness probe of the operator has another port',
    plant: (object) => {
      const [container] = mapsIn(podOfOperator(object)?.containers);
      if (container === undefined) return false;
      Object.assign(mapOf(mapOf(container.livenessProbe).httpGet), { port: 9235 });
      return true;
    },
    found: /livenessProbe: connect ECONNREFUSED/,
  },
];

function podOfOperator({ kind, metadata, ...object }: Plain): Record<string, unknown> | undefined {
  if (kind !== 'Deployment' || metadata.name !== 'cilium-operator') return undefined;
  return mapOf(mapOf(mapOf(object.spec).template).spec) as Record<string, unknown>;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Plants each fault in a cluster and judges it; returns the faults that were not found, and how many were. */
export async function judgePlanted(
  api: Api,
  cluster: ClusterManifests,
  operator: Program,
  folder: string,
): Promise<{ readonly found: number; readonly missed: readonly string[] }> {
  const missed: string[] = [];
  for (const [i, { name, plant, found }] of PLANTED.entries()) {
    const objects = structuredClone(cluster.objects) as unknown as Plain[];
    const planted = objects.filter(plant).length;
    const own = join(folder, `planted-${String(i)}`);
    mkdirSync(own, { recursive: true });
    const changed = { ...cluster, objects: objects as unknown as readonly KubernetesObject[] };
    const faults = planted === 0 ? [] : await judgeCluster(api, changed, operator, own);
    const line = faults.find((fault) => found.test(fault));
    console.log(
      `${line === undefined ? 'not found' : 'found'}: ${name}${line === undefined ? '' : `: ${line.slice(0, 300)}`}`,
    );
    if (line === undefined)
      missed.push(planted === 0 ? `${name}: nothing to change` : `${name}: ${faults.join(' | ')}`);
  }
  return { found: PLANTED.length - missed.length, missed };
}
