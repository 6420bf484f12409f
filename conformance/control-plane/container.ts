import { spawn } from 'node:child_process';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  linkSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { mapOf, mapsIn } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import type { Api } from './api';
import { environmentOf, expand, filesOfVolume } from './pod-inputs';
import type { PodContext } from './pod-inputs';

/*
 * One container of a pod, as a kubelet and a runtime start it, as far as a program notices: its own root folder with volumes, the
 * token of the service account, environment, arguments, user and capabilities. It shares the network of this process.
 */

/** A container to start. */
export interface ContainerChoice extends PodContext {
  readonly container: JsonObject;
  /** Programs by the name of their command; they stand in for the image. */
  readonly programs: Readonly<Record<string, string>>;
  /** An empty folder of its own. */
  readonly folder: string;
  /** Folders of the node, and empty ones that containers of a pod share. Default: below `folder`. */
  readonly shared?: string;
  /** Files that the image has beside its programs: path and text. */
  readonly imageFiles?: Readonly<Record<string, string>>;
  /** A process with the network of its node. Default: this one. */
  readonly network?: number;
  /** Names that the DNS of the cluster would resolve: lines of /etc/hosts. */
  readonly hosts?: readonly string[];
}

/** A container that was started. */
export interface Container {
  readonly arguments: readonly string[];
  /** Everything that it wrote so far. */
  readonly log: () => string;
  /** Its exit code; `undefined` while it runs. */
  readonly exitCode: () => number | undefined;
  /** SIGTERM, and SIGKILL after three seconds. */
  readonly stop: () => Promise<void>;
}

interface Mount {
  readonly from: string;
  /** In the container. */
  readonly to: string;
  readonly isReadOnly: boolean;
}

const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What containerd leaves a container that is not privileged. */
const DEFAULT_CAPABILITIES: readonly string[] =
  'audit_write chown dac_override fowner fsetid kill mknod net_bind_service net_raw setfcap setgid setpcap setuid sys_chroot'.split(
    ' ',
  );

/** Starts a container. @throws Error where a kubelet would not create it: a ConfigMap or Secret is missing. */
export async function startContainer(api: Api, choice: ContainerChoice): Promise<Container> {
  const { container, folder, pod } = choice;
  const root = join(folder, 'root');
  rmSync(folder, { recursive: true, force: true });
  fillRoot(root, choice.programs, [...aliasesOf(pod), ...(choice.hosts ?? [])]);
  for (const [path, text] of Object.entries(choice.imageFiles ?? {})) put(join(root, path), text);
  const mounts = await placeVolumes(api, choice, root);
  if (pod.automountServiceAccountToken !== false) {
    const account = String(pod.serviceAccountName ?? 'default');
    put(join(root, ACCOUNT_FOLDER, 'token'), await api.token(choice.namespace, account));
    put(join(root, ACCOUNT_FOLDER, 'ca.crt'), api.certificate);
    put(join(root, ACCOUNT_FOLDER, 'namespace'), choice.namespace);
  }
  const env = await environmentOf(api, choice);
  const words = [...listOf(container.command), ...listOf(container.args)].map((word) => expand(word, env));
  return run(script(root, mounts, pod, container, words), env, words, join(folder, 'log'), choice.network);
}

/** Lines of /etc/hosts for the aliases of a pod. */
function aliasesOf({ hostAliases }: JsonObject): readonly string[] {
  return mapsIn(hostAliases).map(({ ip, hostnames }) => `${String(ip)} ${listOf(hostnames).join(' ')}`);
}

