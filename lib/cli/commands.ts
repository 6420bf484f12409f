/* eslint-disable @typescript-eslint/no-require-imports -- a command is loaded when it runs, and bundlers still find it */
import type * as images from './images';
import type * as init from './init';
import type * as patch from './patch';
import type * as template from './template';
import type { AddCommand } from './terminal';
import type * as verify from './verify';

/** One file per command, in the order in which `--help` lists them. */
export const COMMANDS: Readonly<Record<string, () => AddCommand>> = {
  template: () => (require('./template') as typeof template).addTemplate,
  images: () => (require('./images') as typeof images).addImages,
  init: () => (require('./init') as typeof init).addInit,
  patch: () => (require('./patch') as typeof patch).addPatch,
  verify: () => (require('./verify') as typeof verify).addVerify,
};
