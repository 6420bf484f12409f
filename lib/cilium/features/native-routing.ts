import type { CiliumValues } from '../../../imports/cilium-chart';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { networkOf } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import { exampleTalos, TALOS_VALUES } from '../parts/example-talos';

type Family = 'ipv4' | 'ipv6';

/** Native routing: the CIDR that the network routes, and routes between nodes of one L2 segment. */
export const nativeRouting: Feature = {
  name: 'native-routing',
  contribute: ({ v }) => ({
    config: {
      'auto-direct-node-routes': v.autoDirectNodeRoutes,
      'direct-routing-skip-unreachable': v.directRoutingSkipUnreachable,
      'ipv4-native-routing-cidr': whenTruthy(v.ipv4NativeRoutingCIDR),
      'ipv6-native-routing-cidr': whenTruthy(v.ipv6NativeRoutingCIDR),
    },
  }),
  rules: [
    cidrRule('ipv4', {
      level: 'error',
      when: (ctx) => ctx.v.routingMode === 'native' && isTruthy(ctx.v.enableIPv4Masquerade) && lacksCidr(ctx, 'ipv4'),
      bad: { routingMode: 'native', enableIPv4Masquerade: true },
    }),
    cidrRule('ipv6', {
      level: 'error',
      when: (ctx) => ctx.v.routingMode === 'native' && isTruthy(ctx.v.enableIPv6Masquerade) && lacksCidr(ctx, 'ipv6'),
      bad: { routingMode: 'native', ipv6: { enabled: true } },
    }),
    {
      ...cidrRule('ipv4', {
        level: 'warning',
        // The chart requires it only where masquerading is set explicitly, but the agent does not start in either case.
        when: (ctx) => ctx.facts.routingMode === 'native' && masqueradesUnasked(ctx) && lacksCidr(ctx, 'ipv4'),
        bad: { routingMode: 'native' },
      }),
      id: 'native-routing/ipv4-cidr-for-agent',
      chart: undefined,
    },
    {
      id: 'native-routing/no-network',
      level: errorOnTalos,
      find: (ctx) =>
        ctx.facts.hasConfigMap &&
        unreadable(ctx).length > 0 &&
        problem(
          ['ipv4NativeRoutingCIDR', 'ipv6NativeRoutingCIDR'],
          `${unreadable(ctx).join(' and ')}, and the agent refuses to start.`,
          'Use one CIDR of that family, such as 10.244.0.0/16 or fd00:10::/56.',
        ),
      examples: {
        bad: {
          values: { ...TALOS_VALUES, routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0' },
          talos: exampleTalos(),
        },
        good: {
          values: { ...TALOS_VALUES, routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' },
          talos: exampleTalos(),
        },
      },
    },
    {
      id: 'native-routing/direct-routes-in-tunnel',
      level: errorOnTalos,
      find: ({ v, facts }) =>
        facts.hasConfigMap &&
        facts.routingMode === 'tunnel' &&
        String(v.autoDirectNodeRoutes) === 'true' &&
        problem(
          ['autoDirectNodeRoutes', 'routingMode'],
          'Direct node routes conflict with tunnels, and the agent refuses to start with both.',
          'Set routingMode to native, or leave autoDirectNodeRoutes at false.',
        ),
      examples: {
        bad: { values: { autoDirectNodeRoutes: true } },
        good: { values: { autoDirectNodeRoutes: true, routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' } },
      },
    },
  ],
};

/** Values that are not a CIDR of their family. */
function unreadable({ v }: Context): readonly string[] {
  const texts = [
    ['ipv4NativeRoutingCIDR', 4, v.ipv4NativeRoutingCIDR],
    ['ipv6NativeRoutingCIDR', 6, v.ipv6NativeRoutingCIDR],
  ] as const;
  return texts
    .filter(([, family, text]) => isTruthy(text) && networkOf(text)?.family !== family)
    .map(([name, family, text]) => `${name} '${text ?? ''}' is not a valid IPv${String(family)} CIDR`);
}

/** IPv4 is masqueraded by default, not by a value. */
function masqueradesUnasked({ v, facts }: Context): boolean {
  return facts.masqueradesIPv4 && !isTruthy(v.enableIPv4Masquerade);
}

/** Masquerading needs the native routing CIDR, which no value sets. */
function lacksCidr({ v, facts }: Context, family: Family): boolean {
  const own = family === 'ipv4' ? v.ipv4NativeRoutingCIDR : v.ipv6NativeRoutingCIDR;
  const cloud = family === 'ipv4' && ['eni', 'alibabacloud'].includes(facts.ipamMode);
  const fromPool = facts.ipamMode === 'cluster-pool' && isTruthy(v.nativeRoutingCIDRFromClusterPool);
  return (
    facts.hasConfigMap &&
    isTruthy(v[family].enabled) &&
    !isTruthy(v.ipMasqAgent.enabled) &&
    !cloud &&
    !isTruthy(own) &&
    !fromPool
  );
}

function cidrRule(
  family: Family,
  {
    level,
    when,
    bad,
  }: { readonly level: ValuesRule['level']; readonly when: (ctx: Context) => boolean; readonly bad: CiliumValues },
): ValuesRule {
  const [name, cidr] =
    family === 'ipv4' ? ['ipv4NativeRoutingCIDR', '10.244.0.0/16'] : ['ipv6NativeRoutingCIDR', 'fd00:10::/56'];
  return {
    id: `native-routing/${family}-cidr`,
    level,
    find: (ctx) =>
      when(ctx) &&
      problem(
        [name, 'routingMode'],
        'With native routing and masquerading, Cilium needs the CIDR that the network routes, whose traffic is not masqueraded.',
        `Set ${name} to a CIDR that covers all pods of the cluster, such as ${cidr}.`,
      ),
    chart: 'cilium-configmap.yaml',
    examples: {
      bad: { values: bad },
      good: {
        values: { ...bad, [name]: cidr, ...(family === 'ipv6' ? { ipv4NativeRoutingCIDR: '10.244.0.0/16' } : {}) },
      },
    },
  };
}
