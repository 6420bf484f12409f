import type { Component } from '../../feature';
import { configMap } from './config-map';

/** Cilium on every node, and the configuration that it shares with the operator. */
export const agent: Component = {
  name: 'agent',
  objects: (ctx, merged) => [configMap(ctx, merged)],
};
