/** Packs charts, broken ones too: what the examples of rules and the tests read. */
import { gzipSync } from 'node:zlib';
import type { ChartExample, EntryExample } from '../lib/releases/import-findings';

/** An entry of a tar archive. */
export interface Entry {
  readonly path: string;
  readonly content?: string | Buffer;
  /** Type flag. @default - `0`, a file */
  readonly type?: string;
  readonly link?: string;
  /** ustar's second name field. */
  readonly prefix?: string;
  /** The length that the header gives. @default - that of the content */
  readonly size?: number;
  /** Added to the checksum. */
  readonly wrong?: number;
}

const BLOCK = 512;

/** The header and content of one entry. */
export function tarEntry({ path, content = '', type = '0', link = '', prefix = '', size, wrong = 0 }: Entry): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${(size ?? body.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, wrong);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)]);
}

/** A whole tar archive. */
export function tar(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(2 * BLOCK)]);
}

/** A chart archive as `helm package` makes it. */
export function tgz(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}

const VALUES = ['cluster', 'hubble', 'image', 'ipam', 'ipv4', 'ipv6', 'operator', 'routingMode'];

/** Every section that a release has. */
export const SMALL_VALUES =
  'MTU: 0\ncluster: {}\nhubble: {}\nimage: {}\nipam: {}\nipv4:\n  enabled: true\nipv6: {}\noperator: {}\n';

/** The least that is read as a chart of Cilium: its files by their paths in the archive. */
export const SMALL_CHART: Readonly<Record<string, string>> = {
  'cilium/Chart.yaml': 'apiVersion: v2\nname: cilium\nversion: 1.20.4\nappVersion: 1.20.4\n',
  'cilium/values.yaml': SMALL_VALUES,
  'cilium/values.schema.json': JSON.stringify({
    type: 'object',
    properties: Object.fromEntries(VALUES.map((name) => [name, {}])),
  }),
  'cilium/templates/_helpers.tpl': '{{- define "x" }}{{ end }}\n',
  'cilium/templates/validate.yaml': '',
  'cilium/templates/cilium-configmap.yaml': 'kind: ConfigMap\nmetadata:\n  name: cilium-config\n',
  'cilium/templates/cilium-agent/daemonset.yaml': 'kind: DaemonSet\n',
  'cilium/templates/cilium-operator/deployment.yaml': 'kind: Deployment\n',
};

/** The small chart as entries; a path that is given replaces its file, and `null` removes it. */
export function smallChart(own: Readonly<Record<string, string | null>> = {}): readonly Entry[] {
  return Object.entries({ ...SMALL_CHART, ...own }).flatMap(([path, content]) =>
    content === null ? [] : [{ path, content }],
  );
}

/** The bytes of a rule's example; `undefined` for a file that does not exist. */
export function packExample(example: ChartExample): Buffer | undefined {
  if (example === 'no such file') return undefined;
  if (typeof example === 'string') return Buffer.from(example);
  const replaced = new Set(example.map(({ path }) => path));
  const kept = smallChart().filter(({ path }) => !replaced.has(path));
  return tgz([...kept, ...example.filter(({ present }) => present !== false).map(entryOf)]);
}

function entryOf({ path, text = '', link, zeros, latin1 }: EntryExample): Entry {
  if (link !== undefined) return { path, link, type: '2' };
  return {
    path,
    content: zeros === undefined ? Buffer.from(text, latin1 === true ? 'latin1' : 'utf8') : Buffer.alloc(zeros),
  };
}
