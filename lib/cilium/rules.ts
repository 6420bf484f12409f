import { COMPONENTS } from './components';
import { FEATURES } from './features';
import type { ValuesRule } from './values-rule';

/** Every rule of every feature and component, in the order in which they run. */
export const VALUE_RULES: readonly ValuesRule[] = [...FEATURES, ...COMPONENTS].flatMap(({ rules = [] }) => rules);
