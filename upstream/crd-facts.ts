/** What the comment of a field of a custom resource says: facts of its definition. */
import type { Schema } from './crds';
import type { Place } from './crd-names';

const FORMATS: Readonly<Record<string, string>> = {
  cidr: 'A CIDR.',
  ipv4: 'An IPv4 address.',
  ipv6: 'An IPv6 address.',
  'idn-hostname': 'A host name.',
  'date-time': 'A time.',
};
const LONGEST = 70;

/** Comment lines of a field, without the signs around them; empty when there is nothing to say. */
export function commentOf(place: Place, minors: readonly string[]): string {
  const here = minors.filter((minor) => place.has(minor));
  const facts = new Map<string, string[]>();
  for (const minor of here) {
    for (const fact of factsOf(place.get(minor) as Schema)) facts.set(fact, [...(facts.get(fact) ?? []), minor]);
  }
  const said = [...facts].map(([fact, known]) =>
    known.length === here.length ? fact : `${fact.slice(0, -1)} (${known.join(', ')}).`,
  );
  return [...said, ...wordsOverTime(place, here), ...tagsOf(here, minors)].join(' ');
}

/** `@since 1.19` for what the first minors lack, `@removed 1.20` for what the last ones lack. */
export function tagsOf(here: readonly string[], minors: readonly string[]): readonly string[] {
  const after = minors[minors.indexOf(here.at(-1) ?? '') + 1];
  return [
    ...(here[0] === minors[0] ? [] : [`@since ${String(here[0])}`]),
    ...(after === undefined ? [] : [`@removed ${after}`]),
  ];
}

/** Which words of an enum came or went. */
function wordsOverTime(place: Place, minors: readonly string[]): readonly string[] {
  const enums = minors.map((minor) => [minor, enumOf(place.get(minor))] as const);
  const words = [...new Set(enums.flatMap(([, known]) => known ?? []))];
  const changes = new Map<string, string[]>();
  for (const word of words) {
    const tags = tagsOf(
      enums.flatMap(([minor, known]) => (known?.includes(word) === false ? [] : [minor])),
      minors,
    );
    for (const tag of tags) changes.set(tag, [...(changes.get(tag) ?? []), `\`${word}\``]);
  }
  return [...changes].map(([tag, changed]) => `${changed.join(', ')}: ${tag}.`);
}

/** The words that a field, or every item of it, is one of. */
export function enumOf(schema: Schema | undefined): readonly string[] | undefined {
  return (schema?.enum ?? schema?.items?.enum)?.map(String);
}

function factsOf(schema: Schema): readonly string[] {
  const { items, additionalProperties, default: value } = schema;
  const each = items ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
  const given = JSON.stringify(value) as string | undefined;
  return [
    ...countFacts(schema),
    ...(each === undefined || each.type === 'object'
      ? []
      : scalarFacts(each).map((fact) => `Each ${fact.charAt(0).toLowerCase()}${fact.slice(1)}`)),
    ...scalarFacts(schema),
    ...(given === undefined || given.length > 40 ? [] : [`Default ${given}.`]),
  ].filter((fact) => !fact.includes('*/'));
}

function countFacts(schema: Schema): readonly string[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  return [
    ...range(schema.minItems, schema.maxItems, 'items'),
    ...range(schema.minProperties, schema.maxProperties, 'entries'),
    ...(schema['x-kubernetes-list-type'] === 'set' ? ['No item twice.'] : []),
    ...(keys === undefined ? [] : [`Each \`${keys.join('`, `')}\` once.`]),
  ];
}

function scalarFacts({ minimum, maximum, minLength, maxLength, format, pattern }: Schema): readonly string[] {
  return [
    ...range(minimum, maximum),
    ...range(minLength, maxLength, 'characters'),
    ...(format !== undefined && format in FORMATS ? [FORMATS[format] as string] : []),
    ...(pattern === undefined || pattern.length > LONGEST ? [] : [`Matches \`${pattern}\`.`]),
  ];
}

function range(least: number | undefined, most: number | undefined, unit = ''): readonly string[] {
  const what = unit === '' ? '' : ` ${unit}`;
  if (most === 0 && unit !== '') return ['Must stay empty.'];
  if (least !== undefined && most !== undefined) return [`${String(least)} to ${String(most)}${what}.`];
  if (least !== undefined)
    return least === 0 && unit !== ''
      ? []
      : least === 1 && unit !== ''
        ? ['Not empty.']
        : [`At least ${String(least)}${what}.`];
  return most === undefined ? [] : [`At most ${String(most)}${what}.`];
}