function fillRoot(root: string, programs: Readonly<Record<string, string>>, hosts: readonly string[]): void {
  for (const path of ['dev', 'etc', 'proc', 'sys', 'tmp', 'usr/bin', 'var/run/cilium'])
    mkdirSync(join(root, path), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  // As in Cilium's images.
  chmodSync(join(root, 'var/run/cilium'), 0o777);
  put(join(root, 'etc/hosts'), ['127.0.0.1 localhost', ...hosts, ''].join('\n'));
  put(join(root, 'etc/resolv.conf'), 'nameserver 127.0.0.1\n');
  put(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  for (const [name, program] of Object.entries(programs)) {
    const to = join(root, 'usr/bin', name);
    try {
      linkSync(program, to);
    } catch {
      // Another file system.
      copyFileSync(program, to);
    }
  }
}

function put(path: string, data: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
}

/** Writes ConfigMaps, Secrets and tokens below the root, and returns what is mounted there: folders of the node. */
async function placeVolumes(api: Api, choice: ContainerChoice, root: string): Promise<readonly Mount[]> {
  const volumes = mapsIn(choice.pod.volumes);
  const mounts: Mount[] = [];
  for (const { name, mountPath, subPath, readOnly } of mapsIn(choice.container.volumeMounts)) {
    const volume = volumes.find((one) => one.name === name);
    if (volume === undefined) throw new Error(`The container mounts the volume ${String(name)}, which the pod lacks.`);
    const to = String(mountPath);
    const files = await filesOfVolume(api, volume, choice);
    if (files !== undefined) {
      mkdirSync(join(root, to), { recursive: true });
      for (const [path, data] of files) put(join(root, to, path), data);
      continue;
    }
    const { path, type } = mapOf(volume.hostPath);
    const from = join(
      choice.shared ?? join(choice.folder, 'node'),
      typeof path === 'string' ? path : `empty/${String(name)}`,
      String(subPath ?? ''),
    );
    const isFile = type === 'FileOrCreate' || type === 'File';
    for (const place of [from, join(root, to)]) {
      if (isFile) put(place, '');
      else mkdirSync(place, { recursive: true });
    }
    if (volume.emptyDir !== undefined) chmodSync(from, 0o777);
    mounts.push({ from, to, isReadOnly: readOnly === true });
  }
  return mounts.sort((a, b) => a.to.split('/').length - b.to.split('/').length);
}

/** The shell commands that build the container's view and start its program in it. */
function script(
  root: string,
  mounts: readonly Mount[],
  pod: JsonObject,
  container: JsonObject,
  words: readonly string[],
): string {
  const security = { ...mapOf(pod.securityContext), ...mapOf(container.securityContext) };
  const inside = (path: string): string => quoted(join(root, path));
  const { runAsUser, runAsGroup } = security;
  const user =
    runAsUser === undefined && runAsGroup === undefined
      ? ''
      : `--userspec=${String(runAsUser ?? 0)}:${String(runAsGroup ?? 0)} `;
  return [
    `mount --bind ${inside('')} ${inside('')}`,
    `mount -t proc proc ${inside('proc')}`,
    `mount -t sysfs sysfs ${inside('sys')}`,
    `mount --rbind /dev ${inside('dev')}`,
    ...mounts.flatMap(({ from, to, isReadOnly }) => [
      `mount --bind ${quoted(from)} ${inside(to)}`,
      ...(isReadOnly ? [`mount -o remount,bind,ro ${inside(to)}`] : []),
    ]),
    ...(security.readOnlyRootFilesystem === true ? [`mount -o remount,bind,ro ${inside('')}`] : []),
    `exec setpriv ${privileges(security)} chroot ${user}${inside('')} ${words.map(quoted).join(' ')}`,
  ].join('\n');
}

function privileges(security: JsonObject): string {
  const noNew = security.allowPrivilegeEscalation === false ? ['--no-new-privs'] : [];
  if (security.privileged === true) return noNew.join(' ');
  const { add, drop } = mapOf(security.capabilities);
  const dropped = listOf(drop);
  const kept = dropped.includes('ALL')
    ? []
    : DEFAULT_CAPABILITIES.filter((one) => !dropped.map((name) => name.toLowerCase()).includes(one));
  // Only chroot needs the last ones; what it starts as another user than root loses them all.
  const needed = [undefined, 0].includes(security.runAsUser as number | undefined)
    ? ['sys_chroot']
    : ['sys_chroot', 'setgid', 'setuid'];
  const all = new Set([...kept, ...listOf(add).map((name) => name.toLowerCase()), ...needed]);
  return [`--bounding-set -all,${[...all].map((one) => `+${one}`).join()}`, '--inh-caps -all', ...noNew].join(' ');
}

function run(
  text: string,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
  logFile: string,
  network?: number,
): Container {
  const log = createWriteStream(logFile);
  const isolated = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  const own = ['unshare', ...isolated, 'sh', '-ec', text];
  const [program = '', ...rest] =
    network === undefined ? own : ['nsenter', `--net=/proc/${String(network)}/ns/net`, ...own];
  const child = spawn(program, rest, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let code: number | undefined;
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      code = 127;
      log.write(error.message);
      resolve();
    });
    child.on('close', (status) => {
      code = status ?? 137;
      resolve();
    });
  });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  const signal = (name: NodeJS.Signals): void => {
    if (code === undefined && child.pid !== undefined) process.kill(-child.pid, name);
  };
  // Nothing outlives the judge.
  const killAtExit = (): void => {
    signal('SIGKILL');
  };
  process.once('exit', killAtExit);
  return {
    arguments: words,
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    exitCode: () => code,
    stop: async () => {
      signal('SIGTERM');
      const late = setTimeout(killAtExit, 3000);
      await ended;
      clearTimeout(late);
      process.removeListener('exit', killAtExit);
      log.end();
    },
  };
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
