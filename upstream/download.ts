/** Gets files of upstream, each with a known checksum. */
import { createHash } from 'node:crypto';

/** Cilium's Helm repository. */
export const CHARTS_URL = 'https://helm.cilium.io';

/** Most that is downloaded: the index has 2 MB, an archive 0.3 MB. */
const MOST = 64 * 1024 * 1024;

/** @throws Error when the server does not have the file. */
export async function downloadFile(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!response.ok) throw new Error(`${url}: ${String(response.status)} ${response.statusText}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length > MOST) throw new Error(`${url} has ${String(bytes.length)} bytes.`);
  return bytes;
}

/** @throws Error when the checksum is another one. */
export function checkSum(name: string, bytes: Buffer, sum: string): Buffer {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sum) throw new Error(`${name} has the checksum ${found}, expected ${sum}.`);
  return bytes;
}
