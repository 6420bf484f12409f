import { PART_SAMPLES } from './parts';
import { RESOURCE_SAMPLES } from './resources';
import type { Sample } from './sample';

/** Every sample. */
export const SAMPLES: readonly Sample[] = [...RESOURCE_SAMPLES, ...PART_SAMPLES];
