import type { CiliumValues } from '../../../../imports/cilium-chart';
import { isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import type { ValuesRule } from '../../values-rule';
import { neededAccount, neededValues } from '../../parts/needed-values';

const DNS: CiliumValues = { clustermesh: { mcsapi: { enabled: true, corednsAutoConfigure: { enabled: true } } } };

/** CoreDNS configuration is on, but multi-cluster services are off. */
export function configuresDns({ v, facts }: Context): boolean {
  return facts.multiClusterServices && isTruthy(v.clustermesh.mcsapi?.corednsAutoConfigure?.enabled);
}

/** The location of CoreDNS; each value is the name or namespace of an object. */
const PLACES = {
  configMapName: 'coredns',
  deploymentName: 'coredns',
  namespace: 'kube-system',
  serviceAccountName: 'coredns',
} as const;

/** Rules about the configuration of CoreDNS. */
export const COREDNS_MCSAPI_RULES: readonly ValuesRule[] = [
  {
    id: 'coredns-mcsapi/needs-mcs-api',
    level: 'warning',
    find: ({ v, facts }) =>
      isTruthy(v.clustermesh.mcsapi?.corednsAutoConfigure?.enabled) &&
      !facts.multiClusterServices &&
      problem(
        ['clustermesh.mcsapi.corednsAutoConfigure.enabled', 'clustermesh.mcsapi.enabled'],
        'CoreDNS configuration for multi-cluster services is on, but these are off: nothing configures it.',
        'Set clustermesh.mcsapi.enabled.',
      ),
    docs: 'https://docs.cilium.io/en/stable/network/clustermesh/mcsapi/',
    examples: {
      bad: { values: { clustermesh: { mcsapi: { corednsAutoConfigure: { enabled: true } } } }, version: '1.20.0' },
      good: { values: DNS, version: '1.20.0' },
    },
  },
  ...neededValues([
    ...(Object.keys(PLACES) as readonly (keyof typeof PLACES)[]).map((name) => ({
      path: `clustermesh.mcsapi.corednsAutoConfigure.coredns.${name}`,
      value: ({ v }: Context) => v.clustermesh.mcsapi?.corednsAutoConfigure?.coredns?.[name],
      when: configuresDns,
      on: DNS,
      good: PLACES[name],
      version: '1.20.0',
    })),
    neededAccount('corednsMCSAPI', configuresDns, {
      on: DNS,
      good: 'cilium-coredns-mcsapi-autoconfig',
      version: '1.20.0',
    }),
  ]),
];
