// PLACEHOLDER of the lead, to be replaced by the developer of the values layer (overwrite freely).
import { execFileSync } from 'node:child_process';
import { parse } from 'yaml';
const cache = new Map<string, any>();
function defaults(version: string): any {
  if (!cache.has(version)) {
    const text = execFileSync('tar', ['xzOf', `${process.env.HOME}/w/charts/cilium-${version}.tgz`, 'cilium/values.yaml'], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const d: any = parse(text, { version: '1.1' });
    d.hubble.tls.auto.method = 'cronJob';
    d.clustermesh.apiserver.tls.auto.method = 'cronJob';
    cache.set(version, d);
  }
  return cache.get(version);
}
const map = (x: any) => typeof x === 'object' && x !== null && !Array.isArray(x);
function merge(d: any, u: any): any {
  const r: any = { ...d };
  for (const k of Object.keys(u)) {
    if (u[k] === null) {
      if (map(d[k]) && Object.keys(d[k]).length > 0) r[k] = empty(d[k]);
      else delete r[k];
    } else if (map(u[k]) && map(d[k])) r[k] = merge(d[k], u[k]);
    else r[k] = u[k];
  }
  return r;
}
function empty(d: any): any {
  const r: any = {};
  for (const k of Object.keys(d)) if (map(d[k]) && Object.keys(d[k]).length > 0) r[k] = empty(d[k]);
  return r;
}
export function resolveValues({ version, values }: any): { v: any; findings: any[]; version: string } {
  return { v: merge(defaults(version), values ?? {}), findings: [], version };
}
