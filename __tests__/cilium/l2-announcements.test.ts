import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/findings';

/** Whether these times of a lease are taken. */
function taken(leaseDuration: string, leaseRenewDeadline: string, leaseRetryPeriod: string): boolean {
  const l2announcements = { enabled: true, leaseDuration, leaseRenewDeadline, leaseRetryPeriod };
  try {
    renderCilium({ version: '1.18.4', values: { kubeProxyReplacement: true, l2announcements } });
    return true;
  } catch (error) {
    if (error instanceof CiliumError && error.findings.some(({ id }) => id === 'l2-announcements/lease-times')) return false;
    throw error;
  }
}

/** Leader election wants lease > renewal > 1.2 x retry, and takes no times that are no durations. */
describe('times of L2 leases', () => {
  it.each([
    ['15s', '5s', '2s'],
    ['300s', '60s', '10s'],
    ['1m', '1201ms', '1s'],
  ])('%s, %s and %s are taken', (...times) => {
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
