import { isSet } from '../../helm/truth';
import { isMap } from '../../kubernetes/json';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import { NODE_CONFIG_RULES, readNodeConfig } from './node-config-rules';
import type { NodeConfigModel } from './node-config-rules';
import type { CiliumNodeConfigProps } from './props';

/** Options of the agents on some nodes: CiliumNodeConfig. */
export const nodeConfig = resourceKind<CiliumNodeConfigProps, NodeConfigModel>({
  api: ciliumApi('CiliumNodeConfig'),
  subject: 'node-config',
  docs: 'https://docs.cilium.io/en/stable/configuration/per-node-config/',
  example: {
    props: {
      defaults: { 'bpf-lb-acceleration': 'native' },
      nodeSelector: { matchLabels: { 'example.test/xdp': 'true' } },
    },
    values: {},
  },
  elsewhere: {
    config: 'Write `defaults: { … }`.',
    rawConfig: 'It is called `defaults`.',
    selector: 'It is called `nodeSelector`.',
    values: 'Write `defaults: { … }` with keys of cilium-config.',
    matchLabels: 'Write `nodeSelector: { matchLabels: … }`.',
  },
  defaultNamespace: ({ cilium }) => cilium?.rendered?.context.namespace ?? 'kube-system',
  body: ({ defaults, ...fields }) => ({
    spec: {
      ...fields,
      defaults: isMap(defaults)
        ? Object.fromEntries(
            Object.entries(defaults).map(([key, value]) => [key, isScalar(value) ? String(value) : value]),
          )
        : defaults,
    },
  }),
  read: readNodeConfig,
  needs: [
    {
      rule: 'not-read',
      path: 'daemon.configSources',
      isMet: ({ v: { daemon } }) =>
        !isSet(daemon.configSources) || String(daemon.configSources).includes('cilium-node-config'),
      message: 'The configuration sources do not include node configurations, so agents ignore them.',
      hint: 'Add `cilium-node-config` to `daemon.configSources`.',
      unmet: { daemon: { configSources: 'config-map:cilium-config' } },
    },
  ],
  selectors: [{ path: 'nodeSelector', over: 'nodes' }],
  rules: NODE_CONFIG_RULES,
});

function isScalar(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}
