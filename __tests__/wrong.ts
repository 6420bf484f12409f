import { describeFinding } from '../lib/rules/finding';
import type { Finding } from '../lib/rules/finding';
import type { ResourceExample, ResourceProps } from '../lib/resource/kind';
import { kindOf, resourceExampleFindings } from '../upstream/rules/resources';

/**
 * One harness for rows of wrong input, whatever the input is: values, resources, clusters, patches.
 *
 * ```ts
 * describe('a wrong Talos cluster', () => {
 *   itFinds(judge, [
 *     { finds: 'talos-cluster/vip vip.ip', input: { vip: { ip: 'x' } }, repaired: { vip: { ip: '192.0.2.1' } } },
 *     { what: 'Two nodes have one address', finds: ['talos-patch/a error …spec', 'talos-patch/b warning …spec'], input },
 *   ], { alone: true });
 * });
 * ```
 *
 * `judge` returns all findings of an input; it may throw a CiliumError of its own only when it converts it to findings (`findingsOf`
 * of `upstream/rules/book` does). Rows of custom resources have a short form: {@link itFindsInResources}.
 */
export interface WrongRow<I> {
  /** Name of the test, a statement. @default - the findings and the input */
  readonly what?: string;
  readonly input: I;
  /**
   * Each finding that is expected: `<id> <path>`, or `<id> <level> <path>`. The path is the finding's first one; `…<end>` is the end
   * of any of them.
   */
  readonly finds: string | readonly string[];
  /** The repaired input: none of these findings, and no error. @default - not tested */
  readonly repaired?: I;
}

interface Expected {
  readonly id: string;
  readonly level: string | undefined;
  readonly path: string;
}

/**
 * A test per row: the findings are there, each is one sentence with a hint, and they are gone when repaired.
 * @param options `alone`: no other error is found. @default false
 */
export function itFinds<I>(
  judge: (input: I) => readonly Finding[],
  rows: readonly WrongRow<I>[],
  { alone = false }: { readonly alone?: boolean } = {},
): void {
  const named = rows.filter(({ what }) => what !== undefined).map(({ what }) => what);
  if (named.length > 0)
    it('has a name of its own for each row', () => {
      expect(new Set(named).size).toBe(named.length);
    });

  it.each(
    rows.map((row) => [row.what ?? `${[row.finds].flat().join(', ')} in ${JSON.stringify(row.input)}`, row] as const),
  )('%s', (_, { input, finds, repaired }) => {
    const expected = [finds].flat().map(read);
    const found = judge(input);
    for (const one of expected) {
      const mine = found.filter((finding) => isMeant(finding, one));
      // The difference shows what was found instead.
      if (mine.length === 0) expect(found.map(describeFinding)).toContain(`${one.id} ${one.path}`);
      for (const { message, hint } of mine) {
        expect(message).toMatch(/^\S.*[.!?]$/s);
        expect(hint).toMatch(/^\S.*[.!?]$/s);
      }
    }
    const ids = expected.map(({ id }) => id);
    const others = found.filter(({ id, level }) => level === 'error' && !ids.includes(id));
    if (alone) expect(others.map(describeFinding)).toEqual([]);
    if (repaired === undefined) return;
    const left = judge(repaired).filter(({ id, level }) => level === 'error' || ids.includes(id));
    expect(left.map(describeFinding)).toEqual([]);
  });
}

function read(finds: string): Expected {
  const [id = '', second = '', ...rest] = finds.split(' ');
  return second === 'error' || second === 'warning'
    ? { id, level: second, path: rest.join(' ') }
    : { id, level: undefined, path: [second, ...rest].join(' ') };
}

function isMeant({ id, level, paths }: Finding, expected: Expected): boolean {
  return (
    id === expected.id &&
    (expected.level === undefined || level === expected.level) &&
    (expected.path.startsWith('…')
      ? paths.some((path) => path.endsWith(expected.path.slice(1)))
      : paths[0] === expected.path)
  );
}

/** A wrong resource: the finding without the subject of the kind (`block blocks[0]`), its props, and what surrounds it. */
export type WrongResource = readonly [
  finds: string,
  props: object,
  among?: Omit<ResourceExample<ResourceProps>, 'props'>,
];

/** {@link itFinds} for custom resources of one kind, by the subject of the kind. */
export function itFindsInResources(subject: string, rows: readonly WrongResource[]): void {
  itFinds<ResourceExample>(
    (example) => resourceExampleFindings(kindOf(subject), example),
    rows.map(([finds, props, among = {}]) => ({
      what: undefined,
      finds: `${subject}/${finds}`,
      input: { ...among, props },
    })),
  );
}
