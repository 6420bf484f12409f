/** The findings of the values layer. */
import type { CiliumValues } from '../../imports/cilium-chart';
import type { Finding } from '../rules/finding';
import { wrong } from '../props/check';
import { pathTo } from '../rules/nearest';
import type { Level, ReadingRule } from '../rules/rule';
import { isMap, valueAt } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import type { NotPlain } from './plain-data';
import { findRemoved, holdsRemoved } from './removed-values';
import type { RemovedFound } from './removed-values';
import type { UnknownValue, UnknownWord, WrongType } from './shape-check';
import { isSecretValue } from './secret-values';
import { nearestPaths } from './suggestions';
import { formOf } from './shape';
import type { ValuesExample } from './values-rule';
import type { Profile } from './versions';
import { knownMinors, whereKnown } from './versions';

/** The option that sets the level of unknown values. */
interface Strictness {
  readonly unknownValues?: 'error' | 'warn' | undefined;
}

function levelOfUnknown({ unknownValues }: Strictness): Level {
  return unknownValues === 'warn' ? 'warning' : 'error';
}

/** Wrong values for the examples: no compiler accepts them. */
function anyValues(values: unknown): CiliumValues {
  return values as CiliumValues;
}

/** The findings of names and types, which `resolveValues` makes. */
export const VALUE_FINDINGS: readonly ReadingRule<Strictness, ValuesExample>[] = [
  {
    id: 'values/not-data',
    level: 'error',
    examples: { bad: { values: anyValues(['debug: true']) }, good: { values: { debug: { enabled: true } } } },
  },
  {
    id: 'values/type',
    level: 'error',
    examples: { bad: { values: anyValues({ debug: 'on' }) }, good: { values: { debug: { enabled: true } } } },
  },
  {
    id: 'values/word',
    level: levelOfUnknown,
    examples: {
      bad: { values: anyValues({ routingMode: 'tunel' }) },
      good: { values: { routingMode: 'tunnel' } },
    },
  },
  {
    id: 'values/unknown',
    level: levelOfUnknown,
    examples: { bad: { values: anyValues({ mtu: 1420 }) }, good: { values: { MTU: 1420 } } },
  },
  {
    id: 'values/other-version',
    level: levelOfUnknown,
    examples: {
      bad: { version: '1.18.4', values: { configDriftDetection: { enabled: true } } },
      good: { version: '1.18.9', values: { configDriftDetection: { enabled: true } } },
    },
  },
  {
    id: 'values/removed',
    level: levelOfUnknown,
    examples: {
      bad: { values: anyValues({ tunnel: 'vxlan' }) },
      good: { values: { routingMode: 'tunnel', tunnelProtocol: 'vxlan' } },
    },
  },
  {
    id: 'values/upgrade-compatibility',
    level: 'error',
    examples: {
      bad: { values: { upgradeCompatibility: 'latest' } },
      good: { values: { upgradeCompatibility: '1.16' } },
    },
  },
  {
    id: 'values/unsupported-version',
    level: 'error',
    examples: { bad: { version: '1.10.0', values: {} }, good: { version: '1.19.6', values: {} } },
  },
  {
    id: 'values/unknown-patch',
    level: 'warning',
    examples: { bad: { version: '1.19.99', values: {} }, good: { version: '1.19.6', values: {} } },
  },
];

/** A value that is not plain data. */
export function notPlain({ at, message, hint }: NotPlain): Finding {
  return { id: 'values/not-data', level: 'error', paths: at === '' ? ['values'] : [at], message, hint };
}

/** A value of a wrong type. */
export function wrongType({ at, shape, value }: Omit<WrongType, 'path'>): Finding {
  const found = wrong({ subject: 'values' }, value, formOf(shape), at);
  if (!isSecretValue(at)) return found;
  const what = Array.isArray(value) ? 'a list' : isMap(value) ? 'a map' : `a ${typeof value}`;
  return { ...found, message: `${found.message.split(', got ')[0] ?? ''}, got ${what}.`, hint: 'Write it in quotes.' };
}

