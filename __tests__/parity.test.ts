import { forUs, valueSets } from '../conformance/helm/cases';
import { digestedVersions, readDigests } from '../conformance/helm/digests';
import { digest, normalForm } from '../conformance/helm/normal-form';
import { renderCilium } from '../lib/cilium/render';
import { CiliumError } from '../lib/findings';

/*
 * Equal to the chart: the digests were made from what real Helm renders (`npm run parity -- --refresh`). `null` means
 * that Helm refuses, and so must we.
 */
describe.each(digestedVersions())('Cilium %s renders what helm template prints', (version) => {
  const table = readDigests(version);
  const cases = valueSets().filter(({ id }) => id in table);

  it('has digests to compare with', () => {
    expect(cases.length).toBeGreaterThan(20);
    expect(cases.map(({ id }) => id).sort()).toEqual(Object.keys(table).sort());
  });

  it.each(cases)('$id', ({ id, values, namespace, kubeVersion, apiVersions }) => {
    const render = () => renderCilium({ version, values: forUs(values), namespace, kubeVersion, apiVersions, unknownValues: 'warn' });
    const expected = table[id];
    if (expected === null || expected === undefined) {
      expect(render).toThrow(CiliumError);
      return;
    }
    const ours = Object.fromEntries([...normalForm(render().objects)].map(([name, form]) => [name, digest(form)]));
    expect(ours).toEqual(expected);
  });
});
