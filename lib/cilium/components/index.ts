import type { Component } from '../feature';

/** Everything with pods of its own. */
export const COMPONENTS: readonly Component[] = [];
