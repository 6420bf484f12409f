import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';

/** KubePrism of Talos, and the Service `kubernetes`. */
const ADDRESSES = [
  { host: '127.0.0.1', port: 7445 },
  { host: '10.96.0.1', port: 443 },
];

/** Makes the API server answer where pods look for it; returns what ends that. @param portFor by the address of who asks. */
export async function forwardToApi(portFor: number | ((from: string) => number)): Promise<() => void> {
  const choose = typeof portFor === 'number' ? () => portFor : portFor;
  const servers = await Promise.all(ADDRESSES.map(async (address) => listen(address, choose)));
  return () => {
    for (const server of servers) server.close();
  };
}

async function listen(
  address: { readonly host: string; readonly port: number },
  choose: (from: string) => number,
): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(choose(client.remoteAddress ?? ''), '127.0.0.1');
    client.pipe(upstream).pipe(client);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address.port, address.host, resolve);
  });
  return server;
}
