import { distance } from 'fastest-levenshtein';
import { configKeysOf } from '../../cilium/config-keys';
import { refusedEntries, unreadableEntries } from '../../cilium/config/rules';
import { optionsOf } from '../../cilium/options';
import { isSet } from '../../helm/truth';
import { isMap, mapOf } from '../../kubernetes/json';
import type { Others, ReadResource, ResourceRule, Subject } from '../../resource/kind';
import { conditions } from '../../resource/label-conditions';
import { SelectorOverlaps } from '../../resource/selector-overlaps';
import { othersOfGroup, resourcesByKey } from '../../resource/sharing';
import { nearest } from '../../rules/nearest';
import { problem } from '../../rules/rule';
import { someOf } from '../../rules/words';
import type { CiliumNodeConfigProps } from './props';

/** A node config, read. */
export interface NodeConfigModel {
  /** Its options. */
  readonly options: readonly { readonly key: string; readonly at: string; readonly value: string }[];
}

/** Reads a node config; no options when `defaults` is not a map. */
export function readNodeConfig({ defaults }: CiliumNodeConfigProps): NodeConfigModel {
  return {
    options: Object.entries(isMap(defaults) ? defaults : {}).map(([key, value]) => ({
      key,
      at: /^[A-Za-z][\w-]*$/.test(key) ? `defaults.${key}` : `defaults['${key}']`,
      value: String(value),
    })),
  };
}

type NodeConfigRule = ResourceRule<CiliumNodeConfigProps, NodeConfigModel>;

const PROPS = {
  defaults: { 'bpf-lb-acceleration': 'native' },
  nodeSelector: { matchLabels: { 'example.test/xdp': 'true' } },
} as const;
const good = { props: PROPS };

/** A misspelling differs in at most so many letters. */
const SLIP = 2;

const KEY_RULES: readonly NodeConfigRule[] = [
  {
    id: 'node-config/nothing',
    level: 'warning',
    find: ({ model }) =>
      model.options.length === 0 &&
      problem('defaults', 'It changes nothing.', 'Name a key of cilium-config, or leave it out.'),
    examples: { bad: { props: { ...PROPS, defaults: {} } }, good },
  },
  {
    id: 'node-config/misspelt-key',
    level: 'warning',
    find: (subject) =>
      unknownOptions(subject)
        .filter(({ key, near }) => near !== undefined && distance(key, near) <= SLIP)
        .map(({ at, near }) =>
          problem(at, 'Unknown option of Cilium; the agent would ignore it.', `Did you mean '${near ?? ''}'?`),
        ),
    examples: { bad: { props: { ...PROPS, defaults: { 'bpf-lb-accelaration': 'native' } } }, good },
  },
  {
    id: 'node-config/unknown-key',
    level: 'warning',
    find: (subject) =>
      unknownOptions(subject)
        .filter(({ key, near }) => near === undefined || distance(key, near) > SLIP)
        .map(({ at, near }) =>
          problem(
            at,
            'The option is not documented; the agent ignores unknown ones.',
            near === undefined ? 'Use a key of cilium-config, not a value of the chart.' : `Did you mean '${near}'?`,
          ),
        ),
    examples: { bad: { props: { ...PROPS, defaults: { 'loadBalancer.acceleration': 'native' } } }, good },
  },
  {
    id: 'node-config/value',
    level: 'error',
    find: ({ model, ciliumVersion }) => {
      const config = Object.fromEntries(model.options.map(({ key, value }) => [key, value.trim()]));
      const refused = [
        ...unreadableEntries(config, ciliumVersion, ['agent']),
        ...refusedEntries(config, ciliumVersion, ['agent']),
      ];
      return refused.map(({ key, accepts }) =>
        problem(
          model.options.find((option) => option.key === key)?.at ?? 'defaults',
          `The agents of the selected nodes refuse to start: ${key} accepts only ${accepts}.`,
          `Use ${accepts}.`,
        ),
      );
    },
    examples: { bad: { props: { ...PROPS, defaults: { 'bpf-nat-global-max': '100' } } }, good },
  },
  {
    id: 'node-config/key-of-operator',
    level: 'warning',
    find: ({ model, ciliumVersion }) => {
      const known = optionsOf(ciliumVersion);
      return model.options
        .filter(({ key }) => known.get(key)?.includes('agent') === false)
        .map(({ at }) =>
          problem(
            at,
            'Only the operator has this option, and it reads no node configuration.',
            "Set it for the whole cluster, in Cilium's values.",
          ),
        );
    },
    examples: { bad: { props: { ...PROPS, defaults: { 'nodes-gc-interval': '5m' } } }, good },
  },
  {
    id: 'node-config/key-of-cluster',
    level: 'warning',
    find: ({ model }) =>
      model.options
        .filter(({ key }) => OF_CLUSTER.includes(key))
        .map(({ at }) =>
          problem(
            at,
            'All nodes of a cluster must agree on this option.',
            "Set it for the whole cluster, in Cilium's values.",
          ),
        ),
    examples: { bad: { props: { ...PROPS, defaults: { 'cluster-id': 7 } } }, good },
  },
  {
    id: 'node-config/key-twice',
    level: 'warning',
    find: (subject) => {
      const byKey = subject.others.ofCluster(configsByKey);
      return subject.model.options.flatMap(({ key, at }) => {
        const group = (byKey.get(key) ?? []).find((configs) => configs.at(-1) === subject.itself);
        const others = othersOfGroup(subject, group).map(({ name }) => name);
        const last = [subject.name, ...others].sort().at(-1) ?? '';
        return others.length === 0
          ? []
          : problem(
              at,
              others.length === 1
                ? `${someOf(others)} sets it as well; on nodes of both ${last} wins, whose name sorts last.`
                : `${someOf(others)} set it as well; of those with a node in common the one whose name sorts last wins.`,
              'Select different nodes.',
            );
      });
    },
    examples: {
      bad: { ...good, others: [{ subject: 'node-config', props: PROPS }] },
      good: { ...good, others: [{ subject: 'node-config', props: { ...PROPS, defaults: { devices: 'eth1' } } }] },
    },
  },
];

