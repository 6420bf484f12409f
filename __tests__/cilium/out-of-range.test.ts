import { exampleTalos, TALOS_VALUES } from '../../lib/cilium/parts/example-talos';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';
import type { RenderInput } from '../../lib/cilium/render';

/** Ids of the findings of values that are out of range. */
function said(input: Partial<RenderInput>): readonly string[] {
  const findings = (() => {
    try {
      return renderCilium({ version: '1.18.4', ...input }).findings;
    } catch (error) {
      if (error instanceof CiliumError) return error.findings;
      throw error;
    }
  })();
  return findings
    .filter(({ id }) => /^(bpf-maps|devices|operator)\//.test(id))
    .map(({ id, level }) => `${level} ${id}`);
}

test.each([
  [-0.1, ['error bpf-maps/dynamic-size']],
  [0, []],
  [0.0025, []],
  ['0.01', []],
  [1, []],
  [1.01, ['error bpf-maps/dynamic-size']],
])('a ratio %p of the memory for maps', (mapDynamicSizeRatio, expected) => {
  for (const version of ['1.18.4', '1.19.6', '1.20.0'] as const) {
    expect(said({ version, values: { ...TALOS_VALUES, bpf: { mapDynamicSizeRatio } }, talos: exampleTalos() })).toEqual(
      expected,
    );
  }
  // The bare chart is what Helm prints.
  expect(said({ values: { bpf: { mapDynamicSizeRatio } } })).toEqual(
    expected.map((one) => one.replace('error', 'warning')),
  );
  expect(said({ values: { bpf: { mapDynamicSizeRatio }, agent: false } })).toEqual([]);
});

test.each([
  [0, false, false],
  [1, false, true],
  [575, false, true],
  [576, false, false],
  [1279, true, true],
  [1279, false, false],
  [1280, true, false],
  [1500, true, false],
  [9001, true, false],
  [9216, true, false],
  [9217, false, true],
])('an MTU of %i, IPv6 %p', (MTU, ipv6, isReported) => {
  expect(said({ values: { MTU, ipv6: { enabled: ipv6 } } })).toEqual(isReported ? ['warning devices/mtu'] : []);
});

test.each([
  ['1.18.4', ['!eth1', 'eth+'], false, ['warning devices/exclusion']],
  ['1.19.6', ['!eth1', 'eth+'], false, []],
  ['1.20.0', ['!eth1'], false, ['warning devices/all-excluded']],
  ['1.20.0', ['!eth1'], true, []],
  ['1.20.0', [], false, []],
] as const)('Cilium %s with the devices %j, others found: %p', (version, devices, forceDeviceDetection, expected) => {
  const nodePort = { directRoutingDevice: 'eth0' };
  expect(said({ version, values: { devices: [...devices], forceDeviceDetection, nodePort } })).toEqual(expected);
});

test('an operator that is off is reported where it assigns pod ranges', () => {
  const off = (mode: 'kubernetes' | 'cluster-pool'): readonly string[] =>
    renderCilium({ version: '1.20.0', values: { operator: { enabled: false }, ipam: { mode } } })
      .findings.filter(({ id }) => id === 'operator/off')
      .map(({ message }) => message);
  expect(off('cluster-pool')).toEqual([expect.stringContaining('allocates pod CIDRs')]);
  expect(off('kubernetes')).toEqual([expect.not.stringContaining('allocates pod CIDRs')]);
});
