/* eslint-disable @typescript-eslint/no-require-imports -- a command is loaded when it runs, and bundlers still find it */
import type * as adopt from './adopt';
import type * as explain from './explain';
import type * as check from './check';
import type * as diff from './diff';
import type * as drift from './drift';
import type * as completion from './completion';
import type * as images from './images';
import type * as importCommand from './import';
import type * as init from './init';
import type * as patch from './patch';
import type * as schema from './schema';
import type * as template from './template';
import type { AddCommand } from './terminal';
import type * as values from './values';
import type * as upgrade from './upgrade';
import type * as verify from './verify';

/** One file per command, in the order in which `--help` lists them. */
export const COMMANDS: Readonly<Record<string, () => AddCommand>> = {
  check: () => (require('./check') as typeof check).addCheck,
  template: () => (require('./template') as typeof template).addTemplate,
  explain: () => (require('./explain') as typeof explain).addExplain,
  values: () => (require('./values') as typeof values).addValues,
  images: () => (require('./images') as typeof images).addImages,
  init: () => (require('./init') as typeof init).addInit,
  adopt: () => (require('./adopt') as typeof adopt).addAdopt,
  diff: () => (require('./diff') as typeof diff).addDiff,
  drift: () => (require('./drift') as typeof drift).addDrift,
  upgrade: () => (require('./upgrade') as typeof upgrade).addUpgrade,
  patch: () => (require('./patch') as typeof patch).addPatch,
  schema: () => (require('./schema') as typeof schema).addSchema,
  completion: () => (require('./completion') as typeof completion).addCompletion,
  import: () => (require('./import') as typeof importCommand).addImport,
  verify: () => (require('./verify') as typeof verify).addVerify,
};
