import type { Check } from './check';
import { COMPONENTS } from './components';
import { FEATURES } from './features';

/** Every rule of every feature and component, in the order in which they are run. */
export function allChecks(): readonly Check[] {
  return [...FEATURES, ...COMPONENTS].flatMap((room) => room.checks ?? []);
}
