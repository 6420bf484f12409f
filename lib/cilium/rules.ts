import type { ReadingRule } from '../rules/rule';
import { COMPONENTS } from './components';
import { CONFIG_RULES } from './config/rules';
import { FEATURE_FINDINGS } from './feature-shape';
import { FEATURES } from './features';
import { IMAGE_FINDINGS } from './image-findings';
import { IMAGE_REGISTRY } from './image-registry';
import { KUBE_FINDINGS } from './kube';
import { NO_EFFECT } from './no-effect-findings';
import { POD_RULES } from './pods';
import { UNPROVEN_FINDINGS } from './example-release';
import type { RenderInput } from './render';
import { VALUE_FINDINGS as OF_VALUES } from './value-findings';
import type { Rule } from '../rules/rule';
import type { ValuesExample } from './values-rule';

/** Every rule of every feature and component, over their pods, and over `cilium-config`, in the order in which they run. */
export const VALUE_RULES: readonly Rule<never, ValuesExample>[] = [
  ...[...FEATURES, ...COMPONENTS].flatMap(({ rules = [] }) => rules),
  ...CONFIG_RULES,
  ...POD_RULES,
];

/** The findings that `renderCilium` makes before the rules run, or in features of the user's own. */
export const VALUE_FINDINGS: readonly ReadingRule<RenderInput, Partial<RenderInput>>[] = [
  ...OF_VALUES,
  ...IMAGE_FINDINGS,
  ...UNPROVEN_FINDINGS,
  IMAGE_REGISTRY,
  ...KUBE_FINDINGS,
  ...FEATURE_FINDINGS,
  NO_EFFECT,
  {
    id: 'cilium/type',
    level: 'error',
    examples: { bad: { namespace: 5 as never }, good: { namespace: 'cilium' } },
  },
  { id: 'cilium/unknown-prop', level: 'error', examples: { bad: { value: {} } as never, good: { values: {} } } },
  { id: 'cilium/missing', level: 'error', examples: { bad: { version: undefined }, good: { version: '1.19.6' } } },
];
