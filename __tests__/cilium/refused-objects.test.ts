import type { CiliumValues } from '../../imports/cilium-chart';
import { renderCilium } from '../../lib/cilium/render';

/** What a rendered object has, and the API server refuses, is reported at the value that the user wrote. */
describe('what an API server refuses of the rendered objects', () => {
  it.each<readonly [string, CiliumValues, string]>([
    ['dnsPolicy', { dnsPolicy: 'None' }, 'kubernetes/required'],
    ['envoy.dnsPolicy', { envoy: { enabled: true, dnsPolicy: 'None' } }, 'kubernetes/required'],
    ['operator.hostUsers', { operator: { hostUsers: false } }, 'kubernetes/exclusive'],
    [
      'clustermesh.apiserver.metrics.port',
      { clustermesh: { useAPIServer: true, apiserver: { metrics: { port: 9963 } } } },
      'kubernetes/duplicate',
    ],
  ])('names %s', (path, values, id) => {
    const { findings } = renderCilium({ version: '1.20.0', values });
    expect(findings).toContainEqual(expect.objectContaining({ id, paths: expect.arrayContaining([path]) as string[] }));
  });

  it('reports fields that exclude each other once', () => {
    const values = { operator: { podDisruptionBudget: { enabled: true, minAvailable: 1 } } };
    const { findings } = renderCilium({ version: '1.20.0', values, unknownValues: 'warn' });
    expect(findings.filter(({ id }) => id.startsWith('kubernetes/')).map(({ paths }) => paths)).toEqual([
      ['operator.podDisruptionBudget.maxUnavailable'],
    ]);
  });
});
