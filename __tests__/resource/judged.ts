import { layered } from '../../lib/cilium/layers';
import { renderCilium } from '../../lib/cilium/render';
import type { ResourceExample, Resource, ResourceKind, ResourceProps } from '../../lib/resource/kind';
import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import { resourceFindings } from '../../lib/resource/resource';
import type { Finding } from '../../lib/rules/finding';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { talosValues } from '../../lib/cilium/talos-values';

/** What is said of an example, among the resources and Services beside it. */
export function findingsOf(of: ResourceKind, example: ResourceExample<ResourceProps>): readonly Finding[] {
  const choice = choiceOf(example);
  const made = (kind: ResourceKind, props: ResourceProps, name: string): Resource => ({
    of: kind,
    name: props.name ?? name,
    props: { ...props, ...choice },
  });
  const earlier = (example.others ?? []).map(({ subject, props }, i) =>
    made(kindOf(subject), props, `other-${String(i)}`),
  );
  return resourceFindings(made(of, example.props, 'example'), { earlier, services: example.services });
}

function kindOf(subject: string): ResourceKind {
  const kind = RESOURCE_KINDS.find((one) => one.subject === subject);
  if (kind === undefined) throw new Error(`There is no kind '${subject}'.`);
  return kind;
}

function choiceOf({
  version = '1.18.4',
  values,
  talos,
}: ResourceExample<ResourceProps>): Pick<ResourceProps, 'cilium' | 'ciliumVersion'> {
  if (values === undefined && talos === undefined) return { ciliumVersion: version };
  const cluster = talos && new TalosCluster(talos);
  const layers = [
    ...(cluster === undefined ? [] : [talosValues(cluster, version)]),
    ...(values === undefined ? [] : [values]),
  ];
  return { cilium: { version, rendered: renderCilium({ version, values: layered(layers), talos: cluster }) } };
}

/** A resource as people write it by mistake: what is said, `<rule> <first path>`, and what it stands among. */
export type WrongRow = readonly [said: string, props: object, among?: Omit<ResourceExample<ResourceProps>, 'props'>];

/** What is said of a wrong resource, each as `<rule> <first path>`. */
function saidOf(subject: string, [, props, among = {}]: WrongRow): readonly string[] {
  const of = kindOf(subject);
  return findingsOf(of, { ...among, props: props as ResourceProps }).map(
    ({ id, paths }) => `${id.slice(subject.length + 1)} ${paths[0] ?? ''}`,
  );
}

/** Each row is told of what it is wrong about, whatever else is said. */
export function itTellsOf(subject: string, rows: readonly WrongRow[]): void {
  it.each(rows.map((row) => [row[0], row[1], row] as const))('%s in %j', (said, _, row) => {
    expect(saidOf(subject, row)).toContain(said);
  });
}
