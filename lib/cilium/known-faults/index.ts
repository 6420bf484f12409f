/** Known faults of Cilium releases: data for rules, for `docs/known-faults.md` and for the page about upgrades of Cilium. */
import type { KubernetesObject } from '../../kubernetes/types';
import type { Finding } from '../../rules/finding';
import { runRules } from '../../rules/rule';
import type { Context } from '../context';
import { DATAPATH_FAULTS } from './datapath';
import { ENCRYPTION_FAULTS } from './encryption';
import { faultRule, readObjects } from './fault';
import type { KnownFault, ObjectsFault, ValuesFault } from './fault';
import { GATEWAY_FAULTS } from './gateway';
import { LOAD_BALANCING_FAULTS } from './load-balancing';
import { LOCAL_REDIRECT_FAULTS } from './local-redirect';
import { MESH_FAULTS } from './mesh';
import { IDENTITY_FAULTS, POLICY_FAULTS } from './policy';
import { PROXY_FAULTS } from './proxies';
import { SERVICE_FAULTS } from './services';

const OF_VALUES: readonly ValuesFault[] = [
  ...LOAD_BALANCING_FAULTS,
  ...PROXY_FAULTS,
  ...ENCRYPTION_FAULTS,
  ...DATAPATH_FAULTS,
  ...IDENTITY_FAULTS,
];

const OF_OBJECTS: readonly ObjectsFault[] = [
  ...SERVICE_FAULTS,
  ...LOCAL_REDIRECT_FAULTS,
  ...GATEWAY_FAULTS,
  ...POLICY_FAULTS,
  ...MESH_FAULTS,
];

/** What pages and tests read of every fault. */
export const KNOWN_FAULTS: readonly KnownFault<never>[] = [...OF_VALUES, ...OF_OBJECTS];

/** Faults that values, release and Talos cluster decide. */
export const VALUES_FAULT_RULES = OF_VALUES.map((fault) => faultRule(fault, ({ version }) => version));

/** Faults that need objects. */
export const OBJECTS_FAULT_RULES = OF_OBJECTS.map((fault) => faultRule(fault, ({ version }) => version));

/** Known faults of the release that values and Talos cluster trip. */
export function faultsOfValues(ctx: Context): readonly Finding[] {
  return runRules(VALUES_FAULT_RULES, ctx);
}

/** Known faults of the release that objects of the cluster trip. */
export function faultsOfObjects(
  version: string,
  cilium: Context | undefined,
  objects: readonly KubernetesObject[],
): readonly Finding[] {
  return runRules(OBJECTS_FAULT_RULES, readObjects(version, cilium, objects));
}
