import { App, Chart } from 'cdk8s';
import { TalosBgpPeering } from '../../lib/resources/bgp/constructs';
import { TALOS_BGP_PEERING_PROP_FINDINGS, TALOS_BGP_PEERING_RULES } from '../../lib/resources/bgp/talos-peering-props';
import type { PeeringExample } from '../../lib/resources/bgp/talos-peering-props';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';
import { ciliumOf } from './resources';

/** Rules of `TalosBgpPeering`. */
export const talosBgpPeering: RuleBook = book<PeeringExample>({
  name: 'TalosBgpPeering',
  over: 'A TalosBgpPeering, with the values of its Cilium and the Talos cluster; its resources have their own rules.',
  rules: listed<PeeringExample>([...TALOS_BGP_PEERING_RULES, ...TALOS_BGP_PEERING_PROP_FINDINGS]),
  judge: (example) =>
    findingsOf(() => {
      const peering = new TalosBgpPeering(new Chart(new App(), 'c'), 'talos', {
        cilium: ciliumOf(example),
        ...example.props,
      });
      return [
        ...peering.findings,
        ...[...peering.peerConfigs, ...peering.clusterConfigs].flatMap((one) => one.findings),
      ];
    }),
  input: ({ props, version, values, talos }) => plain({ ...props, cilium: { version, values }, talos }),
});