const SETTING_RULES: readonly NodeConfigRule[] = [
  {
    id: 'node-config/other-namespace',
    level: 'error',
    find: ({ namespace, cilium }) =>
      cilium !== undefined &&
      cilium.namespace !== namespace &&
      problem(
        'namespace',
        `Agents read node configurations only in their own namespace, ${cilium.namespace}.`,
        'Leave `namespace` out.',
      ),
    examples: { bad: { props: { ...PROPS, namespace: 'default' }, values: {} }, good: { ...good, values: {} } },
  },
  {
    id: 'node-config/same-value',
    level: 'warning',
    find: ({ model, props }) => {
      const config = configOf(props);
      return model.options
        .filter(({ key, value }) => config[key] === value)
        .map(({ at, value }) =>
          problem(
            at,
            `It is '${value}' on all nodes already.`,
            'Write a different value for these nodes, or leave it out.',
          ),
        );
    },
    examples: {
      bad: { props: { ...PROPS, defaults: { 'enable-ipv4': 'true' } }, values: {} },
      good: { props: PROPS, values: {} },
    },
  },
  {
    id: 'node-config/not-overridable',
    level: 'error',
    find: ({ model, cilium }) => {
      const { allowedConfigOverrides, blockedConfigOverrides } = cilium?.v.daemon ?? {};
      const [allowed, blocked] = [keysIn(allowedConfigOverrides), keysIn(blockedConfigOverrides)];
      const path = allowed.length > 0 ? 'allowedConfigOverrides' : 'blockedConfigOverrides';
      return model.options
        .filter(({ key }) => (allowed.length > 0 ? !allowed.includes(key) : blocked.includes(key)))
        .map(({ at }) =>
          problem(
            [at, `cilium.daemon.${path}`],
            'Node configurations may not override this key.',
            allowed.length > 0 ? `Add it to \`daemon.${path}\`.` : `Remove it from \`daemon.${path}\`.`,
          ),
        );
    },
    examples: {
      bad: { ...good, values: { daemon: { blockedConfigOverrides: 'bpf-lb-acceleration' } } },
      good: { ...good, values: { daemon: { allowedConfigOverrides: 'bpf-lb-acceleration' } } },
    },
  },
];

/** Rules of node configs. */
export const NODE_CONFIG_RULES: readonly NodeConfigRule[] = [...KEY_RULES, ...SETTING_RULES];

type NodeConfig = ReadResource<CiliumNodeConfigProps, NodeConfigModel>;

/** By keys, the node configs that set one for nodes that may be the same. */
function configsByKey(all: Others): ReadonlyMap<string, readonly (readonly NodeConfig[])[]> {
  const byKey = resourcesByKey<CiliumNodeConfigProps, NodeConfigModel>(['node-config'], ({ model }) =>
    model.options.map(({ key }) => key),
  )(all);
  return new Map(
    [...byKey].map(([key, configs]) => [
      key,
      new SelectorOverlaps(
        configs.map((item) => ({ item, conditions: conditions(mapOf(item.props.nodeSelector)) })),
      ).groups(),
    ]),
  );
}

/** Options that all nodes must share: identity of the cluster, allocation of identities and addresses, routing. */
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

/** The data of the rendered `cilium-config`. */
function configOf({ cilium }: CiliumNodeConfigProps): Readonly<Record<string, string>> {
  const config = (cilium?.rendered?.objects ?? []).find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config',
  );
  return (config as { readonly data?: Readonly<Record<string, string>> } | undefined)?.data ?? {};
}

/** Options that neither the programs nor any `cilium-config` of the release have, with the name that may be meant. */
function unknownOptions({ model, props, ciliumVersion }: Subject<CiliumNodeConfigProps, NodeConfigModel>): readonly {
  readonly key: string;
  readonly at: string;
  readonly near: string | undefined;
}[] {
  const known = configKeysOf(ciliumVersion);
  if (known.size === 0) return [];
  const written = Object.keys(configOf(props));
  return model.options
    .filter(({ key }) => !known.has(key) && !written.includes(key))
    .map(({ key, at }) => ({ key, at, near: nearest(key, [...known]) }));
}

function keysIn(list: unknown): readonly string[] {
  return isSet(list)
    ? String(list)
        .split(/[\s,]+/)
        .filter((key) => key !== '')
    : [];
}
