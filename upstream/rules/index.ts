import type { RuleBook } from './book';
import { exampleWorkloads } from './demo';
import { helmReleases } from './gitops';
import { kubernetes } from './kubernetes';
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
  exampleWorkloads,
  kubernetes,
];

/** Every rule of the library, by room: what the test proves, and what the pages and `imports/rules/rules.json` are made of. */
export const RULE_BOOKS: readonly RuleBook[] = [...BOOKS, ...undeclared(BOOKS)];
