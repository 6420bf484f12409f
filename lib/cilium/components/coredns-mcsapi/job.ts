import type { KubernetesObject, PodSpec } from '../../../kubernetes/types';
import { printScalar } from '../../../helm/numbers';
import { whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { imageReference } from '../../parts/image';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

/** The name of the Job and of its RBAC objects. */
export const JOB = 'cilium-coredns-mcsapi-autoconfig';

/** The Job that configures CoreDNS for multi-cluster services, once after every install. */
export function job(ctx: Context): KubernetesObject {
  const { commonLabels, clustermesh } = ctx.v;
  const values = clustermesh.mcsapi?.corednsAutoConfigure;
  const own = { 'k8s-app': JOB };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: namespaced(ctx, JOB, {
      labels: joined(own, commonLabels, partOfCilium(ctx)),
      annotations: joined(
        { 'helm.sh/hook': 'post-install,post-upgrade' },
        clustermesh.annotations,
        values?.annotations,
      ),
    }),
    spec: {
      template: { metadata: { labels: joined(own, values?.podLabels) }, spec: podSpec(ctx) },
      ttlSecondsAfterFinished: values?.ttlSecondsAfterFinished,
    },
  };
}

function podSpec(ctx: Context): PodSpec {
  const { clustermesh, serviceAccounts, imagePullSecrets } = ctx.v;
  const { image } = clustermesh.apiserver;
  const values = clustermesh.mcsapi?.corednsAutoConfigure;
  return {
    containers: [
      {
        name: 'autoconfig',
        image: imageReference(image),
        imagePullPolicy: whenTruthy(image.pullPolicy),
        resources: whenTruthy(values?.resources),
        command: ['/usr/bin/clustermesh-apiserver'],
        args: commandArguments(ctx),
        volumeMounts: whenTruthy(values?.extraVolumeMounts),
      },
    ],
    nodeSelector: whenTruthy(values?.nodeSelector),
    priorityClassName: whenTruthy(values?.priorityClassName),
    tolerations: whenTruthy(values?.tolerations),
    serviceAccountName: serviceAccounts.corednsMCSAPI?.name,
    automountServiceAccountToken: true,
    imagePullSecrets: whenTruthy(imagePullSecrets),
    restartPolicy: 'OnFailure',
    volumes: whenTruthy(values?.extraVolumes),
    affinity: whenTruthy(values?.affinity),
  };
}

function commandArguments({ v }: Context): readonly string[] {
  const { coredns, extraArgs } = v.clustermesh.mcsapi?.corednsAutoConfigure ?? {};
  return [
    'mcsapi-coredns-cfg',
    `--coredns-deployment-name=${printScalar(coredns?.deploymentName)}`,
    `--coredns-configmap-name=${printScalar(coredns?.configMapName)}`,
    `--coredns-namespace=${printScalar(coredns?.namespace)}`,
    `--coredns-cluster-domain=${printScalar(coredns?.clusterDomain)}`,
    `--coredns-clusterset-domain=${printScalar(coredns?.clustersetDomain)}`,
    ...(extraArgs ?? []),
  ];
}
