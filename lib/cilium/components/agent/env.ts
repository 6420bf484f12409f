import type { JsonObject } from '../../../kubernetes/json';
import type { EnvVar } from '../../../kubernetes/types';
import { defaultTo } from '../../../helm/truth';
import type { Context } from '../../context';

/** What the user adds to the agent and to the init containers that talk to the API server. */
export function extraEnv({ v }: Context): readonly EnvVar[] {
  return defaultTo(v.extraEnv as readonly (EnvVar & JsonObject)[] | undefined, []);
}
