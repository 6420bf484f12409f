import { KNOWN_FAULTS } from '../lib/cilium/known-faults';
import type { KnownFault } from '../lib/cilium/known-faults/fault';
import { RELEASES, isAffected, minorOf } from '../lib/cilium/known-faults/releases';
import type { Affected, Release } from '../lib/cilium/known-faults/releases';
import { rulePage } from '../lib/rules/homepage';

const FAULTS = `# Known faults of Cilium releases

Generated from the data in \`lib/cilium/known-faults/\` (\`npm run docs\`). A fault is reported only where the values, the Talos cluster or the objects of
the app meet its condition: follow its link for the condition, an example and the way to avoid it. It can be accepted like any warning:
\`acknowledge: { '<id>': 'reason' }\`.

A range begins with the first release that has the fault, or the oldest for which upstream's issue or source shows it. Without an end, no known
release of the minor mends it. [Upgrading Cilium](upgrading-cilium.md) lists what each step mends.
`;

const UPGRADING = `# Upgrading Cilium

Upgrade one minor at a time, and to its newest patch first. [Upstream's guide](https://docs.cilium.io/en/stable/operations/upgrade/) has the order
of a step; [life-cycle.md](life-cycle.md) has the commands for manifests in a Talos patch. The tables list what a step mends and what it brings:
a step from A to B mends all rows after A up to B. They are generated from [known faults](known-faults.md) (\`npm run docs\`). Each fault counts
only for clusters that meet its condition; \`app.synth()\` reports those that yours meets.
[Renovate](renovate.md) can propose each new release.

## Look first

**Before 1.19**

- **Addresses of nodes in pools**: from 1.19 on, a node drops all that arrives at the address of a LoadBalancer Service on other ports. A pool with the
  address of a node makes that node unreachable ([cilium#44901](https://github.com/cilium/cilium/issues/44901)).
- **Listeners that share a port** (1.19.6): an HTTPS listener and one that passes TLS through are conflicted when their hostnames overlap, also \`*.example.org\`
  and \`db.example.org\` ([cilium#48092](https://github.com/cilium/cilium/issues/48092)).
- **certgen's Jobs of 1.18** keep their name, and the API server rejects a changed pod template: delete them first. From 1.19 on their names contain a hash.

**Before 1.20**

- **The end of \`cilium-ca\`**: certgen of 1.20 refuses to sign a certificate that outlasts the CA, and does not renew the CA
  ([certgen#500](https://github.com/cilium/certgen/issues/500)). Its certificates are valid for a year, so its Jobs fail where the CA has less than a year left:
  \`kubectl --namespace kube-system get secret cilium-ca --output jsonpath='{.data.ca\\.crt}' | base64 --decode | openssl x509 -noout -enddate\`.
  [Replace the CA](certificates.md#replace-the-ca) before the upgrade, or set \`certgen.enforceCAValidityThroughoutLeavesDuration: false\`. A \`certValidityDuration\` of 1095 days, the default of
  the mesh in 1.18 and 1.19, fails with every CA of three years.
- **Clusters that began with 1.15 or older**: 1.20.0 and 1.20.1 cannot update the definition of CiliumNodeConfig, of which \`v2alpha1\` objects were stored; use 1.20.2
  ([cilium#48087](https://github.com/cilium/cilium/pull/48087)).
- **Going back to 1.19** leaves the ValidatingAdmissionPolicy \`gateway.cilium.io\` and its binding, which still act on Gateways: delete both.
`;

/** Pages about known faults, by path. */
export function knownFaultsPages(): Readonly<Record<string, string>> {
  return { 'docs/known-faults.md': faultsPage(), 'docs/upgrading-cilium.md': upgradingPage() };
}

type Fault = KnownFault<never>;

/** The minors, oldest first. */
const MINORS = [...new Set(RELEASES.map(minorOf))];

function faultsPage(): string {
  const rows = KNOWN_FAULTS.map(
    (fault) =>
      `| ${linkTo(fault)} | ${MINORS.map((minor) => rangesOf(fault.affected, minor)).join(' | ')} | [${sourceName(fault.source)}](${fault.source}) |`,
  );
  const head = `| fault | ${MINORS.join(' | ')} | source |\n| --- | ${MINORS.map(() => '---').join(' | ')} | --- |`;
  return `${FAULTS}\n${String(KNOWN_FAULTS.length)} faults.\n\n${head}\n${rows.join('\n')}\n`;
}

function linkTo({ id, title }: Fault): string {
  return `[${title}](${rulePage(id).replace('docs/', '')})`;
}

function rangesOf(affected: readonly Affected[], minor: string): string {
  return affected
    .filter(({ from }) => minorOf(from) === minor)
    .map(({ from, until }) => (until === undefined ? `from ${from}` : from === until ? from : `${from} to ${until}`))
    .join(', ');
}

function sourceName(source: string): string {
  return source
    .replace('https://github.com/', '')
    .replace(/^cilium\/cilium\/(?:issues\/|security\/advisories\/)(\d*)/, (_, number: string) =>
      number === '' ? '' : `cilium#${number}`,
    );
}

function upgradingPage(): string {
  const sections = MINORS.map((minor) => {
    const rows = RELEASES.filter((release) => minorOf(release) === minor).flatMap((release) => {
      const before = RELEASES[RELEASES.indexOf(release) - 1];
      if (before === undefined) return [];
      const [mends, brings] = [changed(before, release), changed(release, before)];
      return mends.length + brings.length === 0
        ? []
        : [`| ${release} | ${mends.map(linkTo).join('<br>')} | ${brings.map(linkTo).join('<br>')} |`];
    });
    const previous = MINORS[MINORS.indexOf(minor) - 1];
    const note = previous === undefined ? '' : `\n${minor}.0 is compared with the newest release of ${previous}.\n`;
    return `## ${minor}\n${note}\n| to | mends | brings |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `${UPGRADING}\n${sections.join('\n')}`;
}

/** The faults that one release has and another does not; without those of kernels, which no step mends. */
function changed(having: Release, without: Release): readonly Fault[] {
  return KNOWN_FAULTS.filter(
    ({ affected, isMendedElsewhere }) =>
      !isMendedElsewhere && isAffected(affected, having) && !isAffected(affected, without),
  );
}
