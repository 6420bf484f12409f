import type { ChartValues } from '../../../imports/cilium-chart/values';
import type { Context } from '../context';
import type { ConfigValue, Feature, PodContribution } from '../feature';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { emptyWhenNull } from '../parts/config-text';
import { neededValues } from '../parts/needed-values';

/** The CNI configuration file on the node, and CNI chaining. */
export const cni: Feature = {
  name: 'cni',
  contribute: (ctx) => ({
    config: {
      'cni-chaining-target': ctx.v.cni.chainingTarget,
      'cni-external-routing': ctx.v.cni.externalRouting,
      'cni-uninstall': whenTruthy(ctx.v.cni.uninstall),
      'custom-cni-conf': emptyWhenNull(ctx.v.cni.customConf),
      'enable-route-mtu-for-cni-chaining': whenTruthy(ctx.v.cni.enableRouteMTUForCNIChaining),
      ...fileKeys(ctx.v),
      ...chainingKeys(ctx),
    },
    agent: ownFile(ctx.v),
  }),
  rules: neededValues([
    {
      path: 'cni.confFileMountPath',
      value: ({ v }) => v.cni.confFileMountPath,
      when: ({ v }) => isTruthy(v.cni.configMap),
      on: { cni: { configMap: 'own-cni' } },
      good: '/tmp/cni-configuration',
    },
  ]),
};

/** Cilium writes the file, or uses an existing one. */
function fileKeys({ cni: values }: ChartValues): Readonly<Record<string, ConfigValue>> {
  const custom = isTruthy(values.customConf);
  const generated = !custom && isTruthy(values.install);
  const fromConfigMap = isTruthy(values.configMap);
  return {
    'cni-exclusive': generated ? values.exclusive : undefined,
    'cni-log-file': generated ? values.logFile : undefined,
    'read-cni-conf': fromConfigMap
      ? `${values.confFileMountPath ?? ''}/${values.configMapKey ?? ''}`
      : whenTruthy(values.readCniConf),
    'write-cni-conf-when-ready':
      generated || (custom && fromConfigMap) ? `${values.hostConfDirMountPath ?? ''}/05-cilium.conflist` : undefined,
  };
}

/** An existing file, which the agent copies to the node. */
function ownFile({ cni: { configMap, confFileMountPath } }: ChartValues): PodContribution {
  if (!isTruthy(configMap)) return {};
  const name = 'cni-configuration';
  return {
    volumes: [{ name, configMap: { name: configMap } }],
    mounts: [{ name, mountPath: confFileMountPath ?? '', readOnly: true }],
  };
}

function chainingKeys({ v, facts: { chainingMode } }: Context): Readonly<Record<string, ConfigValue>> {
  if (chainingMode === 'none') return {};
  return {
    'cni-chaining-mode': whenTruthy(chainingMode),
    'enable-identity-mark': v.enableIdentityMark,
    // The chained plugin routes the pods of its node; portmap alone does not.
    'enable-local-node-route': chainingMode === 'portmap' ? undefined : false,
  };
}
