import { KUBERNETES_OBJECT, MAP } from '../kubernetes/object-shape';
import { propFindings } from '../props/check';
import { anything, callable, either, like, listOf, mapOf, needed, number, oneOf, props, text } from '../props/shape';
import type { Shape } from '../props/shape';
import type { Finding } from '../rules/finding';
import type { ReadingRule } from '../rules/rule';
import type { Dashboards } from './context';
import type { ConfigValue, Contribution, Feature, Permission, PodContribution } from './feature';
import type { ValuesRule } from './values-rule';

const RULE = props<ValuesRule>({
  id: needed(text),
  level: needed(either(oneOf('error', 'warning'), callable)),
  find: needed(callable),
  docs: text,
  chart: text,
  examples: needed(anything),
});

/** A feature of the user's own. */
export const FEATURE = props<Feature>({ name: needed(text), contribute: needed(callable), rules: listOf(RULE) });

const FILES = mapOf(either(text, MAP));

/** Dashboards of the user. */
export const DASHBOARDS = props<Dashboards>({ agent: FILES, operator: FILES, hubble: FILES });

const CONFIG_VALUE = like<ConfigValue>(
  'a string, a number, true or false',
  (value) => value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value),
  'Write the text of a ConfigMap entry.',
);

const NAMED = props<{ readonly name: string }>({ name: needed(text) }, { open: true });

const MOUNT = props<{ readonly name: string; readonly mountPath: string }>(
  { name: needed(text), mountPath: needed(text) },
  { open: true },
);

const PORT = props<{ readonly name?: string; readonly containerPort: number }>(
  { name: text, containerPort: needed(number) },
  { open: true },
);

const POD_PARTS = props<PodContribution>({
  volumes: listOf(NAMED as Shape<object>),
  mounts: listOf(MOUNT as Shape<object>),
  env: listOf(NAMED),
  args: listOf(text),
  ports: listOf(PORT as Shape<object>),
  initContainers: listOf(NAMED),
  containers: listOf(NAMED),
});

const PERMISSIONS = listOf(
  props<Permission>({
    apiGroups: needed(listOf(text)),
    resources: needed(listOf(text)),
    verbs: needed(listOf(text)),
    resourceNames: listOf(text),
  }),
);

const CONTRIBUTION = props<Contribution>({
  config: mapOf(CONFIG_VALUE),
  agent: POD_PARTS,
  operator: POD_PARTS,
  envoy: POD_PARTS,
  permissions: props<NonNullable<Contribution['permissions']>>({ agent: PERMISSIONS, operator: PERMISSIONS }),
  objects: listOf(KUBERNETES_OBJECT),
});

/** Features of the user's own, as an example. */
export interface FeaturesExample {
  readonly features: readonly Feature[];
}

function adding(contribution: unknown): FeaturesExample {
  return { features: [{ name: 'own', contribute: () => contribution as Contribution }] };
}

/** The findings about the user's features, which rendering makes. */
export const FEATURE_FINDINGS: readonly ReadingRule<unknown, FeaturesExample>[] = [
  {
    id: 'features/failed',
    level: 'error',
    examples: {
      bad: {
        features: [
          {
            name: 'own',
            contribute: (): never => {
              throw new Error('not implemented');
            },
          },
        ],
      },
      good: adding({}),
    },
  },
  {
    id: 'features/type',
    level: 'error',
    examples: { bad: adding({ config: { 'own-key': ['a'] } }), good: adding({ config: { 'own-key': 'a' } }) },
  },
  {
    id: 'features/missing',
    level: 'error',
    examples: {
      bad: adding({ agent: { env: [{ value: 'a' }] } }),
      good: adding({ agent: { env: [{ name: 'OWN', value: 'a' }] } }),
    },
  },
  {
    id: 'features/unknown-prop',
    level: 'error',
    examples: { bad: adding({ configs: {} }), good: adding({ config: {} }) },
  },
  {
    id: 'features/conflict',
    level: 'error',
    examples: { bad: adding({ config: { 'enable-ipv4': 'false' } }), good: adding({ config: { 'own-key': 'a' } }) },
  },
  {
    id: 'values/unusable',
    level: 'error',
    examples: {
      bad: adding({ agent: { volumes: [{ name: 'own', hostPath: { path: [null] } }] } }),
      good: adding({ agent: { volumes: [{ name: 'own', hostPath: { path: '/own' } }] } }),
    },
  },
];

const FINDING = props<Finding>({
  id: needed(text),
  level: needed(oneOf('error', 'warning')),
  paths: needed(listOf(text)),
  message: needed(text),
  hint: needed(text),
  docs: text,
});

/** The findings of the user's own rules, or what is wrong with them. */
export function foundByOwnRules(name: string, found: readonly Finding[]): readonly Finding[] {
  const wrong = propFindings('features', found, listOf(FINDING), `features.${name}.rules`);
  return wrong.length > 0 ? wrong : found;
}

/** Validates what a feature of the user's own returned. */
export function contributionFindings(name: string, contribution: unknown): readonly Finding[] {
  const at = `features.${name}.contribute()`;
  // A missing contribution is a mistake; `{}` is one that adds nothing.
  return contribution === undefined
    ? [
        {
          id: 'features/type',
          level: 'error',
          paths: [at],
          message: 'Expected a map.',
          hint: 'Return what the feature adds, or `{}`.',
        },
      ]
    : propFindings('features', contribution, CONTRIBUTION, at);
}
