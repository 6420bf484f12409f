import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let certificate: Readonly<Record<string, string>> | undefined;

/** A certificate for *.example.org, which nothing trusts. */
export function certificateData(): Readonly<Record<string, string>> {
  if (certificate !== undefined) return certificate;
  const folder = mkdtempSync(join(tmpdir(), 'control-plane-'));
  const [key, crt] = [join(folder, 'key'), join(folder, 'crt')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=example.org', '-addext', 'subjectAltName=DNS:example.org,DNS:*.example.org'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', crt], { stdio: 'pipe' });
  certificate = { 'tls.crt': readFileSync(crt, 'base64'), 'tls.key': readFileSync(key, 'base64') };
  rmSync(folder, { recursive: true });
  return certificate;
}
