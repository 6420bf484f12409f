import { KUBERNETES_OBJECT, MAP } from '../kubernetes/object-shape';
import { propFindings } from '../props/check';
import { anything, callable, either, like, listOf, mapOf, needed, oneOf, props, text } from '../props/shape';
import type { Finding } from '../rules/finding';
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

/** Dashboards that the user hands over. */
export const DASHBOARDS = props<Dashboards>({ agent: FILES, operator: FILES, hubble: FILES });

const CONFIG_VALUE = like<ConfigValue>(
  'a string, a number, true or false',
  (value) => value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value),
  'Write what belongs into a ConfigMap, as text.',
);

const NAMED = props<{ readonly name: string }>({ name: needed(text) }, { open: true });

const POD_PARTS = props<PodContribution>({
  volumes: listOf(MAP),
  mounts: listOf(MAP),
  env: listOf(NAMED),
  args: listOf(text),
  ports: listOf(MAP),
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

/** What is wrong with what a feature of the user's own returned. */
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
