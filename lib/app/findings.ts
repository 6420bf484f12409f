import type { IConstruct } from 'constructs';
import { acknowledgeFindings, withoutAcknowledged } from '../rules/acknowledge';
import type { Levelled } from '../rules/acknowledge';
import { isFinding } from '../rules/finding';
import { readable } from '../props/data';
import { foldedItems } from '../rules/fold';
import { readableFinding } from '../rules/readable';
import type { Finding } from '../rules/finding';
import { isPlain } from '../rules/words';
import { ciliumOf } from './cilium';
import { duringSynthesis, once } from './contents';
import { clusterFindingsAt, objectFindings } from './judges';
import { pictureOf } from './picture';

/** What a construct of this library reports. */
export interface FindingSource {
  /** First part of the ids of its findings. */
  readonly subject: string;
  /** Its prop `acknowledge`, as it was given. */
  readonly acknowledge?: unknown;
  /** Rules of the user; their ids can be acknowledged everywhere in the app. */
  readonly rules?: readonly Levelled[];
  /** Errors and warnings, acknowledged ones included. */
  readonly find: () => readonly Finding[];
  /** Its validation reports nothing now. */
  readonly isQuiet?: () => boolean;
}

/** For every copy of this library. */
const SOURCE = Symbol.for('cdk8s-talos-cilium.findings');
const ACKNOWLEDGED = Symbol.for('cdk8s-talos-cilium.acknowledged');

/** Keeps at a construct what it reports. */
export function setSource(construct: IConstruct, source: FindingSource): void {
  Object.defineProperty(construct, SOURCE, { value: source });
}

function sourceOf(construct: IConstruct): FindingSource | undefined {
  return Reflect.get(construct, SOURCE) as FindingSource | undefined;
}

/** Acknowledges a warning for a construct and all below it. */
export function acknowledgeAt(construct: IConstruct, id: string, reason: string): void {
  if (!(ACKNOWLEDGED in construct)) Object.defineProperty(construct, ACKNOWLEDGED, { value: {} });
  const given = Reflect.get(construct, ACKNOWLEDGED) as Record<string, string>;
  Object.defineProperty(given, id, { value: reason, enumerable: true, configurable: true, writable: true });
}

/** Acknowledgements that were made at a construct: its prop, and by `Findings.acknowledge()`. */
function acknowledgedAt(construct: IConstruct): readonly Readonly<Record<string, unknown>>[] {
  return [sourceOf(construct)?.acknowledge, Reflect.get(construct, ACKNOWLEDGED)].filter(isPlain);
}

/**
 * Errors and warnings of a construct, without the warnings that are acknowledged there or above. Nothing changes the app meanwhile, so what
 * its rules read of the app is read once.
 */
export function findingsOf(construct: IConstruct): readonly Finding[] {
  return duringSynthesis(construct.node.root, () => unacknowledged(construct, allFindingsOf(construct)));
}

/** Findings at a construct without the warnings that are acknowledged there or above. */
export function unacknowledged(construct: IConstruct, findings: readonly Finding[]): readonly Finding[] {
  if (findings.length === 0) return findings;
  return construct.node.scopes.flatMap(acknowledgedAt).reduce(withoutAcknowledged, findings);
}

/** Errors and warnings of a construct; those of others may have some, too. */
export function allFindingsOf(construct: IConstruct): readonly Finding[] {
  return once(construct, SOURCE, () => {
    const source = sourceOf(construct);
    if (source === undefined) return [...foreignFindings(construct), ...objectFindings(construct)].map(readableFinding);
    const { subject, find } = source;
    const acknowledge = readable(source, 'acknowledge');
    return foldedItems([
      ...acknowledgeFindings(subject, acknowledge, () => userRules(construct)),
      ...find(),
      ...clusterFindingsAt(construct),
    ]).map(readableFinding);
  });
}

function foreignFindings(construct: IConstruct): readonly Finding[] {
  const found: unknown = 'findings' in construct ? construct.findings : undefined;
  return Array.isArray(found)
    ? found.filter(isFinding).filter(({ level }) => ['error', 'warning'].includes(level))
    : [];
}

/** Problems of calls of `Findings.acknowledge()` for a construct. */
export function acknowledgementProblems(construct: IConstruct): readonly Finding[] {
  return acknowledgeFindings('app', Reflect.get(construct, ACKNOWLEDGED), () => userRules(construct));
}

function userRules({ node: { root } }: IConstruct): readonly Levelled[] {
  return once(root, 'rules of the user', () => pictureOf(root).constructs.flatMap((one) => sourceOf(one)?.rules ?? []));
}

export const UNUSED = 'app/unused-acknowledgement';

/**
 * Acknowledgements that matched no warning in their scope, by construct. Those of a prop that several constructs have with the same id
 * and reason come from shared settings, and count as used. So do those with a Cilium in scope whose values are unknown: rules over
 * them did not run.
 */
export function unusedAcknowledgements(
  constructs: readonly IConstruct[],
  findings: ReadonlyMap<IConstruct, readonly Finding[]>,
): ReadonlyMap<IConstruct, readonly Finding[]> {
  const used = new Map<IConstruct, Set<string>>();
  for (const [construct, found] of findings) {
    const warnings = found.filter(({ level }) => level === 'warning');
    for (const scope of warnings.length === 0 ? [] : construct.node.scopes) {
      const ids = used.get(scope) ?? new Set();
      used.set(scope, ids);
      for (const { id } of warnings) ids.add(id);
    }
  }
  const isUnjudged = (cilium: ReturnType<typeof ciliumOf>): boolean =>
    cilium !== undefined && cilium.rendered === undefined;
  const unjudged = new Set(constructs.filter((one) => isUnjudged(ciliumOf(one))).flatMap(({ node }) => node.scopes));
  const acknowledging = constructs.filter((one) => ACKNOWLEDGED in one || Object.keys(propOf(one)).length > 0);
  const times = new Map<string, number>();
  const keyOf = (entry: readonly [string, unknown]): string => JSON.stringify(entry);
  for (const key of acknowledging.flatMap((one) => Object.entries(propOf(one)).map(keyOf)))
    times.set(key, (times.get(key) ?? 0) + 1);
  return new Map(
    acknowledging
      .filter((one) => !unjudged.has(one))
      .map((one) => {
        const isShared = (entry: readonly [string, unknown]): boolean => (times.get(keyOf(entry)) ?? 0) > 1;
        const entries = [
          ...Object.entries(propOf(one)).filter((entry) => !isShared(entry)),
          ...Object.entries((Reflect.get(one, ACKNOWLEDGED) ?? {}) as object),
        ];
        const unused = entries.filter(
          ([id, reason]) => reason !== undefined && id !== UNUSED && used.get(one)?.has(id) !== true,
        );
        return [
          one,
          unacknowledged(
            one,
            unused.map(([id]) => unusedFinding(id)),
          ),
        ];
      }),
  );
}

function propOf(construct: IConstruct): Readonly<Record<string, unknown>> {
  const acknowledge = sourceOf(construct)?.acknowledge;
  return isPlain(acknowledge) ? acknowledge : {};
}

/** Of a warning that is accepted and was not found. */
export function unusedFinding(id: string): Finding {
  return {
    id: UNUSED,
    level: 'warning',
    paths: [`acknowledge['${id}']`],
    message: `No warning '${id}' was found here.`,
    hint: `Remove it; where several programs share these settings, acknowledge '${UNUSED}' as well.`,
  };
}
