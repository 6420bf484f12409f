import type { Json, JsonObject } from '../../../kubernetes/json';
import type { Container, EnvVar } from '../../../kubernetes/types';
import { printScalar } from '../../../helm/numbers';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { imageReference } from '../../parts/image';

/** The values that every container of the mesh's pods has. */
export interface ContainerValues {
  readonly resources?: JsonObject | null | undefined;
  readonly securityContext?: JsonObject | null | undefined;
  readonly lifecycle?: JsonObject | null | undefined;
}

/** What every container of the mesh's pods shares: one image holds all their programs. */
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

/** The program of the image that has all the mesh's own commands. */
export const MESH_PROGRAM = '/usr/bin/clustermesh-apiserver';

/** `--debug` where everything is to be told. */
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

/** The variable by which etcd and what prepares it agree that they are of one pod. */
export const CLUSTER_TOKEN: EnvVar = {
  name: 'INITIAL_CLUSTER_TOKEN',
  valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } },
};

/** Variables with the user's own behind them. */
export function envWith(own: readonly EnvVar[], more: readonly JsonObject[] | null | undefined): Container['env'] {
  return [...own, ...(more ?? [])] as readonly unknown[] as readonly EnvVar[];
}

/** Ready when the program says so on its health port; the user adds patience. */
export function readiness(port: string, patience: JsonObject | null | undefined): JsonObject {
  return { httpGet: { path: '/readyz', port }, ...patience };
}

/** Where metrics are served, and for all controllers. */
export function metricsArguments(values: {
  readonly enabled?: boolean | undefined;
  readonly port?: number | undefined;
}): readonly string[] {
  return isTruthy(values.enabled)
    ? [`--prometheus-serve-addr=:${printScalar(values.port)}`, '--controller-group-metrics=all']
    : [];
}

/** Named TCP ports, those of metrics only where these are served. */
export function ports(list: Readonly<Record<string, number | undefined | false>>): NonNullable<Container['ports']> {
  return Object.entries(list).flatMap(([name, number]) =>
    number === false ? [] : [{ name, containerPort: number as Json as number, protocol: 'TCP' }],
  );
}
