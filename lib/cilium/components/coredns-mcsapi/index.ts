import type { Component } from '../../feature';
import { access } from './access';
import { configuresDns, corednsMcsapiChecks } from './checks';
import { job } from './job';

/** Has CoreDNS answer for shared services: a Job writes that into its configuration, and it may read them. */
export const corednsMcsapi: Component = {
  name: 'coredns-mcsapi',
  objects: (ctx) => (configuresDns(ctx) ? [...access(ctx), job(ctx)] : []),
  checks: corednsMcsapiChecks,
};
