import type { Area } from '../area';
import { commandLines } from './commands';
import { functions } from './functions';
import { resources } from './resources';
import { talosCluster, talosPatch } from './talos';
import { values } from './values';
import { writing } from './writing';
import { yaml } from './yaml';

/** What the trial tries, in this order. */
export const AREAS = [
  values,
  resources,
  talosCluster,
  talosPatch,
  yaml,
  writing,
  commandLines,
  functions,
] as unknown as readonly Area[];
