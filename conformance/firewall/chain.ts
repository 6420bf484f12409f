import { parseAllDocuments } from 'yaml';

/** A `NetworkRuleConfig`. */
interface Rule {
  readonly name: string;
  readonly portSelector: { readonly ports: readonly (number | string)[]; readonly protocol: 'tcp' | 'udp' };
  readonly ingress: readonly { readonly subnet: string; readonly except?: string }[];
}

/** What Talos reads besides the documents of the firewall. */
export interface Surroundings {
  readonly podSubnets: readonly string[];
  readonly serviceSubnets: readonly string[];
  readonly forwardKubeDNSToHost: boolean;
  /** Addresses of the node. */
  readonly own: readonly string[];
}

/**
 * The chains that Talos makes of the documents, as a file for nft. Patches apply in their order; a later document replaces the lists of an
 * earlier one of its name.
 * @see https://github.com/siderolabs/talos/blob/v1.14.1/internal/app/machined/pkg/controllers/network/nftables_chain_config.go
 */
export function chainsOf(patches: readonly (string | undefined)[], around: Surroundings): string {
  const documents = patches.flatMap((text) =>
    parseAllDocuments(text ?? '').map((document) => document.toJS() as Readonly<Record<string, unknown>>),
  );
  const action = documents.findLast(({ kind }) => kind === 'NetworkDefaultActionConfig')?.ingress;
  if (action !== 'block') throw new Error(`The default action is ${String(action)}.`);
  const rules = new Map(
    documents
      .filter(({ kind }) => kind === 'NetworkRuleConfig')
      .map((document) => document as unknown as Rule)
      .map((rule) => [rule.name, rule]),
  );
  const cluster = [...around.podSubnets, ...around.serviceSubnets];
  const accepted = (state: string): string =>
    [...rules.values()].flatMap((rule) => matches(rule).map((match) => `    ${state}${match} accept`)).join('\n');
  const between = families(cluster).map(([ip, list]) => `    ${ip} saddr { ${list} } ${ip} daddr { ${list} } accept`);
  const dns = families(cluster)
    .filter(([ip]) => ip === 'ip' && around.forwardKubeDNSToHost)
    .flatMap(([, list]) =>
      ['udp', 'tcp'].map((one) => `    ip saddr { ${list} } ip daddr 169.254.116.108 ${one} dport 53 accept`),
    );
  const elsewhere = families(around.own).map(([ip, list]) => `    ${ip} daddr != { ${list} } accept`);
  return `
table inet talos {
  chain ingress {
    type filter hook input priority -140; policy drop;
    iifname { "lo", "siderolink", "kubespan" } accept
    ct state { established, related } accept
    ct state invalid drop
    icmp type { timestamp-request, timestamp-reply, address-mask-request, address-mask-reply } drop
    meta l4proto icmp limit rate 5/second accept
    meta l4proto ipv6-icmp limit rate 5/second accept
${[...dns, ...between].join('\n')}
${accepted('')}
  }
  chain prerouting {
    type filter hook prerouting priority -110; policy accept;
    iifname { "lo", "siderolink", "kubespan" } accept
${elsewhere.join('\n')}
${accepted('ct state new ')}
    ct state new meta l4proto { tcp, udp } drop
  }
}
`;
}

/** Sources and ports of a rule, for each family. */
function matches({ portSelector: { ports, protocol }, ingress }: Rule): readonly string[] {
  const excepted = families(ingress.flatMap(({ except }) => except ?? []));
  return families(ingress.map(({ subnet }) => subnet)).map(([ip, list]) => {
    const without = excepted.find(([family]) => family === ip)?.[1];
    const except = without === undefined ? '' : ` ${ip} saddr != { ${without} }`;
    const source = /(^|, )(0\.0\.0\.0|::)\/0/.test(list)
      ? `meta nfproto ${ip === 'ip' ? 'ipv4' : 'ipv6'}`
      : `${ip} saddr { ${list} }`;
    return `${source}${except} ${protocol} dport { ${ports.join(', ')} }`;
  });
}

function families(networks: readonly string[]): readonly (readonly ['ip' | 'ip6', string])[] {
  const [v4, v6] = [networks.filter((one) => !one.includes(':')), networks.filter((one) => one.includes(':'))];
  return [
    ...(v4.length === 0 ? [] : [['ip', v4.join(', ')] as const]),
    ...(v6.length === 0 ? [] : [['ip6', v6.join(', ')] as const]),
  ];
}
