import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { mapOf, mapsIn } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import { taken } from '../apiserver/server';
import type { Api } from './api';
import { environmentOf } from './pod-inputs';

/*
 * A stand-in for certgen, which the module proxy does not serve: it reads the arguments of its Job, makes the Secrets with the Job's
 * service account, and ends as certgen does where certgen refuses.
 */

/** The CA of the Secret, as PEM, and when it ends. */
interface Authority {
  readonly certificate: string;
  readonly key: string;
  readonly end: number;
}

const HOUR = 3_600_000;
/** certgen's own default, three years. */
const CA_HOURS = 24 * 365 * 3;

/** Does what a Job of certgen does. @returns why it ends with 1; `undefined` when it succeeds. */
export async function runCertgen(api: Api, pod: JsonObject, namespace: string): Promise<string | undefined> {
  const [container = {}] = mapsIn(pod.containers);
  const context = { pod, container, namespace, podName: 'certgen', node: { name: 'node', ip: '127.0.0.1' } };
  const env = await environmentOf(api, context);
  const flags = flagsOf(container.args);
  const config = mapOf(parse(env.CILIUM_CERTGEN_CONFIG ?? '') as unknown);
  const call = api.as(await api.token(namespace, String(pod.serviceAccountName ?? 'default')));
  const put = async (name: string, where: string, type: string, data: Readonly<Record<string, string>>) => {
    const root = `/api/v1/namespaces/${where}/secrets`;
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: where }, type };
    const body = JSON.stringify({ ...object, data: Object.fromEntries(encoded) as unknown });
    const made = await call('POST', root, body);
    return made.status === 409 ? call('PUT', `${root}/${name}`, body) : made;
  };
  const place = flags['ca-secret-namespace'] ?? namespace;
  const name = flags['ca-secret-name'] ?? 'cilium-ca';
  const folder = mkdtempSync(join(tmpdir(), 'certgen-'));
  try {
    const found = await call('GET', `/api/v1/namespaces/${place}/secrets/${name}`);
    if (found.status !== 200 && found.status !== 404) return found.message;
    let authority: Authority;
    if (found.status === 200 && flags['ca-reuse-secret'] === 'true') {
      authority = authorityOf(mapOf(found.body.data), folder);
    } else if (flags['ca-generate'] === 'true') {
      authority = makeAuthority(folder, flags['ca-common-name'] ?? 'Cilium CA', hoursOf(flags['ca-validity-duration']));
      const stored = await put(name, place, 'Opaque', {
        'ca.crt': authority.certificate,
        'ca.key': authority.key,
      });
      if (!taken(stored)) return stored.message;
    } else {
      return `the Secret ${place}/${name} of the CA does not exist, and generating one is off`;
    }
    for (const cert of mapsIn(config.certs)) {
      const hours = hoursOf(cert.validity, 0);
      if (hours <= 0) return `${String(cert.name)}: certificate request has invalid validity`;
      const outlives = Date.now() + hours * HOUR > authority.end;
      if (outlives && flags['ca-enforce-validity-throughout-leaves-duration'] === 'true')
        return `${String(cert.name)}: the CA ends before the certificate would`;
      const stored = await put(
        String(cert.name),
        String(cert.namespace ?? namespace),
        'kubernetes.io/tls',
        makeLeaf(folder, authority, cert, hours),
      );
      if (!taken(stored)) return stored.message;
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `--name=value`; a flag alone is true. */
function flagsOf(args: unknown): Readonly<Record<string, string>> {
  const all: readonly unknown[] = Array.isArray(args) ? args : [];
  return Object.fromEntries(
    all.map((arg) => {
      const [, key = '', value = 'true'] = /^--([^=]+)(?:=(.*))?$/s.exec(String(arg)) ?? [];
      return [key, value];
    }),
  );
}

/** Hours of a duration of Go, which the chart writes in hours. */
function hoursOf(text: unknown, otherwise = CA_HOURS): number {
  if (text === undefined) return otherwise;
  const units: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600 };
  return [...String(text).matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0),
    0,
  );
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
}

function makeAuthority(folder: string, commonName: string, hours: number): Authority {
  const [certificate, key] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  const days = String(Math.max(1, Math.floor(hours / 24)));
  const use = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-subj',
    `/CN=${commonName}`,
    '-days',
    days,
    ...use,
    '-keyout',
    key,
    '-out',
    certificate,
  );
  return {
    certificate: readFileSync(certificate, 'utf8'),
    key: readFileSync(key, 'utf8'),
    end: Date.now() + hours * HOUR,
  };
}

function authorityOf(data: JsonObject, folder: string): Authority {
  const read = (key: string): string => Buffer.from(String(data[key] ?? ''), 'base64').toString();
  const [certificate, key] = [read('ca.crt'), read('ca.key')];
  const file = join(folder, 'ca.crt');
  writeFileSync(file, certificate);
  writeFileSync(join(folder, 'ca.key'), key);
  const end = openssl('x509', '-in', file, '-noout', '-enddate').replace('notAfter=', '').trim();
  return { certificate, key, end: Date.parse(end) };
}

const USAGES: Readonly<Record<string, string>> = { 'server auth': 'serverAuth', 'client auth': 'clientAuth' };

function makeLeaf(
  folder: string,
  { certificate }: Authority,
  { commonName, hosts, usage }: JsonObject,
  hours: number,
): Readonly<Record<string, string>> {
  const [request, key, out, extensions] = ['leaf.csr', 'leaf.key', 'leaf.crt', 'leaf.ext'].map((file) =>
    join(folder, file),
  ) as [string, string, string, string];
  const names = (Array.isArray(hosts) ? hosts.map(String) : []).map((host) =>
    /^[\d.]+$|:/.test(host) ? `IP:${host}` : `DNS:${host}`,
  );
  const usages = (Array.isArray(usage) ? usage.map(String) : []).flatMap((one) => USAGES[one] ?? []);
  const lines = [
    'keyUsage=critical,digitalSignature,keyEncipherment',
    ...(usages.length === 0 ? [] : [`extendedKeyUsage=${usages.join()}`]),
    ...(names.length === 0 ? [] : [`subjectAltName=${names.join()}`]),
  ];
  writeFileSync(extensions, `${lines.join('\n')}\n`);
  openssl('req', '-new', ...NEW_KEY, '-subj', `/CN=${String(commonName)}`, '-keyout', key, '-out', request);
  const by = ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key'), '-CAcreateserial'];
  const days = String(Math.max(1, Math.floor(hours / 24)));
  openssl('x509', '-req', '-in', request, ...by, '-days', days, '-extfile', extensions, '-out', out);
  return { 'ca.crt': certificate, 'tls.crt': readFileSync(out, 'utf8'), 'tls.key': readFileSync(key, 'utf8') };
}
