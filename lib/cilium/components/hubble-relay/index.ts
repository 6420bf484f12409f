import { isTruthy } from '../../../helm/truth';
import type { Component } from '../../feature';
import { HUBBLE_RELAY_RULES } from './rules';
import { configMap } from './config-map';
import { deployment } from './deployment';
import { metricsService, service } from './service';
import { relayServiceMonitor } from './service-monitor';
import { disruptionBudgetOfRelay } from './pod-disruption-budget';
import { account } from './service-account';

/** Hubble Relay: the flows of all nodes in one API. */
export const hubbleRelay: Component = {
  name: 'hubble-relay',
  objects: (ctx) => {
    const { hubble } = ctx.v;
    if (!isTruthy(hubble.enabled) || !isTruthy(hubble.relay.enabled)) return [];
    return [
      disruptionBudgetOfRelay(ctx),
      account(ctx),
      configMap(ctx),
      service(ctx),
      metricsService(ctx),
      deployment(ctx),
      relayServiceMonitor(ctx),
    ];
  },
  rules: HUBBLE_RELAY_RULES,
};
