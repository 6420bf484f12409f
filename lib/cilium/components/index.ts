import type { Component } from '../feature';
import { agent } from './agent';

/** Everything with pods of its own. */
export const COMPONENTS: readonly Component[] = [agent];
