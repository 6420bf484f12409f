import type { Component } from '../../feature';
import { access } from './access';
import { configuresDns, COREDNS_MCSAPI_RULES } from './rules';
import { job } from './job';

/** Has CoreDNS answer for shared services: a Job writes that into its configuration, and it may read them. */
export const corednsMcsapi: Component = {
  name: 'coredns-mcsapi',
  objects: (ctx) => (configuresDns(ctx) ? [...access(ctx), job(ctx)] : []),
  rules: COREDNS_MCSAPI_RULES,
};
