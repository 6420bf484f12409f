import type { Component } from '../feature';
import { agent } from './agent';
import { envoy } from './envoy';
import { operator } from './operator';

/** Everything with pods of its own. */
export const COMPONENTS: readonly Component[] = [agent, envoy, operator];
