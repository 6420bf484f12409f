import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readMachineConfigs } from '../../lib/inputs/machine-config';
import { CONFIG_SECTIONS } from '../../lib/talos/cluster/sections';
import { movedSettings, talosRoute } from '../../lib/upgrade/talos';

const all = movedSettings('1.10', '1.14');

test('every section that documents replace is in the table, and no other beside those of node settings', () => {
  const sections = all.map(({ section }) => section);
  expect(CONFIG_SECTIONS.filter((section) => !sections.includes(section))).toEqual([]);
  const others = sections.filter((section) => !(CONFIG_SECTIONS as readonly string[]).includes(section));
  expect(others.sort()).toEqual([
    'cluster.network.cni',
    'machine.kernel.modules',
    'machine.network.interfaces[].vip',
    'machine.sysctls',
    'machine.sysfs',
  ]);
});

test('the documents are those that the settings write', () => {
  const folder = join(__dirname, '..', '..', 'lib', 'talos', 'cluster');
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const written = new Set(
    sources.flatMap((text) => [...text.matchAll(/document\(\s*'(\w+)'/g)].map(([, kind]) => kind)),
  );
  expect(all.filter(({ document }) => !written.has(document))).toEqual([]);
});

test('only what moves between two releases is listed', () => {
  expect(movedSettings('1.12.4', '1.13.0')).toEqual([
    { section: 'machine.network.kubespan', document: 'KubeSpanConfig', since: '1.13' },
  ]);
  expect(movedSettings('1.13', '1.13.5')).toEqual([]);
  expect(talosRoute('1.11.3', '1.14.0')).toEqual(['1.11', '1.12', '1.13', '1.14']);
  expect(talosRoute('1.14.1', '1.14.2')).toEqual(['1.14']);
});

test('a machine config knows what it writes', () => {
  const text =
    'machine:\n  install: { image: "ghcr.io/siderolabs/installer:v1.12.4" }\n  network:\n    interfaces: [{ interface: eth0 }, { interface: eth1, vip: { ip: 10.0.0.2 } }]\ncluster: { proxy: null }\n';
  const { writes } = readMachineConfigs([{ name: 'c.yaml', text }], undefined);
  const paths = ['machine.network.interfaces[].vip', 'machine.install', 'cluster.proxy', 'machine.network.kubespan'];
  expect(paths.map((path) => writes?.(path))).toEqual([true, true, false, false]);
});
