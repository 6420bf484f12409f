import type { Component } from '../../feature';
import { access } from './access';
import { configuresDns, COREDNS_MCSAPI_RULES } from './rules';
import { job } from './job';

/** Configures CoreDNS for multi-cluster services: a Job writes its configuration, and it gets the permission to read them. */
export const corednsMcsapi: Component = {
  name: 'coredns-mcsapi',
  objects: (ctx) => (configuresDns(ctx) ? [...access(ctx), job(ctx)] : []),
  rules: COREDNS_MCSAPI_RULES,
};
