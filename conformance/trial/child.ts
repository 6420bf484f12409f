import { openSync } from 'node:fs';
import { AREAS } from './areas';
import { runArea } from './runner';
import type { Found, Order, Result } from './runner';

/*
 * The process that tries: it may hang, or end silently. What it tries is in the state file, see main.ts.
 */

/** What it sends. */
export type Message =
  | { readonly started: string; readonly judges: string | undefined }
  | { readonly found: Found }
  | { readonly result: Result }
  | { readonly done: string };

const send = (message: Message): void => {
  process.send?.(message);
};

/** Rejections that are not awaited belong to hostile input, as `Promise.reject` in a value; those of a call are caught there. */
process.on('unhandledRejection', () => undefined);
/** The process that started it is gone. */
process.on('disconnect', () => process.exit());

async function run(orders: readonly Order[], stateFile: string): Promise<void> {
  const state = openSync(stateFile, 'w');
  for (const order of orders) {
    const area = AREAS.find(({ name }) => name === order.area);
    if (area === undefined) throw new Error(`Unknown area '${order.area}'.`);
    const judges = area.start?.();
    send({ started: order.area, judges });
    try {
      await runArea(area, order, state, send);
      send({ done: order.area });
    } finally {
      area.stop?.();
    }
  }
  process.disconnect();
}

void run(JSON.parse(process.argv[2] ?? '[]') as readonly Order[], process.argv[3] ?? '');
