import type { CiliumValues } from '../../../imports/cilium-chart';
import type { Context } from '../context';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Level } from '../../rules/rule';
import { exampleTalos, TALOS_VALUES } from '../parts/example-talos';
import { OWN_DNS } from '../../talos/cluster/example';

type Span = NonNullable<NonNullable<Context['talos']>['kubeSpan']>;

const SPAN: Span = { enabled: true, advertiseKubernetesNetworks: true, mtu: 1420 };
const NATIVE = {
  ...TALOS_VALUES,
  routingMode: 'native',
  ipv4NativeRoutingCIDR: '10.244.0.0/16',
  MTU: 1420,
} as const satisfies CiliumValues;
const DOCS = 'https://docs.siderolabs.com/talos/latest/networking/kubespan';

/** Native routing through KubeSpan, Talos' WireGuard mesh. It contributes nothing and only has rules. */
export const kubespan: Feature = {
  name: 'kubespan',
  contribute: () => ({}),
  rules: [
    nativeRule({
      id: 'kubespan/host-routing',
      level: levelByRoutes,
      find: ({ facts }) =>
        facts.bpfHostRouting &&
        problem(
          'bpf.hostLegacyRouting',
          'BPF host routing bypasses the routing rules of KubeSpan, so pods of other nodes are unreachable.',
          'Set bpf.hostLegacyRouting to true.',
        ),
      bad: { kubeProxyReplacement: true, bpf: { masquerade: true } },
      good: { kubeProxyReplacement: true, bpf: { masquerade: true, hostLegacyRouting: true } },
    }),
    nativeRule({
      id: 'kubespan/pods-not-advertised',
      level: levelByRoutes,
      find: ({ talos }) =>
        talos?.kubeSpan?.advertiseKubernetesNetworks === false &&
        problem(
          ['talos.kubeSpan.advertiseKubernetesNetworks', 'routingMode'],
          'KubeSpan advertises no pod CIDRs, and its peers drop packets of addresses that are not advertised.',
          'Set kubeSpan.advertiseKubernetesNetworks to true on the Talos cluster, or remove routingMode.',
        ),
      bad: {},
      badSpan: { advertiseKubernetesNetworks: false },
    }),
    nativeRule({
      id: 'kubespan/ipam',
      level: levelByRoutes,
      find: ({ facts }) =>
        facts.ipamMode !== 'kubernetes' &&
        problem(
          'ipam.mode',
          'KubeSpan advertises the pod CIDRs of the Node objects, but Cilium allocates addresses from others.',
          'Set ipam.mode to kubernetes.',
        ),
      bad: { ipam: { mode: 'cluster-pool' } },
    }),
    nativeRule({
      id: 'kubespan/mtu',
      level: 'warning',
      find: ({ v, talos }) =>
        talos?.kubeSpan !== undefined &&
        (!isTruthy(v.MTU) || v.MTU > talos.kubeSpan.mtu) &&
        problem(
          ['MTU', 'talos.kubeSpan.mtu'],
          'Packets of pods are larger than the MTU of KubeSpan.',
          'Set MTU to the MTU of KubeSpan, 1420 by default.',
        ),
      bad: { MTU: 1500 },
    }),
    nativeRule({
      id: 'kubespan/direct-node-routes',
      level: 'warning',
      find: ({ v }) =>
        String(v.autoDirectNodeRoutes) === 'true' &&
        problem(
          'autoDirectNodeRoutes',
          'Direct node routes bypass KubeSpan, unencrypted, and work only where nodes share an L2 segment.',
          'Leave autoDirectNodeRoutes at false.',
        ),
      bad: { autoDirectNodeRoutes: true },
    }),
    {
      id: 'kubespan/xdp',
      level: 'warning',
      find: (ctx) =>
        spans(ctx) &&
        ctx.v.loadBalancer.acceleration === 'native' &&
        problem(
          'loadBalancer.acceleration',
          'The WireGuard device of KubeSpan does not support XDP, and agents that detect it among their devices do not start.',
          'Set loadBalancer.acceleration to best-effort, or remove it.',
        ),
      examples: {
        bad: {
          values: { ...TALOS_VALUES, loadBalancer: { acceleration: 'native' } },
          talos: exampleTalos({ kubeSpan: SPAN }),
        },
        good: {
          values: { ...TALOS_VALUES, loadBalancer: { acceleration: 'best-effort' } },
          talos: exampleTalos({ kubeSpan: SPAN }),
        },
      },
    },
    {
      id: 'kubespan/encrypted-twice',
      level: 'warning',
      find: (ctx) =>
        spans(ctx) &&
        isTruthy(ctx.v.encryption.enabled) &&
        problem(
          'encryption.enabled',
          'KubeSpan already encrypts all traffic between nodes.',
          'Remove encryption, or disable KubeSpan.',
        ),
      examples: {
        bad: {
          values: { ...TALOS_VALUES, encryption: { enabled: true, type: 'wireguard' } },
          talos: exampleTalos({ kubeSpan: SPAN }),
        },
        good: { values: TALOS_VALUES, talos: exampleTalos({ kubeSpan: SPAN }) },
      },
    },
  ],
};

/** With direct node routes or BGP, packets of pods reach other nodes outside KubeSpan. */
function levelByRoutes({ v }: Context): Level {
  return String(v.autoDirectNodeRoutes) === 'true' || isTruthy(v.bgpControlPlane.enabled) ? 'warning' : 'error';
}

function spans({ talos }: Context): boolean {
  return talos?.kubeSpan?.enabled === true;
}

interface NativeRule extends Pick<ValuesRule, 'id' | 'level' | 'find'> {
  readonly bad: CiliumValues;
  /** Default: {@link NATIVE} alone. */
  readonly good?: CiliumValues;
  readonly badSpan?: Partial<Span>;
}

/** A rule for pod packets that go through KubeSpan as they are, without a tunnel of Cilium. */
function nativeRule({ find, bad, good, badSpan, ...rule }: NativeRule): ValuesRule {
  return {
    ...rule,
    find: (ctx) => spans(ctx) && ctx.facts.routingMode === 'native' && find(ctx),
    docs: DOCS,
    examples: {
      bad: { values: { ...NATIVE, ...bad }, talos: exampleTalos({ ...OWN_DNS, kubeSpan: { ...SPAN, ...badSpan } }) },
      good: { values: { ...NATIVE, ...good }, talos: exampleTalos({ ...OWN_DNS, kubeSpan: SPAN }) },
    },
  };
}
