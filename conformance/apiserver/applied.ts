import { isDeepStrictEqual } from 'node:util';
import { renderCilium } from '../../lib/cilium/render';
import { patchesOf } from '../../lib/cilium/versions';
import { asApplied } from '../../lib/kubernetes-schema/applied';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { CiliumError } from '../../lib/rules/finding';
import { valueSets } from '../helm/cases';
import type { Case } from '../helm/cases';
import { taken } from './server';
import type { Server } from './server';

/*
 * What the server answers is read back as what was applied: the objects of every value set, without what the server adds. Each object
 * is sent once, however many sets render it.
 */

/** What was judged: a line per difference. */
export interface Verdict {
  readonly judged: number;
  readonly refused: readonly string[];
}

/** Applies the objects of all value sets without storing them. */
export async function judgeApplied(server: Server, minor: string): Promise<Verdict> {
  const version = `${minor}.${String(patchesOf(minor).at(-1))}`;
  const objects = new Map<string, KubernetesObject>();
  for (const one of valueSets())
    for (const object of objectsOf(version, one)) objects.set(JSON.stringify(object), object);
  const refused: string[] = [];
  let judged = 0;
  for (const object of objects.values()) {
    const answer = await server.apply(object, { dryRun: true });
    // What a value set makes wrong on purpose, and kinds without a definition.
    if (!taken(answer)) continue;
    judged += 1;
    const [sent, stored] = [object, answer.body as unknown as KubernetesObject].map(asApplied);
    if (!isDeepStrictEqual(sorted(sent), sorted(stored)))
      refused.push(`${identity(object)}: ${differences(sorted(sent), sorted(stored), '').slice(0, 5).join('; ')}`);
  }
  return { judged, refused };
}

/** None where this library refuses the values. */
function objectsOf(
  version: string,
  { values, namespace, kubeVersion, apiVersions }: Case,
): readonly KubernetesObject[] {
  try {
    return renderCilium({ version, values, namespace, kubeVersion, apiVersions, unknownValues: 'warn' }).objects;
  } catch (error) {
    if (error instanceof CiliumError) return [];
    throw error;
  }
}

function sorted(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function differences(one: unknown, other: unknown, at: string): readonly string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return [`${at} ${JSON.stringify(one)} -> ${JSON.stringify(other)}`];
  const [a, b] = [one, other] as readonly Readonly<Record<string, unknown>>[];
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].flatMap((name) => differences(a?.[name], b?.[name], `${at}.${name}`));
}
