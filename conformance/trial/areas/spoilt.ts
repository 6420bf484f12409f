import fc from 'fast-check';
import type { Finding } from '../../../lib';
import type { Area, Fault } from '../area';
import { changes, hostile } from '../hostile';
import type { Change } from '../hostile';
import { placesOf, realize, source, withTree } from '../tree';
import type { Path, Tree } from '../tree';
import { endedText, findingsFault, frozen, isFault, pollutionFault, same, snapshot, tried } from '../verdict';

/** A good input of one call, which cases spoil. */
export interface Sample {
  readonly name: string;
  readonly good: Tree;
  /** It holds arguments by their names: the whole is never replaced. @default false */
  readonly areArguments?: boolean;
  /** Places that the good input does not have, as optional fields. @default - none */
  readonly more?: readonly Path[];
  /** Calls it with the spoilt input. @returns findings that were not thrown, and what is right or wrong in what was made */
  readonly call: (given: unknown) => Outcome;
  /** The call as code. */
  readonly code: (given: string) => string;
}

/** What a call gave. */
export interface Outcome {
  readonly findings: readonly Finding[];
  /** What must be the same in a second call. */
  readonly text?: string;
  readonly fault?: Fault | undefined;
}

interface SpoiltCase {
  readonly sample: number;
  readonly changes: readonly Change[];
}

/** An area of calls whose good inputs are spoilt in 1–4 places. */
export function spoiltArea({
  name,
  about,
  samples,
  value = hostile,
}: {
  readonly name: string;
  readonly about: string;
  readonly samples: readonly Sample[];
  readonly value?: fc.Arbitrary<Tree>;
}): Area<SpoiltCase> {
  const places = samples.map(({ good, more = [], areArguments }) => [
    ...placesOf(good).slice(areArguments === true ? 1 : 0),
    ...more,
  ]);
  const spoilt = (input: SpoiltCase): Tree => {
    const own = places[input.sample] ?? [];
    return input.changes.reduce<Tree>((tree, change) => {
      const path = own[change.place % own.length] ?? [];
      // Besides what is there: a name that does not exist, and one item more.
      const other = (change.place * 7919) % 17;
      const place = other === 0 ? [...path, 'nope'] : other === 1 ? [...path, 0] : path;
      return withTree(tree, place, change.value);
    }, samples[input.sample]?.good ?? null);
  };
  const judge = async (input: SpoiltCase): Promise<Fault | undefined> => {
    const sample = samples[input.sample] as Sample;
    const tree = spoilt(input);
    const given = realize(tree);
    const before = snapshot(given);
    const ended = await tried(() => sample.call(given));
    if (isFault(ended)) return ended;
    if (snapshot(given) !== before)
      return {
        kind: `${sample.name}: the input is changed`,
        detail: `${before.slice(0, 400)}\n${snapshot(given).slice(0, 400)}`,
      };
    const fault =
      pollutionFault() ??
      (ended.error === undefined ? (findingsFault(ended.value.findings) ?? ended.value.fault) : undefined);
    if (fault !== undefined) return fault;
    const again = await tried(() => sample.call(frozen(realize(tree))));
    if (isFault(again)) return { ...again, kind: `with frozen input: ${again.kind}` };
    const write = ({ findings, text }: Outcome): string => `${text ?? ''}${JSON.stringify(findings)}`;
    return same(endedText(ended, write), endedText(again, write), sample.name);
  };
  return {
    name,
    about,
    cases: fc.record({
      sample: fc.nat({ max: samples.length - 1 }),
      changes: changes(value, 5_000),
    }),
    judge,
    program: (input) => samples[input.sample]?.code(source(spoilt(input))) ?? '',
  };
}
