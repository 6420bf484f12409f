import type { CiliumValues } from '../../imports/cilium-chart';
import { clusterFindings } from '../../lib/cilium/clusters';
import { layered } from '../../lib/cilium/layers';
import { exampleTalos, TALOS_VALUES } from '../../lib/cilium/parts/example-talos';
import {
  EXAMPLE_CA,
  EXAMPLE_CA_KEY,
  EXAMPLE_LEAF,
  OTHER_CA,
  OTHER_CA_KEY,
  SHORT_CA,
} from '../../lib/cilium/parts/example-authority';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';

const SUBJECT = /^(hubble-certificates|cluster-mesh|tls)\//;

/** Ids and levels of the findings about certificates on Talos. */
function found(values: CiliumValues, version = '1.20.0'): readonly string[] {
  return findings({ version, values: layered([TALOS_VALUES, values]), talos: exampleTalos() })
    .filter(({ id }) => SUBJECT.test(id))
    .map(({ level, id }) => `${level} ${id}`);
}

function findings(options: Parameters<typeof renderCilium>[0]): readonly Finding[] {
  try {
    return renderCilium(options).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

const days = (certValidityDuration: number, schedule?: string): CiliumValues => ({
  hubble: { tls: { auto: { certValidityDuration, ...(schedule === undefined ? {} : { schedule }) } } },
});
const ca = (cert: string, key = EXAMPLE_CA_KEY): CiliumValues => ({ tls: { ca: { cert, key } } });
const bundle = (...certificates: readonly string[]): CiliumValues => ({
  tls: {
    caBundle: { enabled: true, content: certificates.map((one) => Buffer.from(one, 'base64').toString()).join('') },
  },
});
const both = (...values: readonly CiliumValues[]): CiliumValues => layered(values);

describe('certificates that certgen makes', () => {
  it.each<[string, CiliumValues, string, readonly string[]]>([
    ['the default on 1.18', {}, '1.18.12', []],
    ['the default on 1.20', {}, '1.20.0', []],
    ['three years on 1.19, which enforces nothing', days(1095), '1.19.6', []],
    ['three years on 1.20', days(1095), '1.20.0', ['error hubble-certificates/outlasts-authority']],
    ['three years, of an authority of ten', both(days(1095), ca(EXAMPLE_CA)), '1.20.0', []],
    ['a year, of an authority of 90 days', ca(SHORT_CA), '1.20.0', ['error hubble-certificates/outlasts-authority']],
    ['a month, of an authority of 90 days', both(days(30, '@weekly'), ca(SHORT_CA)), '1.20.0', []],
    ['a year, renewed each year', days(365, '@yearly'), '1.20.0', ['warning hubble-certificates/renewed-too-late']],
    ['two years, renewed each year', days(730, '@yearly'), '1.20.0', []],
    ['90 days, renewed by the default schedule', days(90), '1.19.6', ['warning hubble-certificates/renewed-too-late']],
    [
      'renewed on the 31st of June',
      days(365, '0 0 31 6 *'),
      '1.20.0',
      ['warning hubble-certificates/renewed-too-late'],
    ],
    [
      'a year, of an authority of 90 days, on 1.19',
      ca(SHORT_CA),
      '1.19.6',
      ['warning hubble-certificates/outlasts-authority'],
    ],
    ['a bundle of another authority', both(ca(EXAMPLE_CA), bundle(OTHER_CA)), '1.20.0', ['error tls/ca-not-in-bundle']],
    ['a bundle of both', both(ca(EXAMPLE_CA), bundle(OTHER_CA, SHORT_CA)), '1.20.0', []],
    ['a bundle, with an authority that certgen makes', bundle(OTHER_CA), '1.20.0', []],
    ['the key of another authority', ca(OTHER_CA), '1.20.0', ['error tls/ca-pair']],
    ['a certificate that is not a CA', ca(EXAMPLE_LEAF), '1.18.12', ['error tls/ca-cannot-sign']],
    [
      'the key of another authority, without anything to sign',
      both(ca(OTHER_CA), { hubble: { enabled: false } }),
      '1.20.0',
      ['warning tls/ca-pair'],
    ],
  ])('%s', (_what, values, version, expected) => {
    expect(found(values, version)).toEqual(expected);
  });
});

describe('certificates that cert-manager issues', () => {
  const issued = (certManagerIssuerRef: Readonly<Record<string, string>>, more = {}): CiliumValues => ({
    hubble: { tls: { auto: { method: 'certmanager', certManagerIssuerRef, ...more } } },
  });

  it.each<[string, CiliumValues, readonly string[]]>([
    ['an Issuer', issued({ name: 'cilium' }), []],
    ['a ClusterIssuer', issued({ kind: 'ClusterIssuer', name: 'cilium', group: 'cert-manager.io' }), []],
    ['an external issuer', issued({ kind: 'AWSPCAClusterIssuer', name: 'ca', group: 'awspca.cert-manager.io' }), []],
    ['an external issuer without its group', issued({ kind: 'AWSPCAClusterIssuer', name: 'ca' }), ['issuer-ref']],
    ['no name', issued({ kind: 'ClusterIssuer', group: 'cert-manager.io' }), ['issuer-ref']],
    ['no day', issued({ name: 'cilium' }, { certValidityDuration: 0 }), ['too-short']],
    [
      'three years, since cert-manager has another authority',
      issued({ name: 'cilium' }, { certValidityDuration: 1095 }),
      [],
    ],
  ])('%s', (_what, values, expected) => {
    expect(found(values)).toEqual(expected.map((rule) => `error hubble-certificates/${rule}`));
  });
});

describe('trust between two clusters of a mesh', () => {
  const cluster = (name: string, id: number, remote: object | undefined, more: CiliumValues = {}): CiliumValues =>
    layered([
      {
        cluster: { name, id },
        clustermesh: {
          useAPIServer: true,
          apiserver: { tls: { auto: { method: 'cronJob', schedule: '0 0 1 */4 *' } } },
          config: {
            enabled: true,
            clusters: remote === undefined ? [] : [{ ips: ['192.0.2.1'], port: 2379, ...remote }],
          },
        },
      },
      more,
    ]);
  const mesh = (more: CiliumValues = {}, others = more, remote: object | undefined = { name: 'south' }) => {
    const [one, other] = [
      cluster('north', 1, remote, more),
      cluster('south', 2, remote && { ...remote, name: 'north' }, others),
    ];
    const context = (values: CiliumValues) => renderCilium({ version: '1.20.0', values }).context;
    return clusterFindings(context(other), [{ path: 'home/cilium', context: context(one) }]).map(({ id }) => id);
  };
  const method = (auto: object): CiliumValues => ({ clustermesh: { apiserver: { tls: { auto } } } }) as CiliumValues;

  it('fails with an authority in each that certgen makes', () => {
    expect(mesh()).toEqual(['cluster/mesh-generated-authorities']);
    expect(mesh(ca(EXAMPLE_CA), {})).toEqual(['cluster/mesh-generated-authorities']);
  });

  it('fails with certgen in one and cert-manager in the other', () => {
    const issued = method({ method: 'certmanager', certManagerIssuerRef: { kind: 'ClusterIssuer', name: 'mesh' } });
    expect(mesh({}, issued)).toEqual(['cluster/mesh-generated-authorities']);
    expect(mesh(ca(EXAMPLE_CA), issued)).toEqual([]);
  });

  it('fails with two authorities', () => {
    expect(mesh(ca(EXAMPLE_CA), ca(OTHER_CA, OTHER_CA_KEY))).toEqual(['cluster/mesh-authorities']);
  });

  it.each<[string, CiliumValues, CiliumValues?, (object | undefined)?]>([
    ['one authority', ca(EXAMPLE_CA)],
    ['one authority, renewed with its key', ca(EXAMPLE_CA), ca(SHORT_CA)],
    ['a bundle of both', { tls: { caBundle: { enabled: true } } }],
    ['a bundle in one, where the other is not known', { tls: { caBundle: { enabled: true } } }, {}],
    ['cert-manager', method({ method: 'certmanager', certManagerIssuerRef: { kind: 'ClusterIssuer', name: 'mesh' } })],
    ['a Secret cilium-ca that is made elsewhere', { certgen: { generateCA: false } }],
    ['certificates for each connection', {}, {}, { name: 'south', tls: { cert: 'Y2VydA==', key: 'a2V5' } }],
  ])('succeeds with %s', (_what, one, other = one, remote: object | undefined = { name: 'south' }) => {
    expect(mesh(one, other, remote)).toEqual([]);
  });

  it('is not judged where the values list no cluster: cilium clustermesh connect compares the authorities', () => {
    const connected = (name: string, id: number) =>
      renderCilium({ version: '1.20.0', values: cluster(name, id, undefined) }).context;
    expect(clusterFindings(connected('south', 2), [{ path: 'north', context: connected('north', 1) }])).toEqual([]);
  });
});

describe('the table of docs/certificates.md', () => {
  const jobs = (version: string, kind: string) => {
    const values = {
      cluster: { name: 'home', id: 1 },
      clustermesh: { useAPIServer: true },
      hubble: { relay: { enabled: true } },
    };
    const { objects } = renderCilium({ version, values: layered([TALOS_VALUES, values]), talos: exampleTalos() });
    return objects.filter((object) => object.kind === kind && /generate-certs/.test(object.metadata.name));
  };

  it.each(['1.18.12', '1.19.6', '1.20.0'])('has the Jobs of %s', (version) => {
    const is120 = version.startsWith('1.20');
    const [hubbles, mesh] = ['hubble-generate', 'clustermesh'].map((name) =>
      JSON.stringify(jobs(version, 'Job').find(({ metadata }) => metadata.name.startsWith(name))),
    );
    expect(hubbles).toContain(`validity: ${String(365 * 24)}h`);
    expect(mesh).toContain(`validity: ${String((is120 ? 365 : 1095) * 24)}h`);
    expect(hubbles?.includes('ttlSecondsAfterFinished')).toBe(version.startsWith('1.18'));
    expect(hubbles?.includes('ca-enforce-validity-throughout-leaves-duration=true')).toBe(is120);
    expect(jobs(version, 'CronJob').map(({ spec }) => (spec as { readonly schedule: string }).schedule)).toEqual(
      is120 ? ['0 0 1 */4 *', '0 0 1 */4 *'] : ['0 0 1 */4 *'],
    );
  });

  it('names the releases whose certgen refuses an expired authority: 0.4.0 and newer', () => {
    const refuses = (version: string) => /certgen:v0\.[4-9]/.test(JSON.stringify(jobs(version, 'Job')));
    expect(['1.18.7', '1.18.8', '1.19.1', '1.19.2', '1.20.0'].map(refuses)).toEqual([false, true, false, true, true]);
  });
});
