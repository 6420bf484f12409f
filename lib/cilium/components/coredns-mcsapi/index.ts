import { given } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Component } from '../../feature';
import { access } from './access';
import { job } from './job';

/** Has CoreDNS answer for shared services: a Job writes that into its configuration, and it may read them. */
export const corednsMcsapi: Component = {
  name: 'coredns-mcsapi',
  objects: (ctx) => (configuresDns(ctx) ? [...access(ctx), job(ctx)] : []),
};

/** Shared services are on, and CoreDNS is to be configured for them. */
function configuresDns({ v, facts }: Context): boolean {
  return facts.multiClusterServices && given(v.clustermesh.mcsapi?.corednsAutoConfigure?.enabled);
}
