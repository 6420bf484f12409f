import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { environment } from '../apiserver/definitions';
import { startApi } from '../control-plane/api';
import type { Api } from '../control-plane/api';
import { measurePatience } from '../control-plane/waiting';

/** A control plane without machines: a real API server, controller manager and scheduler. */
export interface ControlPlane {
  readonly api: Api;
  readonly stop: () => Promise<void>;
}

/** Those that a first boot needs; what gives pods addresses and tokens is not among them. */
const CONTROLLERS = [
  'cronjob-controller',
  'daemonset-controller',
  'deployment-controller',
  'disruption-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
  'job-controller',
  'namespace-controller',
  'node-lifecycle-controller',
  'persistentvolume-binder-controller',
  'replicaset-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'statefulset-controller',
];

/** Starts one on loopback. @param folder for configuration and logs. */
export async function startControlPlane(folder: string): Promise<ControlPlane> {
  const begin = Date.now();
  const api = await startApi(environment('SERVER'));
  measurePatience((Date.now() - begin) / 1000);
  mkdirSync(folder, { recursive: true });
  const kubeconfig = join(folder, 'kubeconfig');
  const { url, token, ca } = api.address;
  const names = { cluster: 'judge', user: 'judge' };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'judge',
      clusters: [{ name: 'judge', cluster: { server: url, 'certificate-authority': ca } }],
      users: [{ name: 'judge', user: { token } }],
      contexts: [{ name: 'judge', context: names }],
    }),
  );
  // A pod that fits nowhere is tried again after a second at most, so that waiting may be short.
  const schedulerConfig = join(folder, 'scheduler.json');
  writeFileSync(
    schedulerConfig,
    JSON.stringify({
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      clientConnection: { kubeconfig },
      leaderElection: { leaderElect: false },
      podInitialBackoffSeconds: 1,
      podMaxBackoffSeconds: 1,
    }),
  );
  const started = [
    start(environment('CONTROLLER_MANAGER'), join(folder, 'controllers.log'), [
      `--kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--secure-port=0',
      `--root-ca-file=${ca}`,
      // No kubelet renews leases.
      '--node-monitor-grace-period=1h',
      `--controllers=${CONTROLLERS.join()}`,
    ]),
    start(environment('SCHEDULER'), join(folder, 'scheduler.log'), [`--config=${schedulerConfig}`, '--secure-port=0']),
  ];
  return {
    api,
    stop: async () => {
      for (const { child } of started) child.kill();
      await Promise.all(started.map(({ ended }) => ended));
      await api.stop();
      await pause(0);
    },
  };
}

function start(
  program: string,
  logFile: string,
  args: readonly string[],
): { readonly child: ChildProcess; readonly ended: Promise<void> } {
  const log = createWriteStream(logFile);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  const killAtExit = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killAtExit);
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      process.removeListener('exit', killAtExit);
      log.end();
      resolve();
    });
  });
  return { child, ended };
}
