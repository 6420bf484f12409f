import type { Json, JsonObject } from '../../../kubernetes/json';
import type { Container, EnvVar } from '../../../kubernetes/types';
import { printScalar } from '../../../helm/numbers';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { imageReference } from '../../parts/image';

/** Values of every container of the mesh's pods. */
export interface ContainerValues {
  readonly resources?: JsonObject | null | undefined;
  readonly securityContext?: JsonObject | null | undefined;
  readonly lifecycle?: JsonObject | null | undefined;
}

/** The common part of every container of the mesh's pods: one image contains all programs. */
export function meshContainer(ctx: Context, name: string, program: string, values: ContainerValues): Container {
  const { image } = ctx.v.clustermesh.apiserver;
  return {
    name,
    image: imageReference(image),
    imagePullPolicy: whenTruthy(image.pullPolicy),
    command: [program],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    resources: whenTruthy(values.resources),
    securityContext: whenTruthy(values.securityContext),
    lifecycle: whenTruthy(values.lifecycle),
  };
}

/** The program with all commands of the mesh. */
export const MESH_PROGRAM = '/usr/bin/clustermesh-apiserver';

/** `--debug` where debug logging is on. */
export function debugArgument({ v }: Context): readonly string[] {
  return isTruthy(v.debug.enabled) ? ['--debug'] : [];
}

/** `--health-port=9880`: an argument with a value, an empty one where the user removed it. */
export function argument(name: string, value: string | number | boolean | null | undefined): string {
  return `--${name}=${printScalar(value)}`;
}

/** A variable with a key of `cilium-config`. */
export function configEnv(name: string, key: string, optional?: true): EnvVar {
  return { name, valueFrom: { configMapKeyRef: { name: 'cilium-config', key, optional } } };
}

/** The variable that etcd and its init container share. */
export const CLUSTER_TOKEN: EnvVar = {
  name: 'INITIAL_CLUSTER_TOKEN',
  valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } },
};

/** Variables followed by the user's own. */
export function envWith(own: readonly EnvVar[], more: readonly JsonObject[] | null | undefined): Container['env'] {
  return [...own, ...(more ?? [])] as readonly unknown[] as readonly EnvVar[];
}

/** Readiness on the health port; user-set probe thresholds are merged in. */
export function readiness(port: string, patience: JsonObject | null | undefined): JsonObject {
  return { httpGet: { path: '/readyz', port }, ...patience };
}

/** The arguments for metrics, of all controllers. */
export function metricsArguments(values: {
  readonly enabled?: boolean | undefined;
  readonly port?: number | undefined;
}): readonly string[] {
  return isTruthy(values.enabled)
    ? [`--prometheus-serve-addr=:${printScalar(values.port)}`, '--controller-group-metrics=all']
    : [];
}

/** Named TCP ports, those of metrics only where they are served. */
export function ports(list: Readonly<Record<string, number | undefined | false>>): NonNullable<Container['ports']> {
  return Object.entries(list).flatMap(([name, number]) =>
    number === false ? [] : [{ name, containerPort: number as Json as number, protocol: 'TCP' }],
  );
}
