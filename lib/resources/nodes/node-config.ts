import { distance } from 'fastest-levenshtein';
import type { CiliumNodeConfigSpec } from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { othersOf } from '../../resource/kind';
import type { ResourceRule, Subject, ResourceProps } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { isSet } from '../../helm/truth';
import { isMap } from '../../kubernetes/json';
import { nearest } from '../../rules/nearest';
import { optionsOf } from '../../cilium/options';

/** Props of `NodeConfig`. */
export interface CiliumNodeConfigProps extends ResourceProps, Omit<CiliumNodeConfigSpec, 'defaults'> {
  /**
   * Keys of `cilium-config` with the values that the agents of these nodes take in their place, from their next start on.
   * Numbers and booleans are written as text.
   */
  readonly defaults: Readonly<Record<string, string | number | boolean>>;
  /** Which nodes. `{}` for all. */
  readonly nodeSelector: CiliumNodeConfigSpec['nodeSelector'];
  /**
   * Agents look into their own namespace only.
   * @default - that of `cilium`, otherwise kube-system
   */
  readonly namespace?: string;
}

type Check = ResourceRule<CiliumNodeConfigProps>;

const DOCS = 'https://docs.cilium.io/en/stable/configuration/per-node-config/';
const PROPS = {
  defaults: { 'bpf-lb-acceleration': 'native' },
  nodeSelector: { matchLabels: { 'example.test/xdp': 'true' } },
} as const;
const good = { props: PROPS };

/** A misspelling is at most so many letters away from what was meant. */
const SLIP = 2;

const KEY_CHECKS: readonly Check[] = [
  {
    id: 'node-config/nothing',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) =>
      Object.keys(props.defaults).length > 0
        ? []
        : [
            {
              paths: ['defaults'],
              message: 'It changes nothing.',
              hint: 'Name a key of cilium-config, or leave it out.',
            },
          ],
    examples: { bad: { props: { ...PROPS, defaults: {} } }, good },
  },
  {
    id: 'node-config/misspelt-key',
    level: 'error',
    docs: DOCS,
    find: (subject) =>
      unknownKeys(subject)
        .filter(({ key, near }) => near !== undefined && distance(key, near) <= SLIP)
        .map(({ at, near }) => ({
          paths: [at],
          message: 'Cilium has no such option, and the agent passes over it.',
          hint: `Write '${near ?? ''}'.`,
        })),
    examples: { bad: { props: { ...PROPS, defaults: { 'bpf-lb-accelaration': 'native' } } }, good },
  },
  {
    id: 'node-config/unknown-key',
    level: 'warning',
    docs: DOCS,
    find: (subject) =>
      unknownKeys(subject)
        .filter(({ key, near }) => near === undefined || distance(key, near) > SLIP)
        .map(({ at, near }) => ({
          paths: [at],
          message: 'The agent documents no such option; one that it does not know does nothing.',
          hint:
            near === undefined ? 'Take a key of cilium-config, not a value of the chart.' : `Did you mean '${near}'?`,
        })),
    examples: { bad: { props: { ...PROPS, defaults: { 'loadBalancer.acceleration': 'native' } } }, good },
  },
  {
    id: 'node-config/key-of-operator',
    level: 'warning',
    docs: DOCS,
    find: ({ props, ciliumVersion }) => {
      const options = optionsOf(ciliumVersion);
      return Object.keys(props.defaults)
        .filter((key) => options.get(key)?.includes('agent') === false)
        .map((key) => ({
          paths: [keyPath(key)],
          message: 'Only the operator reads this option, and it looks at no node configuration.',
          hint: "Set it for the whole cluster, in Cilium's values.",
        }));
    },
    examples: { bad: { props: { ...PROPS, defaults: { 'nodes-gc-interval': '5m' } } }, good },
  },
  {
    id: 'node-config/key-of-cluster',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) =>
      Object.keys(props.defaults)
        .filter((key) => OF_CLUSTER.includes(key))
        .map((key) => ({
          paths: [keyPath(key)],
          message: 'Nodes that differ in this option cannot work together.',
          hint: "Set it for the whole cluster, in Cilium's values.",
        })),
    examples: { bad: { props: { ...PROPS, defaults: { 'cluster-id': 7 } } }, good },
  },
  {
    id: 'node-config/key-twice',
    level: 'warning',
    docs: DOCS,
    find: ({ props, name, earlier }) =>
      othersOf<CiliumNodeConfigProps>(earlier, 'node-config').flatMap((other) =>
        Object.keys(props.defaults)
          .filter((key) => key in other.props.defaults)
          .map((key) => ({
            paths: [keyPath(key)],
            message: `${other.name} sets it, too; on nodes of both ${[name, other.name].sort()[1] ?? name} counts, whose name is the later.`,
            hint: 'Give them nodes of their own.',
          })),
      ),
    examples: {
      bad: { ...good, others: [{ subject: 'node-config', props: PROPS }] },
      good: { ...good, others: [{ subject: 'node-config', props: { ...PROPS, defaults: { devices: 'eth1' } } }] },
    },
  },
];

