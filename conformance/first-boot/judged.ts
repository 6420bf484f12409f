import { FOREIGN } from '../control-plane/clusters';
import type { Context } from '../../lib/cilium/context';
import { POD_RULES } from '../../lib/cilium/pods';
import { predictPods } from '../../lib/cilium/pods/prediction';
import { readPods } from '../../lib/cilium/pods/workloads';
import { renderCilium, writtenObjects } from '../../lib/cilium/render';
import type { RenderInput } from '../../lib/cilium/render';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { PodPrediction } from '../../lib/app/predictions';
import type { TalosFacts } from '../../lib/talos/cluster/facts';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';

/** What the library writes for values, and what it states about them. */
export interface Judged {
  readonly objects: readonly KubernetesObject[];
  readonly findings: readonly Finding[];
  readonly pods: readonly PodPrediction[];
  /** What findings call the workload of an object, and where its values are. */
  readonly names: ReadonlyMap<string, { readonly name: string; readonly path: string }>;
}

/** Renders values, also where rules have errors. @param beside other objects of the cluster. */
export function judge(
  input: RenderInput & { readonly talos: TalosFacts },
  beside: readonly KubernetesObject[] = [],
): Judged {
  const all = [...(writtenObjects(input) ?? []), ...beside];
  // Their controllers do not run here.
  const objects = all.filter(({ apiVersion }) => !FOREIGN.test(apiVersion));
  const context: Context = {
    ...renderCilium({ ...input, talos: undefined, unknownValues: 'warn' }).context,
    talos: input.talos,
  };
  return {
    objects,
    findings: findingsOf(input),
    pods: predictPods('judge', all, context),
    names: new Map(
      readPods(context, objects).workloads.map(({ object, name, path }) => [identity(object), { name, path }]),
    ),
  };
}

function findingsOf(input: RenderInput): readonly Finding[] {
  try {
    return renderCilium(input).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

const OF_PODS = new Set(POD_RULES.map(({ id }) => id));

/** Whether a rule is about pods that cannot run. */
export function isAboutPods({ id }: Finding): boolean {
  return OF_PODS.has(id);
}
