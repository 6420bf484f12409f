import type { Finding } from '../findings';
import { addressFamily, parseCidr } from '../kubernetes/cidr';
import { isLabelKey, isLabelValue } from '../kubernetes/names';
import type { TalosCluster } from './cluster';
import { refusal } from './refusal';
import { subnetFindings } from './subnet-checks';
import { TALOS_MINORS, kubernetesRange, runsKubernetes, talosHas, talosMinor, talosSince } from './versions';

/** The label that Talos sets on control planes, and the only one that a patch can be sure to find there. */
export const EXCLUDE_FROM_LOAD_BALANCERS = 'node.kubernetes.io/exclude-from-external-load-balancers';

/** Every problem of a Talos cluster's facts. */
export function clusterFindings(talos: TalosCluster): readonly Finding[] {
  return [
    ...versionFindings(talos),
    ...subnetFindings(talos),
    ...kubePrismFindings(talos),
    ...hostDNSFindings(talos),
    ...serverFindings(talos),
    ...kubeSpanFindings(talos),
    ...nodeFindings(talos),
  ];
}

function versionFindings({ talosVersion, configStyle, kubernetesVersion }: TalosCluster): readonly Finding[] {
  const minor = talosMinor(talosVersion);
  if (minor === undefined) {
    const known = TALOS_MINORS.join(', ');
    return [
      refusal('version', 'talosVersion', `Talos '${talosVersion}' is not supported.`, `Use one of ${known}, or a release of it (1.12.4).`),
    ];
  }
  const findings: Finding[] = [];
  if (!['legacy', 'multidoc'].includes(configStyle)) {
    findings.push(refusal('style', 'configStyle', `'${configStyle}' is no config style.`, "Use 'legacy' or 'multidoc'."));
  }
  if (configStyle === 'multidoc' && !talosHas(talosVersion, 'kubernetes-documents')) {
    const says = `Talos ${talosVersion} does not know the documents that replace its sections; they came with ${talosSince('kubernetes-documents')}.`;
    findings.push(refusal('style', ['configStyle', 'talosVersion'], says, "Use configStyle 'legacy', or leave it out."));
  }
  if (!runsKubernetes(minor, kubernetesVersion)) {
    const { oldest, newest } = kubernetesRange(minor);
    const says = `Talos ${minor} does not run Kubernetes '${kubernetesVersion}'.`;
    findings.push(
      refusal('kubernetes-version', 'kubernetesVersion', says, `Use a version from ${oldest} to ${newest}, as 1.34 or 1.34.1.`),
    );
  }
  return findings;
}

function kubePrismFindings({ kubePrism: { port } }: TalosCluster): readonly Finding[] {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return [];
  return [
    refusal('kube-prism-port', 'kubePrism.port', `${String(port)} is no port.`, 'Use a number from 1 to 65535; Talos itself uses 7445.'),
  ];
}

function hostDNSFindings({ hostDNS }: TalosCluster): readonly Finding[] {
  if (hostDNS.enabled) return [];
  return (['forwardKubeDNSToHost', 'resolveMemberNames'] as const)
    .filter((wish) => hostDNS[wish])
    .map((wish) =>
      refusal(
        'host-dns',
        [`hostDNS.${wish}`, 'hostDNS.enabled'],
        `${wish} needs the DNS cache of the node, which is off.`,
        `Turn hostDNS.enabled on, or ${wish} off.`,
      ),
    );
}

