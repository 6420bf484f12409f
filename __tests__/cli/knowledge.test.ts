import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { parse } from 'yaml';
import type { Explanations } from '../../lib/value-docs/explain';
import { schemaFor } from '../../lib/value-docs/schema-wrappers';
import { smallChart, tgz } from '../../upstream/pack';
import { runCommand } from './run-command';

const folder = mkdtempSync(join(tmpdir(), 'knowledge '));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('explain', () => {
  it('names the feature and the value of a config key, and its defaults', async () => {
    const { exit, out } = await runCommand('explain', 'enable-node-port', '--version', '1.18.4');
    expect(exit).toBe(0);
    expect(out).toBe(`enable-node-port (key of cilium-config)
  Type       bool
  Written by node-port
  From       nodePort.enabled
  Depends on kubeProxyReplacement, preflight.enabled
  Now        "false"
  Default    "false" (1.18.0 to 1.18.12), not written (1.19.0 to 1.20.0)
  Releases   Removed in 1.19.
  Read by    agent, operator
`);
  });

  it('describes a value with the place where it is written', async () => {
    const values = file('prod.yaml', 'hubble:\n  relay:\n    enabled: true\n');
    const { exit, out } = await runCommand('explain', 'hubble.relay.enabled', '--version', 'v1.19.6', '-f', values);
    expect(exit).toBe(0);
    expect(out).toContain('  Deploys Hubble Relay, which `hubble observe` and the UI connect to.\n');
    expect(out).toContain(`  Now        true (${values}:3:5)\n`);
    expect(out).toContain('  Default    false (1.18.0 to 1.20.0)\n');
    expect(out).toContain('Deployment hubble-relay');
    expect(out).toContain('docs/values/hubble.md#hubblerelayenabled');
  });

  it('explains objects by kind and name, rendered or not', async () => {
    const { exit, out } = await runCommand(
      'explain',
      'Deployment/hubble-relay',
      'DaemonSet/cilium',
      '--version=1.20.0',
    );
    expect(exit).toBe(0);
    const [relay = '', agent = ''] = out.split('\n\n');
    expect(relay).toMatch(/^Deployment hubble-relay \(object\)\n {2}From .*hubble\.relay\./);
    expect(relay).toMatch(/Depends on hubble\.relay\.enabled/);
    expect(relay).toContain('  Now        not rendered');
    expect(agent).toMatch(/Written by agent\n/);
  });

  it('says what became of a removed value, and why a value has no effect', async () => {
    const values = file('off.yaml', 'encryption: { type: wireguard }\n');
    const { out } = await runCommand('explain', 'tunnel', 'encryption.type', '--version', '1.19.6', '-f', values);
    expect(out).toContain('Cilium 1.15 removed this value. Use routingMode and tunnelProtocol instead.');
    expect(out).toContain('It has no effect while `encryption.enabled` is false.');
  });

  it('suggests names for unknown ones, and fails', async () => {
    const { exit, out, err } = await runCommand(
      'explain',
      'hubble.rely',
      'enable-ipv4-masqerade',
      '--version',
      '1.19.6',
    );
    expect([exit, out]).toEqual([1, '']);
    expect(err).toContain("Nothing has the name 'hubble.rely'. Did you mean hubble.relay?");
    expect(err).toContain('Did you mean enable-ipv4-masquerade');
  });

  it('prints JSON with every value, also for values with errors', async () => {
    const values = file('wrong.yaml', 'mtu: 5\n');
    const { exit, out, err } = await runCommand('explain', 'MTU', '--json', '--version', '1.19.6', '-f', values);
    expect([exit, err]).toEqual([0, expect.stringContaining('The values have errors')]);
    const { version, explanations } = JSON.parse(out) as { version: string; explanations: readonly Explanations[] };
    expect(version).toBe('1.19.6');
    expect(explanations[0]?.found[0]).toMatchObject({
      name: 'MTU',
      kind: 'value',
      type: 'an integer',
      changes: { configKeys: ['mtu'], objects: [] },
      defaults: [{ releases: '1.18.0 to 1.20.0', value: 0 }],
    });
  });

  it('explains a value of a chart that is not known here', async () => {
    const chart = file('small-1.20.4.tgz', '');
    writeFileSync(chart, tgz(smallChart()));
    const { exit, out } = await runCommand('explain', 'hubble', 'hubble.ui.enabled', '--chart', chart, '--json');
    const { version, explanations } = JSON.parse(out) as { version: string; explanations: readonly Explanations[] };
    expect([exit, version]).toEqual([0, '1.20.4']);
    expect(explanations.map(({ found }) => found[0]?.kind)).toEqual(['value', 'removed value']);
    const both = await runCommand('explain', 'hubble', '--chart', chart, '--version', '1.20.4');
    expect([both.exit, both.err]).toEqual([2, expect.stringContaining('omit --version')]);
  });

  it('refuses a release that nothing is known of', async () => {
    const { exit, err } = await runCommand('explain', 'MTU', '--version', '1.12.0');
    expect([exit, err]).toEqual([2, expect.stringContaining('Cilium 1.12.0 is not known')]);
  });
});

