import * as fc from 'fast-check';
import type { Contribution, Permission } from '../lib/cilium/feature';
import { allow } from '../lib/cilium/feature';
import { mergeContributions } from '../lib/cilium/merge';
import { unitedRules } from '../lib/cilium/parts/permissions';
import { renderCilium } from '../lib/cilium/render';
import { CiliumError } from '../lib/rules/finding';

const by = (name: string, contribution: Contribution) => ({ name, contribution });

it('a feature that fails is named', () => {
  const broken = {
    name: 'mine',
    contribute: () => {
      throw new TypeError('no such thing');
    },
  };
  expect(() => renderCilium({ version: '1.19.6', features: [broken] })).toThrow(
    "The feature 'mine' failed: no such thing",
  );
});

it.each([
  ['volumes', { name: {} }, 'volumes[0].name'],
  ['mounts', { name: 'a', mountPath: Object.create(null) as string }, 'mounts[0].mountPath'],
  ['ports', { containerPort: { toString: null } }, 'ports[0].containerPort'],
])('%s of a feature without a name or place of the right type are refused', (slot, item, at) => {
  const own = { name: 'own', contribute: () => ({ agent: { [slot]: [item] } }) as Contribution };
  const render = () => renderCilium({ version: '1.19.6', features: [own] });
  expect(render).toThrow(CiliumError);
  expect(render).toThrow(at);
});

describe('mergeContributions', () => {
  it('omits undefined and null and prints the rest as strings', () => {
    const { config } = mergeContributions([
      by('a', { config: { one: 1, ratio: 0.0025, yes: true, text: 'x', gone: undefined, none: null, empty: '' } }),
    ]);
    expect(config).toEqual({ one: '1', ratio: '0.0025', yes: 'true', text: 'x', empty: '' });
  });

  it('names both writers of one config key, and reports every conflict at once', () => {
    const clash = () =>
      mergeContributions([
        by('bgp', { config: { k: 'a' }, agent: { volumes: [{ name: 'v', emptyDir: {} }] } }),
        by('l2', { config: { k: 'a' }, agent: { volumes: [{ name: 'v', hostPath: { path: '/x' } }] } }),
      ]);
    expect(clash).toThrow(CiliumError);
    expect(clash).toThrow(/config k.*'bgp' and 'l2'[\s\S]*agent volume v.*'bgp' and 'l2'/);
  });

  it('merges the same volume of two writers', () => {
    const volume = { name: 'v', emptyDir: {} };
    const merged = mergeContributions([
      by('a', { agent: { volumes: [volume] } }),
      by('b', { agent: { volumes: [{ ...volume }] } }),
    ]);
    expect(merged.agent.volumes).toEqual([volume]);
    expect(merged.provenance.get('agent volume v')).toEqual(['a', 'b']);
  });

  it('gives the same result in any order of contributors', () => {
    const contribution = fc.record({
      config: fc.dictionary(
        fc.string({ minLength: 1, maxLength: 3 }),
        fc.oneof(fc.string(), fc.integer(), fc.boolean()),
      ),
    });
    fc.assert(
      fc.property(fc.array(contribution, { maxLength: 5 }), fc.integer(), (contributions, seed) => {
        const named = contributions.map((c, i) =>
          by(String(i), {
            config: Object.fromEntries(Object.entries(c.config).map(([k, v]) => [`${String(i)}-${k}`, v])),
          }),
        );
        const rotated = [
          ...named.slice(Math.abs(seed) % (named.length + 1)),
          ...named.slice(0, Math.abs(seed) % (named.length + 1)),
        ];
        expect(mergeContributions(rotated).config).toEqual(mergeContributions(named).config);
      }),
    );
  });
});

describe('unitedRules', () => {
  const tuples = (rules: readonly Permission[]) =>
    new Set(
      rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [''] }) =>
        apiGroups.flatMap((g) =>
          resources.flatMap((r) => verbs.flatMap((v) => resourceNames.map((n) => `${g}/${r}/${v}/${n}`))),
        ),
      ),
    );
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  const words = fc.uniqueArray(word, { minLength: 1, maxLength: 3 });

  it('grants exactly what all rules granted', () => {
    const rule = fc.record(
      { apiGroups: words, resources: words, verbs: words },
      { requiredKeys: ['apiGroups', 'resources', 'verbs'] },
    );
    fc.assert(fc.property(fc.array(rule), (rules) => expect(tuples(unitedRules(rules))).toEqual(tuples(rules))));
  });

  it('joins rules with equal verbs, and never grants a right to other resource names', () => {
    expect(
      unitedRules([
        allow('get list', '', 'pods'),
        allow('list get', '', 'nodes'),
        allow('get', '', 'secrets', ['one']),
      ]),
    ).toEqual([
      { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list'], resourceNames: undefined },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['one'] },
    ]);
  });
});
