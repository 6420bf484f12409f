import type { Container, KubernetesObject } from '../../../kubernetes/types';
import { isTruthy, defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { configChecksum } from '../../parts/config-checksum';
import { containerImage } from '../../parts/image';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { hostUsers } from '../../parts/placement';
import { CONFIG_MAP, configData } from './config-map';

const NAME = 'standalone-dns-proxy';

/** minReadySeconds in versions without a value for it. */
const FIXED_READY_SECONDS = 5;

/** The proxy on every node. */
export function daemonSet(ctx: Context): KubernetesObject {
  const { standaloneDnsProxy: values, commonLabels } = ctx.v;
  const selector = { 'k8s-app': NAME };
  const labels = joined(selector, partOfCilium(ctx), { 'app.kubernetes.io/name': NAME, name: NAME }, commonLabels);
  const rolls = isTruthy(values?.rollOutPods) && {
    'cilium.io/standalone-dns-proxy-configmap-checksum': configChecksum(configData(ctx)),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: namespaced(ctx, NAME, { labels, annotations: values?.annotations }),
    spec: {
      minReadySeconds: ctx.has('standalone-dns-proxy-ready-seconds')
        ? whenTruthy(values?.minReadySeconds)
        : FIXED_READY_SECONDS,
      updateStrategy: whenTruthy(values?.updateStrategy),
      selector: { matchLabels: selector },
      template: {
        metadata: {
          // The chart sets only the annotation, whatever the Kubernetes version.
          annotations: joined(rolls, { [`container.apparmor.security.beta.kubernetes.io/${NAME}`]: 'unconfined' }),
          labels,
        },
        spec: {
          hostNetwork: true,
          hostUsers: hostUsers(ctx),
          automountServiceAccountToken: values?.automountServiceAccountToken,
          nodeSelector: whenTruthy(values?.nodeSelector),
          tolerations: [{ operator: 'Exists' }, ...defaultTo(values?.tolerations, [])],
          containers: [container(ctx)],
          volumes: [
            { name: CONFIG_VOLUME, configMap: { defaultMode: 0o644, name: CONFIG_MAP } },
            { name: 'runtime-dir', emptyDir: {} },
          ],
        },
      },
    },
  };
}

const CONFIG_VOLUME = 'standalone-dns-proxy-config-path';
const CONFIG_FOLDER = '/tmp/standalone-dns-proxy/config-map';

function container({ v }: Context): Container {
  return {
    name: NAME,
    ...containerImage(v.standaloneDnsProxy?.image ?? {}),
    args: [`--config-dir=${CONFIG_FOLDER}`],
    volumeMounts: [
      { name: CONFIG_VOLUME, mountPath: CONFIG_FOLDER, readOnly: true },
      { name: 'runtime-dir', mountPath: '/var/run/standalone-dns-proxy' },
    ],
    securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] } },
  };
}
