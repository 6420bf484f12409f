import type { JsonObject } from '../../../kubernetes/json';
import type { EnvVar } from '../../../kubernetes/types';
import { defaultTo } from '../../../helm/truth';
import type { Context } from '../../context';

/** User-defined environment of the agent and of the init containers that connect to the API server. */
export function extraEnv({ v }: Context): readonly EnvVar[] {
  return defaultTo(v.extraEnv as readonly (EnvVar & JsonObject)[] | undefined, []);
}
