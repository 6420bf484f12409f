import { createHash } from 'node:crypto';
import type { JsonObject } from '../../kubernetes/json';
import { tidy } from '../../kubernetes/tidy';
import type { KubernetesObject, ObjectMeta, PodSpec } from '../../kubernetes/types';
import { writeYaml } from '../../kubernetes/yaml';
import { isTruthy, whenTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { allow } from '../feature';
import type { Permission } from '../feature';
import { daysInHours, keyUsages } from './certificates';
import type { CertificateRequest } from './certificates';
import { containerImage } from './image';
import { joined, namespaced } from './metadata';

/** The Secret with certgen's certificate authority, shared by all its certificates. */
export const AUTHORITY_SECRET = 'cilium-ca';

/** The spec of a Job. */
export interface JobSpec {
  readonly template: { readonly metadata: { readonly labels: JsonObject | undefined }; readonly spec: PodSpec };
  readonly ttlSecondsAfterFinished?: number | null | undefined;
}

/** One run of certgen: its certificates and its service account. */
export interface CertgenRun {
  /** Name of the Job, of the CronJob, and of the pods' `k8s-app` label. */
  readonly name: string;
  readonly podLabels: JsonObject | null | undefined;
  readonly account: { readonly name?: string | undefined; readonly automount?: boolean | undefined };
  readonly certificates: readonly CertificateRequest[];
  /** Days. */
  readonly validity: number | null | undefined;
  /** Runs on the pod network without any privilege; cluster mesh did not always. Default: true. */
  readonly confined?: boolean | undefined;
}

/** The pods of a Job that generates certificates in the cluster, so that no key ever leaves it. */
export function certgenSpec(ctx: Context, run: CertgenRun): JobSpec {
  const { certgen, imagePullSecrets } = ctx.v;
  const plainJobs = ctx.has('certgen-plain-jobs');
  const { name, podLabels, account, confined = true } = run;
  return {
    template: {
      metadata: { labels: joined({ 'k8s-app': name }, podLabels) },
      spec: {
        securityContext: confined ? { seccompProfile: { type: 'RuntimeDefault' } } : undefined,
        containers: [
          {
            name: 'certgen',
            ...containerImage(certgen.image),
            securityContext: confined
              ? { capabilities: { drop: ['ALL'] }, allowPrivilegeEscalation: false }
              : undefined,
            resources: whenTruthy(certgen.resources),
            command: ['/usr/bin/cilium-certgen'],
            args: certgenArguments(ctx),
            env: [
              {
                name: 'CILIUM_CERTGEN_CONFIG',
                value: writeYaml({ certs: run.certificates.map((c) => order(ctx, c, run)) }),
              },
            ],
            volumeMounts: whenTruthy(certgen.extraVolumeMounts),
          },
        ],
        hostNetwork: !confined,
        nodeSelector: whenTruthy(certgen.nodeSelector),
        priorityClassName: whenTruthy(certgen.priorityClassName),
        tolerations: whenTruthy(certgen.tolerations),
        // The old name of the field, which the API server also sets.
        ...(plainJobs ? {} : { serviceAccount: account.name }),
        serviceAccountName: account.name,
        automountServiceAccountToken: account.automount,
        imagePullSecrets: whenTruthy(imagePullSecrets),
        restartPolicy: 'OnFailure',
        volumes: whenTruthy(certgen.extraVolumes),
        affinity: whenTruthy(certgen.affinity),
      },
    },
    // Zero, "delete at once", has no effect since the Job is no longer a hook.
    ttlSecondsAfterFinished: plainJobs ? whenTruthy(certgen.ttlSecondsAfterFinished) : certgen.ttlSecondsAfterFinished,
  };
}

/**
 * The Job that generates the certificates once. A Job is immutable, so its name ends in a hash of what it runs;
 * before, Helm deleted the old one and ran it as a hook.
 * @param metadata without the name.
 */
export function certgenJob(
  ctx: Context,
  { name }: CertgenRun,
  spec: JobSpec,
  metadata: Pick<ObjectMeta, 'labels' | 'annotations'>,
): KubernetesObject {
  const plain = ctx.has('certgen-plain-jobs');
  const annotations = joined(!plain && { 'helm.sh/hook': 'post-install,post-upgrade' }, metadata.annotations);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: namespaced(ctx, plain ? `${name}-${contentHash(spec)}` : name, { labels: metadata.labels, annotations }),
    spec,
  };
}

/** The CronJob that renews the certificates before they expire; `schedule` is a cron expression. */
export function certgenCronJob(ctx: Context, metadata: ObjectMeta, spec: JobSpec, schedule: string): KubernetesObject {
  const history = ctx.v.certgen.cronJob;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata,
    spec: {
      schedule,
      successfulJobsHistoryLimit: history?.successfulJobsHistoryLimit,
      failedJobsHistoryLimit: history?.failedJobsHistoryLimit,
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec },
    },
  };
}

/** certgen's permissions in Cilium's namespace: create Secrets, update these, and store the certificate authority. */
export function certgenPermissions(secrets: readonly string[]): readonly Permission[] {
  return [
    allow('create', '', 'secrets'),
    allow('update', '', 'secrets', secrets),
    allow('get update', '', 'secrets', [AUTHORITY_SECRET]),
  ];
}

function certgenArguments({ v, namespace, has }: Context): readonly string[] {
  const lasting = v.certgen.enforceCAValidityThroughoutLeavesDuration;
  return [
    ...(isTruthy(v.debug.enabled) ? ['--debug'] : []),
    `--ca-generate=${String(v.certgen.generateCA ?? '')}`,
    '--ca-reuse-secret',
    `--ca-secret-namespace=${namespace}`,
    `--ca-secret-name=${AUTHORITY_SECRET}`,
    '--ca-common-name=Cilium CA',
    ...(has('certgen-lasting-authority')
      ? [`--ca-enforce-validity-throughout-leaves-duration=${String(lasting ?? '')}`]
      : []),
  ];
}

function order({ namespace }: Context, request: CertificateRequest, { validity }: CertgenRun): JsonObject {
  const hosts = [...(request.dnsNames ?? []), ...(request.ipAddresses ?? [])];
  return {
    name: request.name,
    namespace,
    commonName: request.commonName,
    hosts: hosts.length > 0 ? hosts : undefined,
    usage: keyUsages(request),
    validity: daysInHours(validity),
  };
}

/** The first ten hexadecimal digits of the SHA-256 of what the Job runs. */
function contentHash(spec: JobSpec): string {
  return createHash('sha256')
    .update(writeYaml(tidy(spec)))
    .digest('hex')
    .slice(0, 10);
}
