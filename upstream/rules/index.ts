import type { RuleBook } from './book';
import { helmReleases } from './gitops';
import { kubeSpanRoutes } from './kubespan';
import { resources } from './resources';
import { services } from './services';
import { commands, talosPatches } from './talos-patch';
import { undeclared } from './undeclared';
import { clusters, files, reading, values } from './values';

const BOOKS: readonly RuleBook[] = [
  values,
  reading,
  files,
  clusters,
  ...resources,
  services,
  talosPatches,
  commands,
  kubeSpanRoutes,
  helmReleases,
];

/** Every rule of the library, by room: what the test proves, and what the pages and `imports/rules/rules.json` are made of. */
export const RULE_BOOKS: readonly RuleBook[] = [...BOOKS, ...undeclared(BOOKS)];
