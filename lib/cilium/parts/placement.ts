import { given } from '../../helm/truth';
import type { Context } from '../context';

/** The priority class the user names, else the critical one given unless critical classes are switched off. */
export function priorityClass({ v }: Context, own: string | null | undefined, critical: string): string | undefined {
  if (given(own)) return own;
  return given(v.enableCriticalPriorityClass) ? critical : undefined;
}