/** An unknown enum value, with the level of an unknown value. */
export function unknownWord({ at, shape, value }: Omit<UnknownWord, 'path'>, unknownValues: 'error' | 'warn'): Finding {
  return {
    ...wrongType({ at, shape, value }),
    id: 'values/word',
    level: levelOfUnknown({ unknownValues }),
  };
}

/** The input of the findings about unknown values. */
export interface UnknownGiven {
  /** All of the user's values. */
  readonly written: JsonObject;
  readonly profile: Profile;
  readonly unknownValues: 'error' | 'warn';
}

/** Findings about unknown values: removed ones, ones of other releases, and typos. */
export function unknownFindings(unknown: readonly UnknownValue[], given: UnknownGiven): readonly Finding[] {
  return unknown.flatMap((found) => explain(found, given));
}

function explain({ path, at, value }: UnknownValue, given: UnknownGiven): readonly Finding[] {
  const text = path.join('.');
  const level = isSwitchedOff(path, given) ? 'warning' : levelOfUnknown(given);
  const removed = findRemoved(text, value, given.written, given.profile.version);
  if (removed !== undefined) return [gone(removed, level)];
  // A removed section is explained by the values in it.
  if (isMap(value) && Object.keys(value).length > 0 && holdsRemoved(text)) {
    return Object.entries(value).flatMap(([name, child]) =>
      explain({ path: [...path, name], at: pathTo(at, name), value: child ?? null }, given),
    );
  }
  const elsewhere = otherVersions(path, given.profile);
  if (elsewhere !== undefined) return [{ id: 'values/other-version', level, paths: [at], ...elsewhere }];
  const { version, shapes } = given.profile;
  const nearest = nearestPaths(path, shapes);
  const passOn = level === 'error' ? " To pass it on as Helm does, set unknownValues: 'warn'." : '';
  return [
    {
      id: 'values/unknown',
      level,
      paths: [at],
      message: `Unknown value for Cilium ${version}; it would be ignored.`,
      hint: `${nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}?` : 'Remove it, or look up its name in the values of the chart.'}${passOn}`,
    },
  ];
}

/** Whether the user switches off a section around a value: no name in it has an effect, right or wrong. */
function isSwitchedOff(path: readonly string[], { written, profile }: UnknownGiven): boolean {
  return path.slice(0, -1).some((_, i) => {
    const around = [...path.slice(0, i + 1), 'enabled'];
    return valueAt(written, around) === false && valueAt(profile.defaults, around) !== undefined;
  });
}

function gone({ path, entry, refused, isSuperfluous }: RemovedFound, level: 'error' | 'warning'): Finding {
  const { since, use, because } = entry;
  const reason = because === undefined ? '' : `: ${because}`;
  return {
    id: 'values/removed',
    // An error where the official chart refuses the value; otherwise the user's choice, but for what changes nothing.
    level: refused ? 'error' : isSuperfluous ? 'warning' : level,
    paths: [path],
    message: `Cilium ${since} removed this value${reason}.`,
    hint: use === undefined ? 'Remove it.' : `Use ${use} instead.`,
  };
}

/** Other supported releases that have the path. */
function otherVersions(
  path: readonly string[],
  { minor, version }: Profile,
): { message: string; hint: string } | undefined {
  const found = knownMinors().flatMap((other) => {
    const where = whereKnown(other, path);
    return where === undefined ? [] : [{ other, where }];
  });
  if (found.length === 0) return undefined;
  const places = found.map(({ where }) => where).join(', ');
  const newer = found.some(({ other }) => knownMinors().indexOf(other) >= knownMinors().indexOf(minor));
  return {
    message: `Unknown value for Cilium ${version}; it exists in ${places}.`,
    hint: newer ? `Remove it, or use a release that has it (${places}).` : 'Remove it: newer releases do not need it.',
  };
}
