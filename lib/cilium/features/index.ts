import type { Feature } from '../feature';

export { extraConfig } from './extra-config';

/** Every feature, in no order that matters. */
export const FEATURES: readonly Feature[] = [];
