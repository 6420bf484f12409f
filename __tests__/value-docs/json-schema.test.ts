import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv';
import type { CiliumValues } from '../../imports/cilium-chart';
import { alternatives, leavesOfVersion } from '../../conformance/helm/variations';
import { valueSets } from '../../conformance/helm/cases';
import { valueAt, withoutNulls } from '../../lib/kubernetes/json';
import type { Json, JsonObject } from '../../lib/kubernetes/json';
import { REMOVED_VALUES } from '../../lib/cilium/removed-values-table';
import { renderCilium } from '../../lib/cilium/render';
import { IMPORT_FORMAT, dataHash, importedRelease } from '../../lib/cilium/imported-release';
import { resolveValues } from '../../lib/cilium/values';
import { loadProfile } from '../../lib/cilium/versions';
import { withLeaf } from '../../lib/releases/declared-differences';
import { pathsOf } from '../../lib/value-docs/facts';
import { valuesSchema } from '../../lib/value-docs/json-schema';
import { fc, runs } from '../properties';
import { sample } from '../speed';

/*
 * The schema refuses what the library refuses as unknown or mistyped, and nothing else. Left to the library: rules over texts and
 * numbers (labels, quantities, ports, ranges), fields that exclude each other, and `upgradeCompatibility`.
 */

const VERSIONS = ['1.18.4', '1.19.6', '1.20.0'] as const;

/** Findings that a schema can state. */
const STATED =
  /^(?:values\/(?:type|word|unknown|other-version|removed)|kubernetes\/(?:unknown-field|type|word|required))$/;
/** Findings that come from rules over several fields, although they have the id of a plain one. */
const RULES = /^kubernetes\/required$/;

interface Subject {
  readonly version: string;
  readonly validate: ValidateFunction;
  readonly paths: readonly string[];
}

const subjects = VERSIONS.map((version): Subject => {
  const profile = loadProfile(version)?.profile;
  if (profile === undefined) throw new Error(version);
  const validate = new Ajv2020({ strict: false }).compile(valuesSchema(profile));
  return { version, validate, paths: pathsOf(profile) };
});

/** How library and schema disagree about values; `undefined` where they agree. */
function disagreement({ version, validate }: Subject, values: JsonObject): string | undefined {
  const findings = resolveValues({ version, values }).findings;
  const stated = findings.filter(({ id }) => STATED.test(id) && !RULES.test(id));
  const isRefused = !validate(values);
  const text = (): string => JSON.stringify({ version, values, findings, errors: validate.errors }, undefined, 1);
  // A null under an unknown name of a Kubernetes fragment is as if it were absent; an editor reports the name.
  if (isRefused && findings.length === 0 && !validate(withoutNulls(values)) && !refusedByRule(version, values))
    return `only the schema refuses ${text()}`;
  if (!isRefused && stated.length > 0) return `only the library refuses ${text()}`;
  return undefined;
}

/** What a rule refuses whatever the other values are. */
function refusedByRule(version: string, values: JsonObject): boolean {
  const { kubeProxyReplacement } = values;
  return !judgedBy(() => renderCilium({ version, values: { kubeProxyReplacement } as CiliumValues }));
}

function judgedBy(render: () => unknown): boolean {
  try {
    render();
    return true;
  } catch {
    return false;
  }
}

/** Right and wrong values of many kinds. */
const anyValue = fc.oneof(
  fc.constantFrom<Json>(
    ...[true, false, null, 0, 1, -1, 7, 1.5, 300, '', 'a', 'true', 'native', 'tunel', 'Always', '25%', '10.0.0.0/8'],
    ...[[], ['a'], [1], [null], [{}], [{ name: 'a' }], {}, { a: 'b' }, { a: 1 }, { a: null }, { enabled: true }],
    ...[[{ key: 'a', operator: 'Exists' }], [{ key: 'a', operater: 'Exists' }], [{ operator: 'Exist' }]],
    ...[{ limits: { cpu: 1 } }, { limit: {} }, { requests: { memory: '1Gi' }, limits: null }, { limits: [] }],
    ...[{ nodeAffinity: {} }, { nodeAffinty: {} }, { podAntiAffinity: null }, { type: 'OnDelete' }, { type: 'x' }],
    ...[[{ name: 'a', value: 'b' }], [{ name: 'a', value: 1 }], [{ value: 'b' }], [{ name: 'a', emptyDir: {} }]],
    ...[{ runAsUser: 1 }, { runAsUser: 'x' }, { rollingUpdate: { maxUnavailable: '25%' } }, { rollingUpdate: 1 }],
  ),
  fc.integer({ min: -5, max: 70000 }),
  fc.string({ maxLength: 5 }),
);

