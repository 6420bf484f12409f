/* eslint-disable @typescript-eslint/no-require-imports -- a command is loaded when it runs, and bundlers still find it */
import type * as explain from './explain';
import type * as images from './images';
import type * as patch from './patch';
import type * as schema from './schema';
import type * as template from './template';
import type { AddCommand } from './terminal';
import type * as values from './values';
import type * as verify from './verify';

/** One file per command, in the order in which `--help` lists them. */
export const COMMANDS: Readonly<Record<string, () => AddCommand>> = {
  template: () => (require('./template') as typeof template).addTemplate,
  explain: () => (require('./explain') as typeof explain).addExplain,
  values: () => (require('./values') as typeof values).addValues,
  images: () => (require('./images') as typeof images).addImages,
  patch: () => (require('./patch') as typeof patch).addPatch,
  schema: () => (require('./schema') as typeof schema).addSchema,
  verify: () => (require('./verify') as typeof verify).addVerify,
};
