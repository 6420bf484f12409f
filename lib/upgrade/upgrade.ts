/** All that an upgrade changes for one user: values, defaults, objects, pods, custom resources. A pure function. */
import type { CiliumValues } from '../../imports/cilium-chart';
import { renderCilium, writtenObjects } from '../cilium/render';
import type { RenderInput } from '../cilium/render';
import { knownMinors } from '../cilium/versions';
import { isTruthy } from '../helm/truth';
import { isMap, valueAt } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import type { TalosFacts } from '../talos/cluster/facts';
import { minorOf, valuesOfRelease } from '../releases/history';
import { renderDifference } from '../releases/render-difference';
import type { RenderDifference } from '../releases/render-difference';
import { effectOf, effectiveDefaults, overriddenDefaults } from './defaults';
import type { DefaultEffect, Overridden } from './defaults';
import { notesBetween } from './notes';
import type { UpgradeNote } from './notes';
import { minorsBetween, routeBetween } from './route';
import { gatewayApiNeed, kindChanges } from './served';
import type { GatewayApiNeed, KindChange } from './served';
import { valueChanges, withChanges } from './values';
import type { ValueChange } from './values';

/** What is upgraded. */
export interface UpgradeInput {
  readonly from: string;
  readonly to: string;
  /** All layers as one. */
  readonly values: JsonObject;
  readonly namespace?: string | undefined;
  readonly kubeVersion?: string | undefined;
  readonly apiVersions?: readonly string[] | undefined;
  readonly talos?: TalosFacts | undefined;
  readonly imageRegistry?: string | undefined;
}

/** What `upgradeCompatibility` would keep. */
export interface Compatibility {
  /** What the user wrote. */
  readonly written: Json | undefined;
  /** The minor that keeps what the older release did, `1.16`. */
  readonly value: string;
  /** What it keeps, by config keys and objects. */
  readonly keeps: readonly string[];
}

/** What an upgrade changes. */
export interface Upgrade {
  readonly from: string;
  readonly to: string;
  /** The releases one after another; the last one is the target. */
  readonly route: readonly string[];
  readonly values: readonly ValueChange[];
  /** The values for the target; what only a person can decide stays. */
  readonly converted: JsonObject;
  readonly defaults: readonly DefaultEffect[];
  readonly overridden: readonly Overridden[];
  /** Findings of the target that the older release does not have; all of them where the older one cannot be rendered. */
  readonly findings: readonly Finding[];
  /** Findings of the older release that the target does not have, such as known faults that it mends. */
  readonly mended: readonly Finding[];
  /** `undefined` where one of the releases cannot be rendered. */
  readonly difference: RenderDifference | undefined;
  readonly kinds: readonly KindChange[];
  /** `undefined` where the Gateway API is off, or needs nothing new. */
  readonly gatewayApi: GatewayApiNeed | undefined;
  readonly notes: readonly UpgradeNote[];
  /** `undefined` where it keeps nothing. */
  readonly compatibility: Compatibility | undefined;
}

/** Plans an upgrade. */
export function planUpgrade(input: UpgradeInput): Upgrade {
  const { from, to, values } = input;
  const changes = valueChanges(values, { from, to, all: values });
  const converted = withChanges(values, changes);
  // What a person must decide stops nothing else.
  const usable = withChanges(
    values,
    changes.map((change) => (change.outcome === 'kept' ? { ...change, outcome: 'dropped', into: {} } : change)),
  );
  const [before, after] = [attempt(input, from, values), attempt(input, to, converted)];
  const target = attempt(input, to, usable);
  const render = (own: CiliumValues): readonly KubernetesObject[] | undefined =>
    writtenObjects(renderInput(input, to, own));
  const isKnown = (one: Finding, others: readonly Finding[]): boolean =>
    others.some(({ id, paths }) => id === one.id && paths.join() === one.paths.join());
  const own = (findings: readonly Finding[]): readonly Finding[] =>
    findings.filter(({ id }) => id !== 'values/removed' || !changes.some(({ outcome }) => outcome === 'kept'));
  const known = defaultsAt(from);
  const value = (path: string): Json | undefined => valueAt(values, path) ?? known(path);
  const isRenderable = before?.objects !== undefined && target?.objects !== undefined;
  return {
    from,
    to,
    route: routeBetween(from, to),
    values: changes,
    converted,
    defaults: target?.objects === undefined ? [] : effectiveDefaults({ from, to, values: usable }, render),
    overridden: overriddenDefaults(from, to, values),
    findings: own(after?.findings ?? []).filter((one) => !isKnown(one, before?.findings ?? [])),
    mended: (after === undefined ? [] : (before?.findings ?? [])).filter((one) => !isKnown(one, after?.findings ?? [])),
    difference: isRenderable ? renderDifference(before?.objects ?? [], target?.objects ?? []) : undefined,
    kinds: kindChanges(from, to),
    gatewayApi: isTruthy(value('gatewayAPI.enabled')) ? gatewayApiNeed(from, to) : undefined,
    notes: notesBetween({ from, to, value, isTalos: input.talos !== undefined }),
    compatibility: target?.objects === undefined ? undefined : compatibility({ from, to, values: usable }, render),
  };
}

/** Whether a person must do something before the upgrade. */
export function needsDecision({ values, findings }: Upgrade): boolean {
  return values.some(({ outcome }) => outcome === 'kept') || findings.some(({ level }) => level === 'error');
}

interface Attempt {
  /** `undefined` where a finding is an error. */
  readonly objects: readonly KubernetesObject[] | undefined;
  readonly findings: readonly Finding[];
}

/** Unknown values are ignored, as Helm does. */
function renderInput(
  { namespace, kubeVersion, apiVersions, talos, imageRegistry }: UpgradeInput,
  version: string,
  values: CiliumValues,
): RenderInput {
  return { version, values, namespace, kubeVersion, apiVersions, talos, imageRegistry, unknownValues: 'warn' };
}

/** Renders a release; `undefined` where it is not supported. */
function attempt(input: UpgradeInput, version: string, values: JsonObject): Attempt | undefined {
  if (!knownMinors().includes(minorOf(version))) return undefined;
  try {
    return renderCilium(renderInput(input, version, values as CiliumValues));
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    return { objects: undefined, findings: error.findings };
  }
}

function defaultsAt(release: string): (path: string) => Json | undefined {
  const known = valuesOfRelease(release);
  return (path) => known?.get(path)?.value;
}

function compatibility(
  { from, to, values }: Pick<UpgradeInput, 'from' | 'to' | 'values'>,
  render: (values: CiliumValues) => readonly KubernetesObject[] | undefined,
): Compatibility | undefined {
  const { upgradeCompatibility: written, ...others } = values;
  if (minorsBetween(from, to) === 0 || (isMap(written) && written !== null)) return undefined;
  const value = minorOf(from);
  const [fresh, old] = [
    render(others as CiliumValues),
    render({ ...others, upgradeCompatibility: value } as CiliumValues),
  ];
  if (fresh === undefined || old === undefined) return undefined;
  const keeps = effectOf(renderDifference(fresh, old));
  return keeps.length === 0 ? undefined : { written, value, keeps };
}
