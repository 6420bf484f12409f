import type { ResourceExample, ResourceProps } from '../../lib/resource/kind';
import { kindOf, resourceExampleFindings } from '../../upstream/rules/resources';

export { resourceExampleFindings as findingsOf };

/** A resource as people write it by mistake: what is said, `<rule> <first path>`, and what it stands among. */
export type WrongRow = readonly [said: string, props: object, among?: Omit<ResourceExample<ResourceProps>, 'props'>];

/** What is said of a wrong resource, each as `<rule> <first path>`. */
function saidOf(subject: string, [, props, among = {}]: WrongRow): readonly string[] {
  const of = kindOf(subject);
  return resourceExampleFindings(of, { ...among, props: props as ResourceProps }).map(
    ({ id, paths }) => `${id.slice(subject.length + 1)} ${paths[0] ?? ''}`,
  );
}

/** Each row is told of what it is wrong about, whatever else is said. */
export function itTellsOf(subject: string, rows: readonly WrongRow[]): void {
  it.each(rows.map((row) => [row[0], row[1], row] as const))('%s in %j', (said, _, row) => {
    expect(saidOf(subject, row)).toContain(said);
  });
}
