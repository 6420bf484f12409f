import { fc, runs } from '../properties';
import { sample } from '../speed';
import { variants } from '../../conformance/apiserver/bodies';
import { schemaFindings } from '../../lib/resource/schema';
import { readSchema, schemaPaths } from '../../lib/resource/schema-file';
import { CILIUM_KINDS } from '../../lib/kubernetes/cilium-api';
import type { Finding } from '../../lib/rules/finding';
import type { CiliumKind } from '../../lib/kubernetes/cilium-api';
import type { JsonObject } from '../../lib/kubernetes/json';
import { ROWS } from './rows';
import type { Row } from './rows';

const specOf = (spec: object): JsonObject => ({ spec: spec as JsonObject });
/** Findings as `rule path`. */
const briefly = (kind: CiliumKind, body: JsonObject, version = '1.20.0'): readonly string[] =>
  schemaFindings(kind, version, body, 'test').map(({ id, paths }) => `${id.replace('test/', '')} ${paths.join(', ')}`);

describe.each(Object.entries(ROWS) as [CiliumKind, Row][])('%s', (kind, { version, good, bad }) => {
  it('accepts what is right', () => expect(briefly(kind, specOf(good), version)).toEqual([]));

  it.each(bad.map(([change, ...message]) => [{ ...good, ...change }, message] as const))(
    'refuses %j',
    (spec, message) => expect(briefly(kind, specOf(spec), version)).toEqual(message),
  );
});

describe('a finding', () => {
  const messages = (kind: CiliumKind, spec: object, version = '1.20.0'): readonly string[] =>
    schemaFindings(kind, version, specOf(spec), 'policy').map(
      ({ paths, message, hint }) => `${paths.join(', ')}: ${message} ${hint}`,
    );
  const rules = (rule: object): object => ({ endpointSelector: {}, ...rule });

  it('names what a misspelt field may mean, and does not report that one as missing', () => {
    expect(messages('CiliumNetworkPolicy', { endpointSelectr: {}, ingress: [{}] })).toEqual([
      'endpointSelectr: Unknown field. Did you mean `endpointSelector`?',
    ]);
  });

  it('names where a field belongs', () => {
    expect(messages('CiliumNetworkPolicy', rules({ ingress: [{ toCIDR: [] }] }))).toEqual([
      'ingress[0].toCIDR: Unknown field. It belongs to `egress[]`.',
    ]);
    expect(messages('CiliumNetworkPolicy', rules({ ingress: [{ serverNames: ['a'] }] }))).toEqual([
      'ingress[0].serverNames: Unknown field. It belongs to `ingress[0].toPorts[]`.',
    ]);
  });

  it('names the minors that have a field or a value', () => {
    const advertisement = { advertisements: [{ advertisementType: 'Interface', interface: { name: 'lo' } }] };
    expect(messages('CiliumBGPAdvertisement', advertisement, '1.18.4')).toEqual([
      'advertisements[0].interface: Unknown field. Only Cilium 1.19 and later have it.',
      `advertisements[0].advertisementType: Expected one of 'PodCIDR', 'CiliumPodIPPool', 'Service', got "Interface". Only Cilium 1.19 and later have it.`,
    ]);
    expect(
      messages('CiliumNetworkPolicy', rules({ egress: [{ toPorts: [{ rules: { http: [], l7proto: 'x' } }] }] })),
    ).toEqual([
      'egress[0].toPorts[0].rules.l7proto: Unknown field. Cilium 1.19 was the last to have it; leave it out.',
    ]);
  });

  it('shows how to write a value of another type', () => {
    expect(
      messages(
        'CiliumNetworkPolicy',
        rules({ ingress: [{ fromCIDR: '10.0.0.0/8', toPorts: [{ ports: [{ port: 80 }, { endPort: '90' }] }] }] }),
      ),
    ).toEqual([
      'ingress[0].fromCIDR: Expected a list of strings, got "10.0.0.0/8". Write a list: ["10.0.0.0/8"].',
      "ingress[0].toPorts[0].ports[0].port: Expected a string, got 80. Put it in quotes: '80'.",
      'ingress[0].toPorts[0].ports[1].endPort: Expected an integer from 0 to 65535, got "90". Write it without quotes: 90.',
    ]);
  });

  it('has the path of its set in `specs`', () => {
    const body = { specs: [{ endpointSelector: {}, ingress: [{ fromCIDR: ['x/y'] }] }] };
    expect(briefly('CiliumNetworkPolicy', body)).toEqual(['text specs[0].ingress[0].fromCIDR[0]']);
    expect(briefly('CiliumNodeConfig', {})).toEqual(['required spec']);
    expect(briefly('CiliumNodeConfig', { spec: [], other: 1 })).toEqual(['unknown-field other', 'type spec']);
  });
});

it('treats null in a field with a default as absent, as the API server does, and as a wrong type elsewhere', () => {
  expect(
    briefly('CiliumNodeConfig', {
      spec: { nodeSelector: { matchLabels: null }, defaults: {}, what: null, which: undefined },
    }),
  ).toEqual(['unknown-field what', 'type nodeSelector.matchLabels']);
  expect(briefly('CiliumNodeConfig', { spec: { nodeSelector: {}, defaults: null } })).toEqual(['type defaults']);
  expect(briefly('CiliumLoadBalancerIPPool', { spec: { blocks: [], disabled: null } })).toEqual([]);
  expect(briefly('CiliumCIDRGroup', { spec: { externalCIDRs: [null] } })).toEqual(['type externalCIDRs[0]']);
});

it('has no findings for releases without the kind', () => {
  expect(briefly('CiliumDatapathPlugin', { spec: 1 }, '1.18.4')).toEqual([]);
  expect(briefly('CiliumNodeConfig', { spec: 1 }, '2.0.0')).toEqual([]);
});

describe('whatever it is given', () => {
  const kinds = Object.keys(CILIUM_KINDS) as CiliumKind[];
  const sound = (kind: CiliumKind, version: string, body: JsonObject): readonly Finding[] => {
    const findings = schemaFindings(kind, version, body, 'test');
    for (const { id, paths, message, hint } of findings) {
      expect(id).toMatch(/^test\/[a-z-]+$/);
      expect(message).toMatch(/.\.$/s);
      expect(hint).toMatch(/[^ ]$/);
      expect(paths.filter((path) => path === '' || path.startsWith('spec.'))).toEqual([]);
    }
    return findings;
  };

  it('never throws', () => {
    const words = [
      'spec',
      'specs',
      'ingress',
      'toPorts',
      'rules',
      'matchLabels',
      'blocks',
      'bgpInstances',
      'name',
      '__proto__',
      'constructor',
      'a/b~1',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.constantFrom(...words), fc.string()), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom('1.18.4', '1.19.6', '1.20.0'),
        tree,
        tree,
        (kind, version, spec, specs) => {
          sound(kind, version, { spec, specs } as JsonObject);
        },
      ),
      runs(500),
    );
    let deep: JsonObject = {};
    for (let i = 0; i < 100_000; i++) deep = { a: deep };
    sound('CiliumEnvoyConfig', '1.20.0', { spec: { resources: [deep] } });
  });

  it('describes every field without internal words', () => {
    for (const kind of sample(kinds, 4)) {
      const [minor, path] = schemaPaths(kind).at(-1) ?? ['', ''];
      for (const { body } of variants(readSchema(path), 40)) {
        const places = sound(kind, minor, body).map(({ paths }) => paths.join());
        expect(new Set(places).size).toBe(places.length);
      }
    }
  });
});
