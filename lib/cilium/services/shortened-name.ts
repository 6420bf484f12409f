import { createHash } from 'node:crypto';

/** The longest name of a Service. */
const LONGEST = 63;
const HASHED = 10;
/** Kubernetes' alphabet for hashes: no vowels, and no digit that resembles one. */
const SAFE: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };

/** A name as Cilium shortens it: the end of one that is too long becomes a hash of all of it. */
export function shortenedName(name: string): string {
  if (name.length <= LONGEST) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASHED);
  return `${name.slice(0, LONGEST - HASHED - 1)}-${hash.replaceAll(/[013ae]/g, (digit) => SAFE[digit] ?? digit)}`;
}
