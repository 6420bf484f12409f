import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';
import type { CiliumValues } from '../../imports/cilium-chart';
import { minorOf, verdictOf } from '../../lib/kubernetes-schema/minors';
import { exampleTalos } from '../../lib/cilium/parts/example-talos';

const KNOWN = ['1.32', '1.34', '1.36'];

describe('the answer whether a Kubernetes release has a field', () => {
  it.each<[having: string, release: string | undefined, verdict: string]>([
    // As the definitions of that minor say
    ['1.34 1.36', '1.34.2', 'there'],
    ['1.34 1.36', '1.32.0', 'not there'],
    ['1.36', '1.34', 'not there'],
    ['', '1.34.0', 'not there'],
    // Between two of them it is refused when both do not have it
    ['1.34 1.36', '1.33.1', 'there'],
    ['1.36', '1.33.1', 'not there'],
    ['1.36', '1.35.0', 'there'],
    ['1.32', '1.35.0', 'not there'],
    // Before the oldest the oldest counts
    ['1.32 1.34', '1.29.4', 'there'],
    ['1.34 1.36', '1.31.0', 'not there'],
    ['1.26-1.30', '1.30.1', 'there'],
    ['1.26-1.30', '1.31.0', 'not there'],
    // Beyond the newest minor a field is unknown
    ['', '1.37.0', 'unknown'],
    ['1.32', '1.37.0', 'unknown'],
    ['1.34 1.36', '1.37.0', 'there'],
    // Without a release any minor counts
    ['1.36', undefined, 'there'],
    ['', undefined, 'not there'],
  ])('"%s" in %s: %s', (having, release, verdict) => {
    expect(verdictOf(having, KNOWN, release)).toBe(verdict);
  });

  it('is the same for a minor and its patches', () => {
    expect(['1.34', '1.34.1', 'v1.34.1+k3s1', '2.0', 'x'].map(minorOf)).toEqual([34, 34, 34, undefined, undefined]);
  });
});

describe('a value that only some releases accept', () => {
  const said = (values: object, kubeVersion?: string): readonly string[] => {
    try {
      const { findings } = renderCilium({ version: '1.19.6', values: values as CiliumValues, kubeVersion });
      return findings.map(({ id, level, paths }) => `${level} ${id} ${paths.join()}`);
    } catch (error) {
      if (error instanceof CiliumError)
        return error.findings.map(({ id, level, paths }) => `${level} ${id} ${paths.join()}`);
      throw error;
    }
  };
  const newer = { extraContainers: [{ name: 'a', image: 'b', restartPolicyRules: [] }] };
  const unknown = { tolerations: [{ operater: 'Exists', operator: 'Exists' }] };
  const word = { tolerations: [{ operator: 'Exists', effect: 'NoAdmit' }] };

  it('is an error where the server refuses it', () => {
    expect(said(newer, '1.32.1')).toEqual(['error kubernetes/unknown-field extraContainers[0].restartPolicyRules']);
    expect(said(newer, '1.31.0')).toEqual(['error kubernetes/unknown-field extraContainers[0].restartPolicyRules']);
  });

  it('has no finding where the server accepts it', () => {
    for (const version of ['1.33.0', '1.34.0', '1.36.2', '1.37.0', undefined]) expect(said(newer, version)).toEqual([]);
  });

  it('is a warning above the newest definitions, enum values too', () => {
    expect(said(unknown, '1.37.0')).toEqual(['warning kubernetes/unknown-field tolerations[0].operater']);
    expect(said(word, '1.37.0')).toEqual(['warning kubernetes/word tolerations[0].effect']);
    expect(said(unknown, '1.29.0')).toEqual(['error kubernetes/unknown-field tolerations[0].operater']);
  });

  it('keeps its formats everywhere', () => {
    const values = { resources: { limits: { cpu: '1 core' } } };
    for (const version of ['1.29.0', '1.33.0', '1.37.0'])
      expect(said(values, version)).toEqual(['error kubernetes/text resources.limits.cpu']);
  });

  it('is passed on with a warning where unknown values are warnings', () => {
    const values = unknown as CiliumValues;
    expect(
      renderCilium({ version: '1.19.6', values, unknownValues: 'warn' }).findings.map(({ level }) => level),
    ).toEqual(['warning']);
    expect(() => renderCilium({ version: '1.19.6', values, unknownValues: 'warn', talos: exampleTalos() })).toThrow(
      /operater/,
    );
  });
});
