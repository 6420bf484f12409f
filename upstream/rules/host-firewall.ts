import { App, Chart } from 'cdk8s';
import { HostFirewall } from '../../lib/resources/policy/constructs';
import { HOST_FIREWALL_PROP_FINDINGS } from '../../lib/resources/policy/host-firewall-props';
import { HOST_FIREWALL_RULES } from '../../lib/resources/policy/host-firewall-rules';
import type { HostFirewallExample } from '../../lib/resources/policy/host-firewall-rules';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';
import { ciliumOf } from './resources';

/** Rules of `HostFirewall`. */
export const hostFirewall: RuleBook = book<HostFirewallExample>({
  name: 'HostFirewall',
  over: 'A HostFirewall, with the values of its Cilium; its two policies have their own rules.',
  rules: listed<HostFirewallExample>([...HOST_FIREWALL_RULES, ...HOST_FIREWALL_PROP_FINDINGS]),
  judge: (example) =>
    findingsOf(() => {
      const nodes = new HostFirewall(new Chart(new App(), 'c'), 'nodes', {
        cilium: ciliumOf(example),
        ...example.props,
      });
      return [...nodes.findings, ...nodes.controlPlane.findings, ...nodes.worker.findings];
    }),
  input: ({ props, version, values, talos }) =>
    plain({
      ...props,
      ...(version === undefined && values === undefined ? {} : { cilium: { version, values } }),
      talos,
    }),
});