/** Options in which all nodes must be alike: who the cluster is, how identities and addresses are given, how packets travel. */
const OF_CLUSTER: readonly string[] = [
  'cluster-id',
  'cluster-name',
  'identity-allocation-mode',
  'ipam',
  'kvstore',
  'routing-mode',
  'tunnel-port',
  'tunnel-protocol',
];

function keyPath(key: string): string {
  return /^[A-Za-z][\w-]*$/.test(key) ? `defaults.${key}` : `defaults['${key}']`;
}

/** What `cilium-config` says, as far as it is rendered. */
function configOf({ cilium }: CiliumNodeConfigProps): Readonly<Record<string, string>> {
  const config = (cilium?.rendered?.objects ?? []).find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config',
  );
  return (config as { readonly data?: Readonly<Record<string, string>> } | undefined)?.data ?? {};
}

interface UnknownKey {
  readonly key: string;
  readonly at: string;
  readonly near: string | undefined;
}

/** Keys that are neither documented options nor in the ConfigMap that is rendered. */
function unknownKeys({ props, ciliumVersion }: Subject<CiliumNodeConfigProps>): readonly UnknownKey[] {
  const known = optionsOf(ciliumVersion);
  if (known.size === 0) return [];
  const written = Object.keys(configOf(props));
  return Object.keys(props.defaults)
    .filter((key) => !known.has(key) && !written.includes(key))
    .map((key) => ({ key, at: keyPath(key), near: nearest(key, [...known.keys()]) }));
}

const SETTING_CHECKS: readonly Check[] = [
  {
    id: 'node-config/other-namespace',
    level: 'error',
    docs: DOCS,
    find: ({ namespace, cilium }) =>
      cilium === undefined || cilium.namespace === namespace
        ? []
        : [
            {
              paths: ['namespace'],
              message: `Agents look into their own namespace, ${cilium.namespace}, only.`,
              hint: 'Leave `namespace` out.',
            },
          ],
    examples: { bad: { props: { ...PROPS, namespace: 'default' }, values: {} }, good: { ...good, values: {} } },
  },
  {
    id: 'node-config/same-value',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) => {
      const config = configOf(props);
      return Object.entries(props.defaults)
        .filter(([key, value]) => config[key] === String(value))
        .map(([key, value]) => ({
          paths: [keyPath(key)],
          message: `It is '${String(value)}' on all nodes already.`,
          hint: 'Write what is to be different on these nodes, or leave it out.',
        }));
    },
    examples: {
      bad: { props: { ...PROPS, defaults: { 'enable-ipv4': 'true' } }, values: {} },
      good: { props: { ...PROPS, defaults: { 'bpf-lb-acceleration': 'native' } }, values: {} },
    },
  },
  {
    id: 'node-config/not-overridable',
    level: 'error',
    docs: DOCS,
    find: ({ props, cilium }) => {
      const { allowedConfigOverrides, blockedConfigOverrides } = cilium?.v.daemon ?? {};
      const [allowed, blocked] = [keysIn(allowedConfigOverrides), keysIn(blockedConfigOverrides)];
      const path = allowed.length > 0 ? 'allowedConfigOverrides' : 'blockedConfigOverrides';
      return Object.keys(props.defaults)
        .filter((key) => (allowed.length > 0 ? !allowed.includes(key) : blocked.includes(key)))
        .map((key) => ({
          paths: [keyPath(key), `cilium.daemon.${path}`],
          message: 'Agents are told not to take this key from node configurations.',
          hint: allowed.length > 0 ? `Add it to \`daemon.${path}\`.` : `Take it out of \`daemon.${path}\`.`,
        }));
    },
    examples: {
      bad: { ...good, values: { daemon: { blockedConfigOverrides: 'bpf-lb-acceleration' } } },
      good: { ...good, values: { daemon: { allowedConfigOverrides: 'bpf-lb-acceleration' } } },
    },
  },
];

function keysIn(list: unknown): readonly string[] {
  return isSet(list)
    ? String(list)
        .split(/[\s,]+/)
        .filter((key) => key !== '')
    : [];
}

/** Options of the agents on some nodes: CiliumNodeConfig. */
export const nodeConfig = resourceKind<CiliumNodeConfigProps>({
  api: ciliumApi('CiliumNodeConfig'),
  subject: 'node-config',
  docs: DOCS,
  example: { ...good, values: {} },
  needs: [
    {
      rule: 'not-read',
      path: 'daemon.configSources',
      isMet: ({ v: { daemon } }) =>
        !isSet(daemon.configSources) || String(daemon.configSources).includes('cilium-node-config'),
      message: 'The sources of configuration do not include node configurations, so agents ignore them.',
      hint: 'Add `cilium-node-config` to `daemon.configSources`.',
      unmet: { daemon: { configSources: 'config-map:cilium-config' } },
    },
  ],
  selectors: [{ path: 'nodeSelector', over: 'nodes' }],
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
  rules: [...KEY_CHECKS, ...SETTING_CHECKS],
});

function isScalar(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}
