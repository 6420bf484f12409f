import type { Context } from '../cilium/context';
import { layered } from '../cilium/layers';
import { isTruthy } from '../helm/truth';
import { contains, networkOf, overlaps } from '../kubernetes/cidr';
import type { Cidr } from '../kubernetes/cidr';
import { problem } from '../rules/rule';
import type { KindDefinition, ResourceProps, ResourceRule } from './kind';
import { EXAMPLE_CLUSTER } from '../talos/cluster/example';

/** A subnet of the Talos cluster, read. */
export interface ClusterSubnet {
  readonly of: 'pod' | 'service';
  /** Path of the list: `talos.podSubnets`. */
  readonly path: string;
  readonly text: string;
  readonly cidr: Cidr;
}

const read = new WeakMap<Context, readonly ClusterSubnet[]>();

/** The subnets of pods and of Services that the Talos cluster has, as far as it is known; read once per Cilium. */
export function clusterSubnets(cilium: Context | undefined): readonly ClusterSubnet[] {
  if (cilium?.talos === undefined) return [];
  const known = read.get(cilium);
  if (known !== undefined) return known;
  const { podSubnets, serviceSubnets } = cilium.talos;
  const subnets = [
    ...podSubnets.map((text) => ['pod', text] as const),
    ...serviceSubnets.map((text) => ['service', text] as const),
  ].flatMap(([of, text]): ClusterSubnet[] => {
    const cidr = networkOf(text);
    return cidr === undefined ? [] : [{ of, path: `talos.${of}Subnets`, text, cidr }];
  });
  read.set(cilium, subnets);
  return subnets;
}

/** The rule `/family-off` of a kind's `families`. */
export function familyRules<P extends ResourceProps, M>({
  subject,
  docs,
  families,
  example,
}: KindDefinition<P, M>): readonly ResourceRule<P, M>[] {
  if (families === undefined) return [];
  const { effect, example: props } = families;
  return [
    {
      id: `${subject}/family-off`,
      level: 'warning',
      docs,
      find: (resource) =>
        families.of(resource).flatMap(({ at, family }) => {
          const value = family === 4 ? 'ipv4' : 'ipv6';
          if (resource.cilium === undefined || isTruthy(resource.cilium.v[value].enabled)) return [];
          return problem(
            [at, `cilium.${value}.enabled`],
            `Cilium's \`${value}.enabled\` is off, so ${effect}.`,
            `Set \`${value}.enabled: true\` in Cilium's values, or leave it out.`,
          );
        }),
      examples: {
        bad: { ...example, props, values: example.values ?? {} },
        good: { ...example, props, values: layered([example.values ?? {}, { ipv6: { enabled: true } }]) },
      },
    },
  ];
}

/** The cluster of the examples; with `hostDNS` as it is, Cilium's BPF masquerading would be refused. */
/** The rule `/cluster-range` of a kind's `ranges`. */
export function rangeRules<P extends ResourceProps, M>({
  subject,
  docs,
  ranges,
  example,
}: KindDefinition<P, M>): readonly ResourceRule<P, M>[] {
  if (ranges === undefined) return [];
  const { rule = 'cluster-range', subnets = ['pod', 'service'], within = false, hint } = ranges;
  return [
    {
      id: `${subject}/${rule}`,
      // Addresses of pods and Services collide with it only once they are allocated.
      level: 'warning',
      docs,
      find: (resource) => {
        const own = clusterSubnets(resource.cilium).filter(({ of }) => subnets.includes(of));
        return ranges
          .of(resource)
          .flatMap(({ at, text, range }) =>
            own
              .filter(({ cidr }) => (within ? contains(cidr, range) : overlaps(cidr, range)))
              .map((subnet) =>
                problem([at, subnet.path], `${text} overlaps the cluster's ${subnet.of} subnet ${subnet.text}.`, hint),
              ),
          );
      },
      examples: {
        bad: { ...example, props: ranges.example, talos: EXAMPLE_CLUSTER },
        good: { ...example, talos: EXAMPLE_CLUSTER },
      },
    },
  ];
}
