import { renderCilium, TalosCluster, talosValues } from '../../lib';
import type { CiliumValues } from '../../lib';
import { layered } from '../../lib/cilium/layers';
import { unreadable } from '../../lib/cilium/option-types';
import { findingsOf } from '../../upstream/rules/book';
import { itFinds } from '../wrong';

const TALOS = new TalosCluster({ talosVersion: '1.13' });

interface Given {
  readonly version?: string;
  readonly values: CiliumValues;
}

const judge = ({ version = '1.20.0', values }: Given): ReturnType<typeof findingsOf> =>
  findingsOf(
    () =>
      renderCilium({
        version,
        values: layered([talosValues(TALOS, version), values]),
        talos: TALOS,
        unknownValues: 'warn',
      }).findings,
  );
const row = (finds: string, values: CiliumValues, repaired: CiliumValues, version = '1.20.0') => ({
  finds: finds.replace(' ', ' error '),
  input: { version, values },
  repaired: { version, values: repaired },
});

describe('what ends the agent or the operator, by Cilium 1.20.0 and 1.18.11 themselves', () => {
  itFinds(judge, [
    row('cilium-config/limit bpf.natMax', { bpf: { natMax: 100 } }, { bpf: { natMax: 131072 } }),
    row('cilium-config/limit bpf.lbMapMax', { bpf: { lbMapMax: 0 } }, { bpf: { lbMapMax: 65536 } }),
    row('cilium-config/limit bpf.authMapMax', { bpf: { authMapMax: 1 } }, { bpf: { authMapMax: 524288 } }),
    row('cilium-config/limit labels', { labels: 'k8s:(' }, { labels: 'k8s:app' }),
    row(
      'cilium-config/together bpf.events.default.rateLimit',
      { bpf: { events: { default: { rateLimit: 10 } } } },
      { bpf: { events: { default: { rateLimit: 10, burstLimit: 20 } } } },
    ),
    row('cilium-config/together nat46x64Gateway.enabled', { nat46x64Gateway: { enabled: true } }, {}),
    row(
      'cilium-config/limit operator.endpointGCInterval',
      { operator: { endpointGCInterval: '0s' } },
      { operator: { endpointGCInterval: '5m' } },
    ),
    row('cilium-config/type cluster.id', { cluster: { name: 'a', id: -1 } }, { cluster: { name: 'a', id: 1 } }),
    row('cilium-config/limit extraConfig.log-driver', { extraConfig: { 'log-driver': 'x' } }, {}),
    row('cilium-config/type extraConfig.enable-ipv4', { extraConfig: { 'enable-ipv4': 'maybe' } }, {}),
    row(
      'cilium-config/together ipam.mode',
      { ipam: { mode: 'multi-pool' } },
      { ipam: { mode: 'multi-pool' }, egressMasqueradeInterfaces: 'eth+' },
    ),
    row(
      'pod-ip-pools/unusable ipam.operator',
      { ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.0.0.0/8', '10.1.0.0/16'] } } },
      { ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.0.0.0/8'] } } },
    ),
    row(
      'operator-api/unreachable-probes operator.hostNetwork',
      { operator: { hostNetwork: false }, k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 },
      {},
    ),
    row('node-taints/key agentNotReadyTaintKey', { agentNotReadyTaintKey: 'node cilium' }, {}),
    row('devices/mtu MTU', { MTU: 70000 }, { MTU: 9000 }),
  ]);
});

describe('values of options as the programs read them', () => {
  it.each<[type: string, isLenient: boolean, good: readonly string[], bad: readonly string[]]>([
    ['bool', false, ['true', 'False', '1'], ['', 'yes']],
    ['int', false, ['', '-1', '0x10', '010'], ['1.5', 'x', '99999999999999999999']],
    ['int', true, ['', '1.5', '4294967296'], ['x', '10.x']],
    ['uint16', false, ['65535'], ['-1', '65536']],
    ['duration', false, ['5s', '0'], ['10', '1d', '']],
    ['duration', true, ['10', '5s'], ['1d', '']],
    ['stringToString', false, ['', 'a=b', '{"a":"b"}'], ['a', '{"a":1}', '[']],
  ])('%s, read leniently: %s', (type, isLenient, good, bad) => {
    const refused = (text: string): boolean => unreadable(text, { type, isLenient }) !== undefined;
    expect(good.filter(refused)).toEqual([]);
    expect(bad.filter((text) => !refused(text))).toEqual([]);
  });
});
