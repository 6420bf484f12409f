import { renderCilium } from '../../lib/cilium/render';
import type { RenderInput } from '../../lib/cilium/render';
import type { Bootstrap, Cluster } from '../../lib/cilium/components/envoy/bootstrap-types';
import { logText } from '../../lib/cilium/components/envoy/log-format';

type Input = Pick<RenderInput, 'version' | 'values'>;

/** The bootstrap and the agent's configuration of one render. */
function rendered({ version, values }: Input): {
  readonly bootstrap: Bootstrap;
  readonly config: Readonly<Record<string, string>>;
} {
  const { objects } = renderCilium({ version, values });
  const data = (name: string): Readonly<Record<string, string>> =>
    objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.data as Readonly<
      Record<string, string>
    >;
  return {
    bootstrap: JSON.parse(data('cilium-envoy-config')['bootstrap-config.json']) as Bootstrap,
    config: data('cilium-config'),
  };
}

/** Every text under these names, at any depth. */
function textsUnder(value: unknown, names: readonly string[]): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    names.includes(name) && typeof item === 'string' ? [item] : textsUnder(item, names),
  );
}

const INPUTS: readonly (readonly [string, Input])[] = [
  ['1.18.4', { version: '1.18.4' }],
  ['1.20.0', { version: '1.20.0' }],
  ['1.20.0 with split streams', { version: '1.20.0', values: { envoy: { xdsMode: 'split' } } }],
  ['1.20.0 as in 1.19', { version: '1.20.0', values: { upgradeCompatibility: '1.19' } }],
  [
    '1.20.0 with everything',
    {
      version: '1.20.0',
      values: {
        ipv6: { enabled: true },
        envoy: { xdsMode: 'strict-ads', nodeLocality: { enabled: true }, debug: { admin: { enabled: true } } },
      },
    },
  ],
];

describe('bootstrap of Envoy', () => {
  it.each(INPUTS)('%s: refers only to clusters that it defines', (_name, input) => {
    const { bootstrap } = rendered(input);
    const defined = bootstrap.staticResources.clusters.map(({ name }: Cluster) => name);
    const { node, clusterManager, staticResources, dynamicResources } = bootstrap;
    const named = textsUnder({ node, clusterManager, staticResources, dynamicResources }, [
      'cluster',
      'clusterName',
      'localClusterName',
      'serviceName',
    ]);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !defined.includes(name))).toEqual([]);
    expect(new Set(defined).size).toBe(defined.length);
  });

  it.each(INPUTS)('%s: uses the same configuration protocol as the agent', (_name, input) => {
    const { bootstrap, config } = rendered(input);
    const aggregated = ['ads', 'strict-ads'].includes(config['envoy-xds-mode'] ?? 'split');
    expect('adsConfig' in bootstrap.dynamicResources).toBe(aggregated);
    expect('ads' in bootstrap.dynamicResources.ldsConfig).toBe(aggregated);
    expect('apiConfigSource' in bootstrap.dynamicResources.cdsConfig).toBe(!aggregated);
  });

  it.each(INPUTS)('%s: exposes only metrics to the network', (_name, input) => {
    const open = rendered(input).bootstrap.staticResources.listeners.filter(
      (listener) => !textsUnder(listener, ['address']).every((address) => address === '127.0.0.1' || address === '::1'),
    );
    expect(open.map(({ name }) => name)).toEqual(['envoy-prometheus-metrics-listener']);
  });
});

describe('format of log lines', () => {
  it('is read as a string between double quotes of YAML', () => {
    expect(logText('[%Y-%m-%d] %v')).toBe('[%Y-%m-%d] %v');
    expect(logText(String.raw`%v\t\"x\"`)).toBe('%v\t"x"');
  });

  it.each(['"%v"', String.raw`%v\q`])('refuses %s', (format) => {
    expect(logText(format)).toBeUndefined();
  });
});