/** By its place: what fast-check prints of a counterexample is short. */
const anySubject = fc.nat(VERSIONS.length - 1);
const subjectAt = (i: number): Subject => subjects[i] as Subject;
const typo = fc.constantFrom('', '', '', '', 'x', '.enabled', '.foo');

test('library and schema agree about one wrong or right value', () => {
  fc.assert(
    fc.property(anySubject, fc.nat(), typo, anyValue, (i, n, suffix, value) => {
      const subject = subjectAt(i);
      const path = `${subject.paths[n % subject.paths.length] ?? ''}${suffix}`;
      expect(disagreement(subject, withLeaf({}, path.split('.'), value))).toBeUndefined();
    }),
    runs(2000),
  );
});

test('library and schema agree about several values', () => {
  fc.assert(
    fc.property(anySubject, fc.array(fc.tuple(fc.nat(), anyValue), { minLength: 2, maxLength: 6 }), (i, some) => {
      const subject = subjectAt(i);
      const values = some.reduce<JsonObject>((all, [n, value]) => {
        const path = subject.paths[n % subject.paths.length] ?? '';
        return withLeaf(all, path.split('.'), value);
      }, {});
      expect(disagreement(subject, values)).toBeUndefined();
    }),
    runs(500),
  );
});

describe.each(subjects)('the schema of $version', (subject) => {
  const { version, validate, paths } = subject;

  it('accepts every default and every other right value', () => {
    const profile = loadProfile(version)?.profile;
    expect(validate(profile?.defaults)).toBe(true);
    const refused = sample(leavesOfVersion(version), 12)
      .flatMap((leaf) => alternatives(leaf).map((value) => withLeaf({}, leaf.path, value)))
      .map((values) => disagreement(subject, values))
      .filter((one) => one !== undefined);
    expect(refused).toEqual([]);
  });

  it('accepts null for everything that has a default', () => {
    expect(paths.filter((path) => !validate(withLeaf({}, path.split('.'), null)))).toEqual([]);
  });

  it('agrees about the values of real clusters', () => {
    const found = valueSets().map(({ values }) => disagreement(subject, values));
    expect(found.filter((one) => one !== undefined)).toEqual([]);
  });

  it('refuses values that are gone, with the reason', () => {
    const gone = Object.keys(REMOVED_VALUES).filter((path) => !paths.includes(path));
    expect(gone.filter((path) => validate(withLeaf({}, path.split('.'), true)))).toEqual([]);
    expect(gone.length).toBeGreaterThan(20);
  });
});

test('an imported release has a schema of its own values', () => {
  const profile = loadProfile('1.20.0')?.profile;
  const { defaults = {}, shapes = {} } = profile ?? {};
  const data = {
    ...{ format: IMPORT_FORMAT, version: '1.20.4', chart: 'sha256:0', images: '{}', reads: '[]' },
    defaults: JSON.stringify({ ...defaults, brandNew: { enabled: false, tolerations: [] } }),
    shapes: JSON.stringify({ ...shapes, brandNew: { enabled: 'boolean', tolerations: 'objects' } }),
    kubernetes: JSON.stringify({ 'Toleration[]': ['brandNew.tolerations'] }),
    effects: '{"nodes":[],"outputs":[]}',
    templates: '{"files":{},"blocks":{},"changed":[],"objects":{}}',
  };
  const imported = loadProfile(importedRelease(data, dataHash(data)))?.profile;
  if (imported === undefined) throw new Error('The release is not known.');
  const schema = valuesSchema(imported);
  const validate = new Ajv2020({ strict: false }).compile(schema);
  expect(schema.title).toBe('Values of Cilium 1.20.4');
  expect(validate({ brandNew: { enabled: true, tolerations: [{ operator: 'Exists' }] } })).toBe(true);
  expect(validate({ brandNew: { enabled: 'yes' } })).toBe(false);
  expect(validate({ brandNew: { tolerations: [{ operator: 'Exist' }] } })).toBe(false);
  expect(valueAt(schema, 'properties.brandNew.properties.enabled')).toMatchObject({
    default: false,
    markdownDescription: expect.stringContaining('Since 1.20.4.'),
  });
});