describe('values', () => {
  it('finds by name, sentence and config key', async () => {
    const find = async (...words: readonly string[]): Promise<readonly string[]> => {
      const { out } = await runCommand('values', ...words, '--version', '1.19.6', '--json');
      return (JSON.parse(out) as { values: readonly { path: string }[] }).values.map(({ path }) => path);
    };
    expect((await find('masquerade'))[0]).toBe('bpf.masquerade');
    expect(await find('l2announcements.*')).toEqual([
      'l2announcements.enabled',
      'l2announcements.leaseDuration',
      'l2announcements.leaseRenewDeadline',
      'l2announcements.leaseRetryPeriod',
    ]);
    expect(await find('KubePrism')).toEqual(expect.arrayContaining(['k8sServiceHost', 'k8sServicePort']));
    expect(await find('enable-bpf-clock-probe')).toEqual(['bpfClockProbe']);
    expect(await find('relay', 'replicas')).toEqual(['hubble.relay.replicas']);
    expect((await find()).length).toBeGreaterThan(1100);
  });

  it('prints type, default, sentence and page', async () => {
    const { exit, out } = await runCommand('values', 'routingmode', '--version', '1.19.6');
    expect(exit).toBe(0);
    expect(out.split('\n').slice(0, 5).join('\n')).toBe(`routingMode  one of '', 'native', 'tunnel'; default ""
    Whether nodes tunnel pod traffic to each other, or the network routes pod addresses (native).
    Changes config key \`routing-mode\`.
    docs/values/general.md#routingmode
autoDirectNodeRoutes  true or false, or a string; default false`);
  });

  it('fails when nothing matches', async () => {
    const { exit, out, err } = await runCommand('values', 'quux', '--version', '1.19.6');
    expect([exit, out, err]).toEqual([1, '', "No value of Cilium 1.19.6 matches 'quux'.\n"]);
  });
});

describe('schema', () => {
  it('prints the schema of a release', async () => {
    const { exit, out } = await runCommand('schema', '--version', '1.19.6');
    expect(exit).toBe(0);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    expect(validate(parse('hubble: { relay: { enabled: true } }'))).toBe(true);
    expect(validate(parse('hubble: { relay: { enable: true } }'))).toBe(false);
  });

  it('reads a chart, and says which one it cannot read', async () => {
    const { exit, err } = await runCommand('schema', '--chart', join(folder, 'cilium-1.20.4.tgz'));
    expect([exit, err]).toEqual([1, expect.stringContaining('The file or folder does not exist.')]);
    const both = await runCommand('values', '--chart', 'cilium-1.20.4.tgz', '--version', '1.20.4');
    expect([both.exit, both.err]).toEqual([2, expect.stringContaining('omit --version')]);
  });

  it.each([
    ['helmrelease', { kind: 'HelmRelease', spec: { interval: '1h', values: {} } }, ['spec', 'values']],
    ['application', { spec: { source: { helm: { valuesObject: {} } } } }, ['spec', 'source', 'helm', 'valuesObject']],
    ['umbrella', { cilium: {}, other: 1 }, ['cilium']],
  ] as const)('wraps the values for %s', (form, document, path) => {
    const reference = { $ref: '#/$defs/port' };
    const values = { type: 'object', properties: { port: reference }, additionalProperties: false };
    const schema = schemaFor(form, { title: 'a', ...values, $defs: { port: { type: 'integer' } } });
    const validate = new Ajv2020().compile(schema);
    const withValues = (inner: object): unknown =>
      path.reduceRight<unknown>((below, name) => ({ ...document, [name]: below }), inner);
    expect(validate(document)).toBe(true);
    expect(validate(withValues({ port: 1420 }))).toBe(true);
    expect(validate(withValues({ port: 'x' }))).toBe(false);
    expect(validate(withValues({ mtu: 1420 }))).toBe(false);
  });

  it('writes a file, and prints the line that an editor reads', async () => {
    const output = join(folder, 'cilium.schema.json');
    const { exit, out, err } = await runCommand('schema', '--version', '1.19.6', '--for', 'helmrelease', '-o', output);
    expect([exit, out]).toEqual([0, '']);
    expect(err).toContain(`# yaml-language-server: $schema=${output}`);
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({
      title: 'Values of Cilium 1.19.6',
      properties: { spec: { properties: { values: { $ref: '#/$defs/values' } } } },
    });
  });

  it('refuses a folder that does not exist, and an unknown form', async () => {
    const nowhere = await runCommand('schema', '--version', '1.19.6', '-o', join(folder, 'a', 'b.json'));
    expect([nowhere.exit, nowhere.err]).toEqual([2, expect.stringContaining('cannot write')]);
    expect((await runCommand('schema', '--for', 'x')).exit).toBe(2);
  });
});
