import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPods } from '../../lib/cilium/pods/workloads';
import { exampleTalos } from '../../lib/cilium/parts/example-talos';
import { renderCilium } from '../../lib/cilium/render';
import { identity } from '../../lib/kubernetes/order';
import type { PodPrediction } from '../../lib/app/predictions';
import type { Finding } from '../../lib/rules/finding';
import { FOREIGN, readClusters } from '../control-plane/clusters';
import type { ClusterManifests } from '../control-plane/clusters';
import type { Judged } from './judged';

/** A cluster of an example, with what its report states. */
export interface ExampleCluster extends ClusterManifests {
  readonly judged: Judged;
}

interface Report {
  readonly pods?: readonly PodPrediction[];
  readonly warnings?: readonly Finding[];
}

/** The clusters among examples as conformance/examples.ts writes them. */
export function exampleClusters(folder: string): readonly ExampleCluster[] {
  return readClusters(folder).map((cluster) => {
    const { name, ciliumVersion, objects: all } = cluster;
    const objects = all.filter(({ apiVersion }) => !FOREIGN.test(apiVersion));
    const [example = '', ...part] = name.split('/');
    const file = join(folder, example, 'talos', ...part, 'report.json');
    const { pods = [], warnings = [] } = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : {};
    const { context } = renderCilium({ version: ciliumVersion });
    const workloads = readPods({ ...context, talos: exampleTalos() }, objects).workloads;
    const names = new Map(
      workloads.map(({ object, name: called, path }) => [identity(object), { name: called, path }]),
    );
    return { ...cluster, objects, judged: { objects, findings: warnings, pods, names } };
  });
}
