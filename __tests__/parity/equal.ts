import { valueSets } from '../../conformance/helm/cases';
import { forUs } from '../../lib/releases/declared-differences';
import { digestedVersions, digestsOf, readDigests } from '../../conformance/helm/digests';
import { digestOf, documentsOf, readDocumentTable } from '../../conformance/helm/documents';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';
import { sample } from '../speed';

/**
 * Equal to the chart: the digests were made from what real Helm renders (`npm run parity -- --refresh`). `null` means
 * that Helm refuses, and so must we.
 */
export function describeParity(minor: string): void {
  const versions = digestedVersions().filter((version) => version.startsWith(`${minor}.`));
  describe.each(versions.map((version, i) => [version, i] as const))(
    'Cilium %s renders what helm template prints',
    (version, i) => {
      const table = readDigests(version);
      const documents = readDocumentTable()[version] ?? {};
      const cases = valueSets().filter(({ id }) => id in table);

      it('has digests for every value set', () => {
        // One of the 55 makes an early chart print broken YAML.
        expect(cases.length).toBeGreaterThanOrEqual(54);
        expect(cases.map(({ id }) => id).sort()).toEqual(Object.keys(table).sort());
      });

      it('has the documents of every value set that Helm renders', () => {
        expect(Object.keys(documents).sort()).toEqual(
          Object.keys(table)
            .filter((id) => table[id] !== null)
            .sort(),
        );
      });

      it.each(sample(cases, 18, i))('$id', ({ id, values, namespace, kubeVersion, apiVersions }) => {
        const render = () =>
          renderCilium({ version, values: forUs(values), namespace, kubeVersion, apiVersions, unknownValues: 'warn' });
        const expected = table[id];
        if (expected === null || expected === undefined) expect(render).toThrow(CiliumError);
        else {
          const rendered = render();
          expect(digestsOf(rendered)).toEqual(expected);
          // The order of documents, and the template of each; a chart that crashes has none.
          expect([undefined, digestOf(documentsOf(rendered))]).toContain(documents[id]);
        }
      });
    },
  );
}
