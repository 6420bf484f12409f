import type { RuleBook } from './book';
import { resources } from './resources';
import { talosCluster } from './talos-cluster';
import { clusters, files, reading, values } from './values';

/** Every rule of the library, by room: what the test proves, and what the pages and `imports/rules/rules.json` are made of. */
export const RULE_BOOKS: readonly RuleBook[] = [values, reading, files, clusters, talosCluster, ...resources];
