import { environment } from '../apiserver/definitions';
import { startApi } from './api';
import type { Api } from './api';
import { forwardToApi } from './forward';
import { measurePatience } from './waiting';

/** Starts an API server with the addresses by which pods on Talos find it, and stops it. */
export async function withServer(use: (api: Api) => Promise<void>): Promise<void> {
  const start = Date.now();
  const api = await startApi(environment('SERVER'));
  measurePatience((Date.now() - start) / 1000);
  const close = await forwardToApi(api.port);
  try {
    await use(api);
  } finally {
    close();
    await api.stop();
  }
}
