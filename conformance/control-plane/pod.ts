import { join } from 'node:path';
import { mapOf, mapsIn } from '../../lib/kubernetes/json';
import { podSpecOf } from '../../lib/kubernetes/pods';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { Api } from './api';
import { startContainer } from './container';
import type { Container, ContainerChoice } from './container';
import { errorLines, repeatedErrors } from './log';
import { probe } from './probes';
import { until } from './waiting';

/** A pod whose containers run. */
export interface Pod {
  readonly containers: ReadonlyMap<string, Container>;
  /** Probes that fail now, with the names of their containers. */
  readonly failingProbes: () => Promise<readonly string[]>;
  /** What is wrong: containers that ended, fatal errors, errors again and again. */
  readonly faults: () => readonly string[];
  readonly stop: () => Promise<void>;
}

type Choice = Pick<ContainerChoice, 'programs' | 'folder' | 'network' | 'hosts' | 'imageEnv' | 'imageFiles' | 'node'>;

/** Starts the pod of a workload as a kubelet does: containers that initialize one after another, then the others. */
export async function startPod(api: Api, workload: KubernetesObject, choice: Choice): Promise<Pod> {
  const pod = podSpecOf(workload) ?? {};
  const { name, namespace = 'default' } = workload.metadata;
  const start = async (container: Readonly<Record<string, unknown>>): Promise<Container> =>
    startContainer(api, {
      ...choice,
      pod,
      container: mapOf(container),
      namespace,
      podName: `${name}-0`,
      folder: join(choice.folder, String(container.name)),
      shared: join(choice.folder, 'shared'),
    });
  for (const container of mapsIn(pod.initContainers)) {
    const first = await start(container);
    const code = await until(() => first.exitCode(), 30);
    const log = first.log();
    if (code === undefined) await first.stop();
    if (code !== 0)
      throw new Error(`${String(container.name)} of ${name} ended with ${String(code)}: ${log.slice(-600)}`);
  }
  const specs = mapsIn(pod.containers);
  const containers = new Map<string, Container>();
  for (const spec of specs) containers.set(String(spec.name), await start(spec));
  return {
    containers,
    failingProbes: async () => {
      const failing: string[] = [];
      for (const spec of specs)
        for (const kind of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
          if (spec[kind] === undefined) continue;
          const answer = await probe(mapOf(spec[kind]), choice.node.ip, spec);
          if (answer !== 'ok') failing.push(`${String(spec.name)}: ${kind}: ${answer}`);
        }
      return failing;
    },
    faults: () =>
      [...containers].flatMap(([of, container]) => {
        const log = container.log();
        const code = container.exitCode();
        return [
          ...(code === undefined ? [] : [`${of} ended with ${String(code)}: ${log.trim().split('\n').at(-1) ?? ''}`]),
          ...errorLines(log).flatMap(({ level, text }) => (level === 'error' ? [] : [`${of}: ${level}: ${text}`])),
          ...repeatedErrors(log, 4).map((text) => `${of}: ${text}`),
        ];
      }),
    stop: async () => {
      await Promise.all([...containers.values()].map(async (container) => container.stop()));
    },
  };
}
