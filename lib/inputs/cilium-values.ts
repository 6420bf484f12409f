/** Whether values are those of Cilium's chart: by their names. */
import { knownMinors, whereKnown } from '../cilium/versions';
import { findRemoved } from '../cilium/removed-values';
import type { JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import type { Node } from './entry';
import type { PlacedValues } from './places';

/** How many names of a map are values of some release. */
export function knownNames(values: JsonObject): number {
  return Object.entries(values).filter(
    ([name, value]) =>
      knownMinors().some((minor) => whereKnown(minor, [name]) !== undefined) ||
      findRemoved(name, value ?? null, values, knownMinors().at(-1) ?? '') !== undefined,
  ).length;
}

/** The chart of a dependency on Cilium, and the section of its values. */
export interface Dependency {
  readonly section: string;
  readonly version?: Node | undefined;
  /** The condition that switches the dependency on, `cilium.enabled`. */
  readonly condition?: string | undefined;
}

/** The dependency on Cilium in a `Chart.yaml`. */
export function dependencyOf(chart: Node | undefined): Dependency | undefined {
  const found = chart?.at('dependencies').items.find((one) => isCiliumChart(one.at('name').text));
  if (found === undefined) return undefined;
  return {
    section: found.at('alias').text ?? found.at('name').text ?? 'cilium',
    version: found.at('version'),
    condition: found.at('condition').text,
  };
}

/** Whether a name, a path or a registry is that of Cilium's chart. */
export function isCiliumChart(chart: string | undefined): boolean {
  return /(?:^|\/)(?:rke2-)?cilium(?:-\d[\w.-]*\.tgz)?\/?$/.test(chart ?? '');
}

/** The values below the section of an umbrella chart; those values themselves where there is no such section. */
export function withoutUmbrella({ values, places }: PlacedValues, dependency: Dependency | undefined): PlacedValues {
  const section = dependency?.section ?? 'cilium';
  const inside = Object.hasOwn(values, section) ? values[section] : undefined;
  if (!isMap(inside)) return { values, places };
  const { [section]: _, ...others } = values;
  if (dependency === undefined && knownNames(inside) <= knownNames(others)) return { values, places };
  const tree = places.below.get(section) ?? places;
  // Helm reads it for the dependency, and Cilium's chart has no such value.
  const isCondition =
    dependency === undefined || dependency.condition?.split(',').includes(`${section}.enabled`) === true;
  const { enabled, ...own } = inside;
  return { values: isCondition && typeof enabled === 'boolean' ? own : inside, places: tree };
}
