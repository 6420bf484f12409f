import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { DEFAULT_DNS_DOMAIN } from '../../talos/cluster/dns-domain';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { talosRule } from '../parts/talos-rule';

const RELAY: CiliumValues = { hubble: { relay: { enabled: true } } };

/** The DNS of a Talos cluster. It contributes nothing and only has rules. */
export const talosDns: Feature = {
  name: 'talos-dns',
  contribute: () => ({}),
  rules: [
    talosRule({
      id: 'talos/dns-domain',
      level: 'warning',
      find: (ctx) => {
        const others = otherDomains(ctx);
        const domain = ctx.talos?.dnsDomain ?? DEFAULT_DNS_DOMAIN;
        const names = [...new Set(others.map(({ value }) => value))].join(' and ');
        return (
          others.length > 0 &&
          problem(
            [...others.map(({ path }) => path), 'talos.dnsDomain'],
            `Cilium looks up Services in ${names}, and the DNS domain of the Talos cluster is ${domain}.`,
            'Set dnsDomain of the Talos cluster to the domain of its machine configs, and these values to the same; talosValues() sets that of hubble.peerService.',
          )
        );
      },
      bad: { hubble: { relay: { enabled: true }, peerService: { clusterDomain: 'home.example.org' } } },
      good: RELAY,
    }),
  ],
};

/** Domains that are used, and are not that of the cluster. DNS ignores case. */
function otherDomains({ v, facts, talos }: Context): readonly { readonly path: string; readonly value: string }[] {
  const domain = (talos?.dnsDomain ?? DEFAULT_DNS_DOMAIN).toLowerCase();
  const { hubble, clustermesh } = v;
  const mcs = clustermesh.mcsapi?.corednsAutoConfigure;
  const used = [
    ...(isTruthy(hubble.enabled) && isTruthy(hubble.relay.enabled)
      ? [{ path: 'hubble.peerService.clusterDomain', value: hubble.peerService.clusterDomain ?? '' }]
      : []),
    ...(facts.multiClusterServices && isTruthy(mcs?.enabled)
      ? [
          {
            path: 'clustermesh.mcsapi.corednsAutoConfigure.coredns.clusterDomain',
            value: mcs?.coredns?.clusterDomain ?? '',
          },
        ]
      : []),
  ];
  return used.filter(({ value }) => value.toLowerCase().replace(/\.$/, '') !== domain);
}
