import { duplicateFindings, guardObjects } from '../../kubernetes/guard';
import { serviceFindings } from '../../resources/load-balancer/service-rules';
import type { Finding } from '../../rules/finding';
import { runRules } from '../../rules/rule';
import type { Rule } from '../../rules/rule';
import { ADDRESS_RULES } from './address-rules';
import { ADMISSION_RULES } from './admission-rules';
import { CILIUM_RULES, valueFindings } from './cilium-rules';
import { CNI_PLUGIN_RULES } from './cni-plugin-rules';
import { DEFINITION_RULES } from './definition-rules';
import { DNS_RULES } from './dns-rules';
import { DISRUPTION_BUDGET_RULES } from './disruption-budget-rules';
import { GATEWAY_API_RULES } from './gateway-api-rules';
import { HOST_FIREWALL_RULES } from './host-firewall-rules';
import { HOST_PORT_RULES } from './host-port-rules';
import { IDLE_OBJECT_RULES } from './idle-object-rules';
import { INGRESS_FIREWALL_RULES } from './ingress-firewall-rules';
import type { TalosPatchInput } from './input';
import { KUBESPAN_ROUTE_RULES } from './kubespan-route-rules';
import { NETWORK_POLICY_RULES } from './network-policy-rules';
import { LIFE_CYCLE_RULES, MANIFEST_RULES, OBJECT_RULES } from './manifest-rules';
import type { Manifest } from './manifest';
import { schemaFindings } from './object-schema';
import { POD_POOL_RULES } from './pod-pool-rules';
import { POD_RULES } from './pod-rules';
import { POD_SECURITY_RULES } from './pod-security-rules';
import type { PatchExample, TalosPatchRule } from './rule';
import { SIZE_RULES } from './size-rules';
import { STORAGE_RULES } from './storage-rules';
import { readPatch } from './subject';

/** Rules about objects beside Cilium and Talos, after those about which of them brings the network. */
const COMBINED_RULES: readonly TalosPatchRule[] = [
  ...ADDRESS_RULES,
  ...NETWORK_POLICY_RULES,
  ...DNS_RULES,
  ...CNI_PLUGIN_RULES,
  ...GATEWAY_API_RULES,
  ...DEFINITION_RULES,
  ...STORAGE_RULES,
  ...DISRUPTION_BUDGET_RULES,
  ...HOST_PORT_RULES,
  ...ADMISSION_RULES,
  ...POD_RULES,
  ...POD_POOL_RULES,
  ...HOST_FIREWALL_RULES,
  ...INGRESS_FIREWALL_RULES,
  ...KUBESPAN_ROUTE_RULES,
];

/** All rules about Talos patches, in the order of their findings. */
export const TALOS_PATCH_RULES: readonly Rule<never, PatchExample>[] = [
  ...MANIFEST_RULES,
  ...OBJECT_RULES,
  ...LIFE_CYCLE_RULES,
  ...POD_SECURITY_RULES,
  ...CILIUM_RULES,
  ...COMBINED_RULES,
  ...IDLE_OBJECT_RULES,
  ...SIZE_RULES,
];

/** Everything that is wrong with the manifests of a patch, alone and together with Talos and Cilium. */
export function patchFindings(input: TalosPatchInput, manifests: readonly Manifest[]): readonly Finding[] {
  const subject = readPatch(input, manifests);
  const { objects, context } = subject;
  return [
    ...runRules(MANIFEST_RULES, subject),
    ...manifests.flatMap(({ name, objects: own }) => guardObjects(own, `manifests.${name}`)),
    // The guard has found those of one manifest.
    ...duplicateFindings(objects).filter(({ paths }) => paths.length > 1),
    ...runRules(OBJECT_RULES, subject),
    ...schemaFindings(objects, input.talos.kubernetesVersion),
    ...runRules([...LIFE_CYCLE_RULES, ...POD_SECURITY_RULES, ...CILIUM_RULES], subject),
    ...valueFindings(input.talos, input.cilium),
    ...runRules(COMBINED_RULES, subject),
    ...(context === undefined ? [] : serviceFindings(objects, context)),
    ...runRules(IDLE_OBJECT_RULES, subject),
  ];
}
