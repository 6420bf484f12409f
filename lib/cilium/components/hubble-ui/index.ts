import { isTruthy } from '../../../helm/truth';
import type { Component } from '../../feature';
import { HUBBLE_UI_RULES } from './rules';
import { clusterRoleOfUi, clusterRoleBindingOfUi } from './cluster-role';
import { configMap } from './config-map';
import { deployment } from './deployment';
import { ingress } from './ingress';
import { disruptionBudgetOfUi } from './pod-disruption-budget';
import { service } from './service';
import { account } from './service-account';

/** Hubble UI; in standalone mode it needs a relay, but no Hubble in this cluster. */
export const hubbleUi: Component = {
  name: 'hubble-ui',
  objects: (ctx) => {
    const { hubble } = ctx.v;
    if (!isTruthy(hubble.ui.enabled) || !(isTruthy(hubble.enabled) || isTruthy(hubble.ui.standalone.enabled)))
      return [];
    return [
      disruptionBudgetOfUi(ctx),
      account(ctx),
      configMap(ctx),
      clusterRoleOfUi(ctx),
      clusterRoleBindingOfUi(ctx),
      service(ctx),
      deployment(ctx),
      ingress(ctx),
    ];
  },
  rules: HUBBLE_UI_RULES,
};
