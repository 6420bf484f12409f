import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** What an API server needs to start on a machine with nothing else to do. */
const USUAL_START_SECONDS = 6;

let patience = 1;

/** How much longer than usual things may take: by the start of the server, and by the load of the machine now. */
function allowance(): number {
  return Math.max(patience, (loadavg()[0] ?? 0) / cpus().length);
}

/** Scales all waits to this machine and its load: by how long the API server took to start. */
export function measurePatience(startSeconds: number): void {
  patience = Math.max(1, startSeconds / USUAL_START_SECONDS);
}

/** Waits until `ask` has an answer; `undefined` when it has none in time. */
export async function until<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  seconds: number,
): Promise<T | undefined> {
  const end = Date.now() + seconds * 1000 * allowance();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || Date.now() > end) return answer;
    await pause(150);
  }
}

/** Waits until what `read` returns stays the same for a while, and returns it. */
export async function settled<T>(read: () => Promise<T>, quietSeconds: number, atMostSeconds: number): Promise<T> {
  const [quiet, end] = [quietSeconds * 1000 * patience, Date.now() + atMostSeconds * 1000 * allowance()];
  let last = await read();
  let [text, since] = [JSON.stringify(last), Date.now()];
  while (Date.now() - since < quiet && Date.now() < end) {
    await pause(150);
    last = await read();
    const now = JSON.stringify(last);
    if (now !== text) [text, since] = [now, Date.now()];
  }
  return last;
}
