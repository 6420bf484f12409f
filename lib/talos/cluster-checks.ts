import type { Finding } from '../findings';
import { addressFamily } from '../kubernetes/cidr';
import { isDnsLabel } from '../kubernetes/names';
import type { TalosCluster } from './cluster';
import { kernelFindings } from './kernel-checks';
import { discoveryFindings, kubeSpanFindings } from './mesh-checks';
import { nodeFindings } from './node-checks';
import { NODE_PORTS } from './node-ports';
import { caution, refusal } from './refusal';
import { subnetFindings } from './subnet-checks';
import { TALOS_MINORS, kubernetesRange, runsKubernetes, talosHas, talosMinor, talosSince } from './versions';
import { vipFindings } from './vip-checks';

/** Every problem of a Talos cluster's facts, and what is worth a second look. */
export function clusterFindings(talos: TalosCluster): readonly Finding[] {
  return [
    ...versionFindings(talos),
    ...subnetFindings(talos),
    ...kubePrismFindings(talos),
    ...hostDNSFindings(talos),
    ...serverFindings(talos),
    ...vipFindings(talos),
    ...discoveryFindings(talos),
    ...kubeSpanFindings(talos),
    ...podSecurityFindings(talos),
    ...nodeFindings(talos),
    ...kernelFindings(talos),
  ];
}

/** The warnings among them; a patch tells them. */
export function clusterCautions(talos: TalosCluster): readonly Finding[] {
  return clusterFindings(talos).filter(({ level }) => level === 'warning');
}

function versionFindings({ talosVersion, configStyle, kubernetesVersion }: TalosCluster): readonly Finding[] {
  const findings: Finding[] = [];
  if (!['legacy', 'multidoc'].includes(configStyle)) {
    findings.push(refusal('style', 'configStyle', `'${configStyle}' is no config style.`, "Use 'legacy' or 'multidoc'."));
  }
  const minor = talosMinor(talosVersion);
  if (minor === undefined) {
    const bare = String(talosVersion).replace(/^v/, '');
    const fix = talosMinor(bare) === undefined ? `Use one of ${TALOS_MINORS.join(', ')}, or a release of it (1.12.4).` : `Write ${bare}.`;
    return [...findings, refusal('version', 'talosVersion', `Talos '${talosVersion}' is not supported.`, fix)];
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

/** TCP ports on which Cilium's pods listen in the network of the node, whatever its values are. */
const CILIUM_PORTS: readonly number[] = [4240, 9234, 9890, 9891];
/** The same where values can choose another. */
const USUAL_CILIUM_PORTS: readonly number[] = [4244, 4250, 9878, 9879, 9901, 9962, 9963, 9964, 9965];

function kubePrismFindings({ kubePrism: { enabled, port } }: TalosCluster): readonly Finding[] {
  const at = 'kubePrism.port';
  const fix = 'Use a free number from 1 to 65535; Talos itself uses 7445.';
  if (!Number.isInteger(port) || port < 1 || port > 65535) return [refusal('kube-prism-port', at, `${String(port)} is no port.`, fix)];
  if (!enabled) return [];
  const taken = NODE_PORTS.find((one) => one.port === port && one.protocol === 'TCP')?.who;
  const who = CILIUM_PORTS.includes(port) ? 'Cilium' : taken;
  if (who !== undefined) return [refusal('kube-prism-port', at, `On port ${String(port)} of the nodes listens ${who}.`, fix)];
  if (!USUAL_CILIUM_PORTS.includes(port)) return [];
  return [caution('kube-prism-port', at, `On port ${String(port)} of the nodes Cilium listens, unless its values say otherwise.`, fix)];
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
      addressFamily(server.replace(ZONE, '')) !== undefined
        ? []
        : [
            refusal(
              'nameserver',
              `nameservers[${String(i)}]`,
              `'${server}' is no IP address.`,
              'Write the plain address, 1.1.1.1 or fe80::1%eth0: no name, URL or port.',
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

/** The link by which an IPv6 address is reached: `fe80::1%eth0`. */
const ZONE = /(?<=:.*)%[^\s%/]+$/;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/i;

function repeated(at: string, list: readonly string[]): readonly Finding[] {
  return list.flatMap((item, i) =>
    list.indexOf(item) === i
      ? []
      : [refusal('repeated', `${at}[${String(i)}]`, `'${item}' is in the list twice.`, 'Leave one of them out.')],
  );
}

const LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted'];

function podSecurityFindings({ podSecurity, given }: TalosCluster): readonly Finding[] {
  const spaces = given.podSecurity?.exemptNamespaces ?? [];
  const at = 'podSecurity.exemptNamespaces';
  return [
    ...(['enforce', 'audit', 'warn'] as const)
      .filter((mode) => !LEVELS.includes(podSecurity[mode]))
      .map((mode) =>
        refusal('pod-security', `podSecurity.${mode}`, `'${podSecurity[mode]}' is no level.`, `Use one of ${LEVELS.join(', ')}.`),
      ),
    ...spaces.flatMap((name, i) =>
      isDnsLabel(name) ? [] : [refusal('pod-security', `${at}[${String(i)}]`, `'${name}' is no name of a namespace.`, 'Write it as demo.')],
    ),
    // kube-apiserver does not start with a name that is there twice.
    ...repeated(at, spaces),
    ...spaces.flatMap((name, i) =>
      name === 'kube-system' ? [refusal('repeated', `${at}[${String(i)}]`, 'kube-system is exempt in any case.', 'Leave it out.')] : [],
    ),
  ];
}
