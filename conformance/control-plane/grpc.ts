import { connect as connectHttp2, createSecureServer } from 'node:http2';
import type { Http2SecureServer, ServerHttp2Stream } from 'node:http2';

/* As much of gRPC and of protobuf as the judges need: unary calls, and a server that answers with messages. */

/** A field of a message: a number, text, bytes or a message. */
type Field = readonly [number: number, value: number | string | Buffer];

/** Encodes a message. */
export function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
      const data = Buffer.from(value as string);
      return Buffer.concat([varint((number << 3) | 2), varint(data.length), data]);
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** The fields of a message, in order; numbers of fixed width are left out. */
export function fieldsOf(data: Buffer): readonly (readonly [number: number, value: number | Buffer])[] {
  const fields: [number, number | Buffer][] = [];
  let at = 0;
  const read = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = data[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  while (at < data.length) {
    const key = read();
    const [number, type] = [key >>> 3, key & 7];
    if (type === 0) fields.push([number, read()]);
    else if (type === 2) {
      const length = read();
      fields.push([number, data.subarray(at, at + length)]);
      at += length;
    } else at += type === 1 ? 8 : 4;
  }
  return fields;
}

/** The certificate, key and CA of one end of a connection. */
export interface Credentials {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  readonly ca: string | Buffer;
}

/** Where a gRPC server is; without credentials in plain text. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly credentials?: Credentials;
  /** The name in the certificate of the server. Default: `host`. */
  readonly serverName?: string;
  readonly seconds?: number;
}

/** Calls a method once. @throws Error without a connection, or with gRPC's status. */
export async function callGrpc(target: Target, method: string, body: Buffer): Promise<Buffer> {
  const { host, port, credentials, serverName, seconds = 5 } = target;
  const scheme = credentials === undefined ? 'http' : 'https';
  const session = connectHttp2(`${scheme}://${host}:${String(port)}`, { ...credentials, servername: serverName });
  try {
    return await new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`${host}:${String(port)} does not answer in time`));
      }, seconds * 1000);
      session.on('error', reject);
      const stream = session.request({
        ':method': 'POST',
        ':path': `/${method}`,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const chunks: Buffer[] = [];
      let failure: string | undefined;
      const look = (headers: Readonly<Record<string, unknown>>): void => {
        const status = headers['grpc-status'];
        if (status !== undefined && status !== '0')
          failure = `status ${String(status)}: ${String(headers['grpc-message'])}`;
      };
      stream.on('response', look).on('trailers', look).on('error', reject);
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        clearTimeout(late);
        if (failure === undefined) resolve(Buffer.concat(chunks).subarray(5));
        else reject(new Error(failure));
      });
      stream.end(framed(body));
    });
  } finally {
    session.destroy();
  }
}

/** What the standard health check of a gRPC server states: `ok`, or why not. */
export async function grpcHealth(target: Target, service: string): Promise<string> {
  try {
    const answer = await callGrpc(target, 'grpc.health.v1.Health/Check', message([1, service]));
    const status = fieldsOf(answer).find(([number]) => number === 1)?.[1];
    return status === 1 ? 'ok' : `health status ${String(status)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Answers to a call of a method: messages; the call stays open with `isStream`. */
export interface GrpcMethod {
  readonly answers: () => readonly Buffer[];
  readonly isStream?: boolean;
}

/** A gRPC server with mutual TLS. */
export async function serveGrpc(
  address: { readonly host: string; readonly port: number },
  credentials: Credentials,
  methods: Readonly<Record<string, GrpcMethod>>,
): Promise<Http2SecureServer> {
  const server = createSecureServer({ ...credentials, requestCert: true, rejectUnauthorized: true });
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const method = methods[String(headers[':path']).slice(1)];
    stream.on('error', () => undefined);
    stream.resume();
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': method === undefined ? '12' : '0' });
    });
    for (const answer of method?.answers() ?? []) stream.write(framed(answer));
    if (method?.isStream !== true) stream.end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address.port, address.host, resolve);
  });
  return server;
}

function framed(body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}
