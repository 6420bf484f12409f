import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { satisfies } from '../lib/helm/semver';
import { billOfMaterials, installedModules } from '../upstream/dependencies';

/** Releases from the first to below the second have the advisory. */
const ADVISORIES: readonly (readonly [module: string, from: string, below: string, advisory: string])[] = [
  ['ajv', '7.0.0', '8.18.0', 'CVE-2025-69873'],
  ['brace-expansion', '0.0.0', '5.0.6', 'GHSA-f886-m6hf-6m8v'],
  ['fast-json-patch', '0.0.0', '3.1.1', 'GHSA-8gh8-hqwg-xf34'],
  ['fast-uri', '3.0.0', '3.1.7', 'CVE-2026-84394 and seven before it'],
  ['follow-redirects', '0.0.0', '1.16.0', 'GHSA-r4q5-vmmm-2653'],
  ['ip-address', '0.0.0', '10.1.1', 'GHSA-v2v4-37r5-5v8g'],
  ['minimatch', '0.0.0', '10.2.3', 'GHSA-3ppc-4f35-3m26'],
  ['yaml', '2.0.0', '2.8.3', 'GHSA-48c2-rrv3-qjmp'],
];

const isWithin = (version: string, from: string, below: string): boolean =>
  satisfies(version, `>=${from}`) && satisfies(version, `<${below}`);

const modules = installedModules();
const named = (one: string): readonly string[] =>
  modules.flatMap(({ name, version }) => (name === one ? [version] : []));

describe('what is installed with the library', () => {
  it('has no release with a known advisory', () => {
    const found = ADVISORIES.flatMap(([name, from, below, advisory]) =>
      named(name)
        .filter((version) => isWithin(version, from, below))
        .map((version) => `${name} ${version}: ${advisory}`),
    );
    expect(found).toEqual([]);
    expect(named('yaml')).toHaveLength(2);
  });

  it('has no lowest release of a dependency with a known advisory', () => {
    const { dependencies } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const found = Object.entries(dependencies).flatMap(([name, range]) => {
      const lowest = range.replace('^', '');
      return ADVISORIES.filter(([one, from, below]) => one === name && isWithin(lowest, from, below));
    });
    expect(found).toEqual([]);
  });

  it('has only licences that allow everything', () => {
    const licences = new Set(modules.map(({ license }) => license));
    expect([...licences].sort()).toEqual(['Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT']);
  });

  it('is neither minimatch nor cdk8s-plus-30', () => {
    const names = modules.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ajv', 'fast-uri', 'cdk8s', 'constructs']));
    expect(names.filter((name) => /^(?:cdk8s-plus|minimatch|brace-expansion)/.test(name))).toEqual([]);
  });
});

it('the bill of materials lists every module once, with the edges between them, and nothing of this run', () => {
  const bill = JSON.parse(billOfMaterials()) as {
    readonly components: readonly { readonly 'bom-ref': string; readonly purl: string }[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  };
  const refs = bill.components.map((one) => one['bom-ref']);
  expect(new Set(refs).size).toBe(modules.length);
  expect(refs).toContain('pkg:npm/ajv@8.20.0');
  expect(bill.dependencies.slice(1).map(({ ref }) => ref)).toEqual(refs);
  expect(bill.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.includes(ref))).toEqual([]);
  expect(bill).not.toHaveProperty('serialNumber');
  expect(bill).not.toHaveProperty('metadata.timestamp');
});
