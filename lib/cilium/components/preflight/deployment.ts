import type { JsonObject } from '../../../kubernetes/json';
import type { Container, EnvVar, KubernetesObject } from '../../../kubernetes/types';
import { defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { apiServerEnv } from '../../parts/api-server-env';
import { containerImage } from '../../parts/image';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { APP_NAME, NAME, ON_POLICIES } from './labels';
import { commonPodSpec, podMetadata, wrote } from './pod';

/** Validates the cluster's policies with the new version; ready when all are valid. */
export function deployment(ctx: Context): KubernetesObject {
  const { preflight, commonLabels } = ctx.v;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespaced(ctx, NAME, {
      labels: joined(partOfCilium(ctx), APP_NAME, commonLabels),
      annotations: preflight.annotations,
    }),
    spec: {
      selector: { matchLabels: ON_POLICIES },
      template: {
        metadata: podMetadata(ctx, ON_POLICIES),
        spec: {
          ...commonPodSpec(ctx, 'system-cluster-critical'),
          containers: [validator(ctx)],
          volumes: whenTruthy(preflight.extraVolumes),
        },
      },
    },
  };
}

const SCRIPT = `cilium-dbg preflight validate-cnp;
touch /tmp/ready-validate-cnp;
sleep 1h;
`;

function validator(ctx: Context): Container {
  const { preflight } = ctx.v;
  const { initialDelaySeconds, periodSeconds } = preflight.readinessProbe;
  return {
    name: 'cnp-validator',
    ...containerImage(preflight.image),
    command: ['/bin/sh'],
    args: ['-ec', SCRIPT],
    readinessProbe: wrote('/tmp/ready-validate-cnp', { initialDelaySeconds, periodSeconds }),
    volumeMounts: whenTruthy(preflight.extraVolumeMounts),
    env: [...apiServerEnv(ctx), ...defaultTo(preflight.extraEnv as readonly (EnvVar & JsonObject)[] | undefined, [])],
    resources: whenTruthy(preflight.resources),
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}
