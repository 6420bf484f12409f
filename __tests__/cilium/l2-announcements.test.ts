import { exampleTalos, TALOS_VALUES } from '../../lib/cilium/parts/example-talos';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';

/** Whether these times of a lease are taken on Talos; the bare chart only warns of them. */
function taken(leaseDuration: string, leaseRenewDeadline: string, leaseRetryPeriod: string): boolean {
  const l2announcements = { enabled: true, leaseDuration, leaseRenewDeadline, leaseRetryPeriod };
  const values = { ...TALOS_VALUES, kubeProxyReplacement: true, l2announcements };
  const warned = renderCilium({ version: '1.18.4', values }).findings.some(
    ({ id }) => id === 'l2-announcements/lease-times',
  );
  try {
    renderCilium({ version: '1.18.4', values, talos: exampleTalos() });
    expect(warned).toBe(false);
    return true;
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    expect(error.findings.filter(({ level }) => level === 'error').map(({ id }) => id)).toEqual([
      'l2-announcements/lease-times',
    ]);
    expect(warned).toBe(true);
    return false;
  }
}

/** Leader election needs lease > renewal > 1.2 x retry, and valid durations. */
describe('times of L2 leases', () => {
  it.each([
    ['15s', '5s', '2s'],
    ['300s', '60s', '10s'],
    ['1m', '1201ms', '1s'],
  ])('%s, %s and %s are accepted', (...times) => {
    expect(taken(...times)).toBe(true);
  });

  it.each([
    ['5s', '5s', '2s'],
    ['15s', '1200ms', '1s'],
    ['15s', '5s', '0s'],
    ['15', '5s', '2s'],
    ['15s', 'soon', '2s'],
  ])('%s, %s and %s are refused', (...times) => {
    expect(taken(...times)).toBe(false);
  });
});
