import { given } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Component } from '../../feature';
import { access } from './access';
import { job } from './job';

/** Has CoreDNS answer for shared services: a Job writes that into its configuration, and it may read them. */
export const corednsMcsapi: Component = {
  name: 'coredns-mcsapi',
  objects: (ctx) => (configuresDns(ctx) ? [...access(ctx), job(ctx)] : []),
  checks: [
    {
      id: 'coredns-mcsapi/needs-mcs-api',
      level: 'warning',
      when: ({ v, facts }) => given(v.clustermesh.mcsapi?.corednsAutoConfigure?.enabled) && !facts.multiClusterServices,
      at: ['clustermesh.mcsapi.corednsAutoConfigure.enabled', 'clustermesh.mcsapi.enabled'],
      says: 'CoreDNS is to be configured for shared services, which are off: nothing configures it.',
      fix: 'Set clustermesh.mcsapi.enabled.',
      docs: 'https://docs.cilium.io/en/stable/network/clustermesh/mcsapi/',
      examples: {
        bad: { values: { clustermesh: { mcsapi: { corednsAutoConfigure: { enabled: true } } } }, version: '1.20.0' },
        good: { values: { clustermesh: { mcsapi: { enabled: true, corednsAutoConfigure: { enabled: true } } } }, version: '1.20.0' },
      },
    },
  ],
};

/** Shared services are on, and CoreDNS is to be configured for them. */
function configuresDns({ v, facts }: Context): boolean {
  return facts.multiClusterServices && given(v.clustermesh.mcsapi?.corednsAutoConfigure?.enabled);
}
