import { isTruthy } from '../../../helm/truth';
import type { Component } from '../../feature';
import { STANDALONE_DNS_PROXY_RULES } from './rules';
import { configMap } from './config-map';
import { daemonSet } from './daemon-set';

/** The standalone DNS proxy, a DaemonSet: policies by DNS name keep working while the agent restarts. */
export const standaloneDnsProxy: Component = {
  name: 'standalone-dns-proxy',
  objects: (ctx) => (isTruthy(ctx.v.standaloneDnsProxy?.enabled) ? [configMap(ctx), daemonSet(ctx)] : []),
  rules: STANDALONE_DNS_PROXY_RULES,
};
