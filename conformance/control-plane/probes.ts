import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { grpcHealth } from './grpc';
import { mapOf, mapsIn } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';

/** What a probe says: `ok`, or why it fails. Probes without a host go to the pod's address, which for pods on the host network is the node's. */
export async function probe(spec: JsonObject, podIp: string, container: JsonObject): Promise<string> {
  const { httpGet, tcpSocket, grpc, timeoutSeconds } = spec;
  const limit = Number(timeoutSeconds ?? 1) * 1000;
  if (httpGet !== undefined) return probeHttp(mapOf(httpGet), podIp, container, limit);
  if (grpc !== undefined) {
    const { port, service = '' } = mapOf(grpc);
    return grpcHealth({ host: podIp, port: Number(port), seconds: limit / 1000 }, String(service));
  }
  const target = mapOf(tcpSocket);
  if (target.port === undefined) return 'a kind of probe that this judge does not know';
  return new Promise((resolve) => {
    const socket = connect(
      { host: String(target.host ?? podIp), port: portOf(target.port, container), timeout: limit },
      () => {
        socket.destroy();
        resolve('ok');
      },
    );
    socket.on('timeout', () => socket.destroy(new Error('no answer in time')));
    socket.on('error', ({ message }) => {
      resolve(message);
    });
  });
}

async function probeHttp(get: JsonObject, podIp: string, container: JsonObject, timeout: number): Promise<string> {
  const headers = Object.fromEntries(mapsIn(get.httpHeaders).map(({ name, value }) => [String(name), String(value)]));
  const options = {
    host: String(get.host ?? podIp),
    port: portOf(get.port, container),
    path: String(get.path ?? '/'),
    headers,
    timeout,
  };
  return new Promise((resolve) => {
    const answered = ({ statusCode = 0, resume }: { statusCode?: number; resume: () => unknown }): void => {
      resume();
      resolve(statusCode >= 200 && statusCode < 400 ? 'ok' : `status ${String(statusCode)}`);
    };
    const sent =
      get.scheme === 'HTTPS'
        ? requestHttps({ ...options, rejectUnauthorized: false }, (response) => {
            answered({ statusCode: response.statusCode, resume: () => response.resume() });
          })
        : requestHttp(options, (response) => {
            answered({ statusCode: response.statusCode, resume: () => response.resume() });
          });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', ({ message }) => {
      resolve(message);
    });
    sent.end();
  });
}

function portOf(port: unknown, container: JsonObject): number {
  const named = mapsIn(container.ports).find(({ name }) => name === port);
  return Number(named?.containerPort ?? port);
}