function serverFindings({ given: { nameservers = [], timeServers = [] } }: TalosCluster): readonly Finding[] {
  return [
    ...nameservers.flatMap((server, i) =>
      addressFamily(server) !== undefined
        ? []
        : [
            refusal(
              'nameserver',
              `nameservers[${String(i)}]`,
              `'${server}' is no IP address.`,
              'Write the plain address, 1.1.1.1: no name, URL or port.',
            ),
          ],
    ),
    ...timeServers.flatMap((server, i) =>
      addressFamily(server) !== undefined || HOST_NAME.test(server)
        ? []
        : [
            refusal(
              'time-server',
              `timeServers[${String(i)}]`,
              `'${server}' is neither a host name nor an IP address.`,
              'Write it as time.cloudflare.com: no URL or port.',
            ),
          ],
    ),
    ...repeated('nameservers', nameservers),
    ...repeated('timeServers', timeServers),
  ];
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/i;

function repeated(at: string, list: readonly string[]): readonly Finding[] {
  return list.flatMap((item, i) =>
    list.indexOf(item) === i
      ? []
      : [refusal('repeated', `${at}[${String(i)}]`, `'${item}' is in the list twice.`, 'Leave one of them out.')],
  );
}

function kubeSpanFindings({ kubeSpan, talosVersion }: TalosCluster): readonly Finding[] {
  if (kubeSpan === undefined) return [];
  const findings: Finding[] = [];
  if (!Number.isInteger(kubeSpan.mtu) || kubeSpan.mtu < 1280 || kubeSpan.mtu > 65535) {
    const says = `${String(kubeSpan.mtu)} is no MTU for KubeSpan, whose IPv6 addresses need at least 1280.`;
    findings.push(refusal('kubespan-mtu', 'kubeSpan.mtu', says, 'Use the MTU of the network below less 80: 1420 for 1500.'));
  }
  const { endpoints = [], excludeAdvertisedNetworks = [] } = kubeSpan.filters ?? {};
  if (excludeAdvertisedNetworks.length > 0 && !talosHas(talosVersion, 'kubespan-exclude-advertised-networks')) {
    const since = talosSince('kubespan-exclude-advertised-networks');
    const says = `Talos ${talosVersion} does not know excludeAdvertisedNetworks and would refuse the whole config; ${since} is the first that does.`;
    const fix = `Leave it out, or name the release you run: talosVersion '${since}' or newer.`;
    findings.push(refusal('kubespan-exclude', ['kubeSpan.filters.excludeAdvertisedNetworks', 'talosVersion'], says, fix));
  }
  return [
    ...findings,
    ...endpoints.flatMap((text, i) => networkFindings(`kubeSpan.filters.endpoints[${String(i)}]`, text.replace(/^!/, ''))),
    ...excludeAdvertisedNetworks.flatMap((text, i) =>
      networkFindings(`kubeSpan.filters.excludeAdvertisedNetworks[${String(i)}]`, text.includes('/') ? text : `${text} without prefix`),
    ),
  ];
}

function networkFindings(at: string, text: string): readonly Finding[] {
  if (parseCidr(text) !== undefined) return [];
  return [refusal('network', at, `'${text}' is no network.`, 'Write it as 192.168.0.0/16 or fd00::/8.')];
}

function nodeFindings({ given: { installDisk }, nodeLabels }: TalosCluster): readonly Finding[] {
  const findings = Object.entries(nodeLabels).flatMap(([key, value]) => labelFindings(key, value));
  if (installDisk !== undefined && !/^\/dev\/[^\s"\\]+$/.test(installDisk)) {
    findings.push(
      refusal('install-disk', 'installDisk', `'${installDisk}' is no device path.`, 'Write it as /dev/sda or /dev/disk/by-id/….'),
    );
  }
  return findings;
}

function labelFindings(key: string, value: string | null): Finding[] {
  const at = `nodeLabels.${key}`;
  if (!isLabelKey(key)) {
    return [
      refusal(
        'node-label',
        at,
        `'${key}' is no label key.`,
        'Write it as name or example.org/name, at most 63 characters after the slash.',
      ),
    ];
  }
  if (value === null && key !== EXCLUDE_FROM_LOAD_BALANCERS) {
    const says = `Only ${EXCLUDE_FROM_LOAD_BALANCERS} can be taken away: Talos refuses a patch that removes a label which is not there.`;
    return [refusal('node-label', at, says, 'Leave the label out here, and remove it where it was set.')];
  }
  if (value !== null && !isLabelValue(value)) {
    return [refusal('node-label', at, `'${value}' is no label value.`, 'Use at most 63 letters, digits, dashes, dots and underscores.')];
  }
  return [];
}
