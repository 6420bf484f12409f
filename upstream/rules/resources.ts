import { layered } from '../../lib/cilium/layers';
import type { ICilium } from '../../lib/cilium/reference';
import { talosValues } from '../../lib/cilium/talos-values';
import { resourceFindings } from '../../lib/resource/resource';
import { ResourceIndex } from '../../lib/resource/resource-index';
import type { Resource, ResourceKind, ResourceProps } from '../../lib/resource/kind';
import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import { acknowledgeFindings } from '../../lib/rules/acknowledge';
import type { Finding } from '../../lib/rules/finding';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { book, listed, plain } from './book';
import type { RuleBook } from './book';
import { ciliumWith, released } from './released';
import { readingOf } from './resource-reading';
import type { ResourceInput } from './resource-reading';

/** The findings of an example, among the resources and Services next to it. */
export function resourceExampleFindings(of: ResourceKind, example: ResourceInput): readonly Finding[] {
  const cilium = example.withoutCilium ? (undefined as never) : ciliumOf(example);
  const made = (kind: ResourceKind, props: Partial<ResourceProps>, name: string): Resource => ({
    of: kind,
    name: props.name ?? name,
    props: { ...props, cilium },
  });
  const earlier = (example.others ?? []).map(({ subject, props }, i) =>
    made(kindOf(subject), props, `other-${String(i)}`),
  );
  const { props, services, grants, configMaps } = example;
  const own = made(of, props, 'example');
  const findings = resourceFindings(own, {
    resources: new ResourceIndex([...earlier, own]),
    services,
    grants,
    configMaps,
  });
  return [...acknowledgeFindings(of.subject, props.acknowledge), ...findings];
}

export function kindOf(subject: string): ResourceKind {
  const kind = RESOURCE_KINDS.find((one) => one.subject === subject);
  if (kind === undefined) throw new Error(`There is no kind '${subject}'.`);
  return kind;
}

/** The Cilium of an example. */
export function ciliumOf({
  version = '1.18.4',
  values,
  talos,
}: Pick<ResourceInput, 'version' | 'values' | 'talos'>): ICilium {
  if (values === undefined && talos === undefined) return released(version);
  const cluster = talos && new TalosCluster(talos);
  const layers = [
    ...(cluster === undefined ? [] : [talosValues(cluster, version)]),
    ...(values === undefined ? [] : [values]),
  ];
  return ciliumWith(version, { values: layered(layers), talos: cluster });
}

export const resources: readonly RuleBook[] = RESOURCE_KINDS.map((kind) =>
  book<ResourceInput>({
    name: kind.api.kind,
    over: `A ${kind.api.kind}, with the values of its Cilium and the other resources and Services of the cluster.`,
    rules: [
      ...listed<ResourceInput>(kind.rules),
      ...readingOf(kind, (example) => resourceExampleFindings(kind, example)),
    ],
    judge: (example) => resourceExampleFindings(kind, example),
    input: ({ props, version, values, talos, others, services, grants, configMaps }) =>
      plain({
        ...props,
        ...(version === undefined && values === undefined ? {} : { cilium: { version, values } }),
        talos,
        others: others?.map(({ subject, props: own }) => ({ [kindOf(subject).api.kind]: own })),
        services,
        grants,
        configMaps,
      }),
  }),
);
