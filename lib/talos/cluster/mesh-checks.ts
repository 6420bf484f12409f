import type { Finding } from '../../rules/finding';
import { parseCidr } from '../../kubernetes/cidr';
import type { TalosCluster } from './cluster';
import { caution, refusal } from './refusal';
import { areDocuments } from './setting';
import { discovery } from './discovery';
import { talosHas, talosSince } from './versions';

/** What is wrong with how nodes are to find each other. */
export function discoveryFindings(talos: TalosCluster): readonly Finding[] {
  const { given, kubernetesVersion } = talos;
  if (given.discovery === undefined) return [];
  const { enabled = true, registries = {} } = given.discovery;
  const endpoint = registries.service?.endpoint;
  const findings: Finding[] = [];
  if (endpoint !== undefined && !isServiceUrl(endpoint)) {
    const message = `'${endpoint}' is no address of a discovery service.`;
    const hint = 'Write it as https://discovery.example.org/, without a path; http and grpc are taken too.';
    findings.push(refusal('discovery-endpoint', 'discovery.registries.service.endpoint', message, hint));
  }
  if (enabled && !serviceIsOn(talos) && !kubernetesIsOn(talos)) {
    const message = 'Discovery is on, and both of its registries are off: nodes find nobody.';
    findings.push(
      refusal(
        'discovery',
        ['discovery.enabled', 'discovery.registries'],
        message,
        'Turn discovery.enabled off, or a registry on.',
      ),
    );
  }
  if (enabled && kubernetesIsOn(talos)) {
    const at = 'discovery.registries.kubernetes.disabled';
    if (areDocuments(discovery, talos)) {
      findings.push(
        refusal(
          'discovery',
          at,
          'As documents there is no such registry any more.',
          'Leave it out, and use the service.',
        ),
      );
    } else if (Number(kubernetesVersion.split('.')[1]) >= 32) {
      const message = `Kubernetes ${kubernetesVersion} does not let nodes read each other: this registry finds nobody unless the feature gate AuthorizeNodeWithSelectors is off.`;
      const hint = 'Leave it out, and use the service.';
      findings.push((serviceIsOn(talos) ? caution : refusal)('discovery', [at, 'kubernetesVersion'], message, hint));
    }
  }
  if (endpoint !== undefined && !(enabled && serviceIsOn(talos))) {
    const message = 'The service has an address and is off.';
    findings.push(
      refusal('discovery', 'discovery.registries.service', message, 'Leave the address out, or turn the service on.'),
    );
  }
  return findings;
}

function serviceIsOn({ given: { discovery = {} } }: TalosCluster): boolean {
  return discovery.registries?.service?.disabled !== true;
}

function kubernetesIsOn({ given: { discovery = {} } }: TalosCluster): boolean {
  return discovery.registries?.kubernetes?.disabled === false;
}

function isServiceUrl(text: string): boolean {
  // Talos' schema asks for lower-case letters here.
  if (!/^(https?|grpc):/.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, search, hash } = new URL(text);
  return hostname !== '' && ['', '/'].includes(pathname) && search + hash === '';
}

/** What is wrong with the mesh between the nodes. */
export function kubeSpanFindings(talos: TalosCluster): readonly Finding[] {
  const { kubeSpan, talosVersion, given } = talos;
  if (kubeSpan === undefined) return [];
  const findings: Finding[] = [];
  if (!Number.isInteger(kubeSpan.mtu) || kubeSpan.mtu < 1280 || kubeSpan.mtu > 65535) {
    const message = `${String(kubeSpan.mtu)} is no MTU for KubeSpan, whose IPv6 addresses need at least 1280.`;
    findings.push(
      refusal('kubespan-mtu', 'kubeSpan.mtu', message, 'Use the MTU of the network below less 80: 1420 for 1500.'),
    );
  }
  if (kubeSpan.enabled && (given.discovery?.enabled === false || !serviceIsOn(talos))) {
    const message = 'KubeSpan learns its peers and their keys from the discovery service, which is off.';
    findings.push(
      refusal(
        'kubespan-discovery',
        ['kubeSpan.enabled', 'discovery'],
        message,
        'Turn the service on, or KubeSpan off.',
      ),
    );
  }
  const { endpoints = [], excludeAdvertisedNetworks = [] } = kubeSpan.filters ?? {};
  if (excludeAdvertisedNetworks.length > 0 && !talosHas(talosVersion, 'kubespan-exclude-advertised-networks')) {
    const since = talosSince('kubespan-exclude-advertised-networks');
    const message = `Talos ${talosVersion} does not know excludeAdvertisedNetworks and would refuse the whole config; ${since} is the first that does.`;
    const hint = `Leave it out, or name the release you run: talosVersion '${since}' or newer.`;
    findings.push(
      refusal('kubespan-exclude', ['kubeSpan.filters.excludeAdvertisedNetworks', 'talosVersion'], message, hint),
    );
  }
  const at = 'kubeSpan.filters';
  return [
    ...findings,
    ...endpoints.flatMap((text, i) => networkFindings(`${at}.endpoints[${String(i)}]`, text.replace(/^!/, ''))),
    ...excludeAdvertisedNetworks.flatMap((text, i) =>
      networkFindings(
        `${at}.excludeAdvertisedNetworks[${String(i)}]`,
        text.includes('/') ? text : `${text} without prefix`,
      ),
    ),
    ...orderFindings(endpoints),
    ...unannouncedFindings(talos, excludeAdvertisedNetworks),
  ];
}

function networkFindings(at: string, text: string): readonly Finding[] {
  if (parseCidr(text) !== undefined) return [];
  return [refusal('network', at, `'${text}' is no network.`, 'Write it as 192.168.0.0/16 or fd00::/8.')];
}

/** Talos goes through the list from nothing: what is let in comes in, what has `!` goes out again. */
function orderFindings(endpoints: readonly string[]): readonly Finding[] {
  if (!(endpoints[0]?.startsWith('!') ?? false)) return [];
  const hint =
    "Begin with what is let in: ['0.0.0.0/0', '::/0', '!…'], unless the config that is patched has such entries.";
  const message = endpoints.every((text) => text.startsWith('!'))
    ? 'Nothing is let in, so nodes offer none of their addresses.'
    : '`!` takes out what those before it let in, and before the first there is nothing.';
  return [caution('kubespan-filter-order', 'kubeSpan.filters.endpoints', message, hint)];
}

/** Pod subnets that are to be announced and not to be announced. */
function unannouncedFindings({ kubeSpan, podSubnets }: TalosCluster, excluded: readonly string[]): readonly Finding[] {
  if (kubeSpan?.advertiseKubernetesNetworks !== true) return [];
  return excluded.flatMap((text, i) => {
    const network = parseCidr(text);
    const hidden = podSubnets.filter((subnet) => {
      const pods = parseCidr(subnet);
      return (
        network !== undefined &&
        pods?.family === network.family &&
        network.first <= pods.first &&
        pods.last <= network.last
      );
    });
    if (hidden.length === 0) return [];
    const message = `Pods of ${hidden.join(' and ')} are to be reached through KubeSpan, and this keeps nodes from announcing them.`;
    const paths = [
      `kubeSpan.filters.excludeAdvertisedNetworks[${String(i)}]`,
      'kubeSpan.advertiseKubernetesNetworks',
      'podSubnets',
    ];
    return [
      refusal('kubespan-exclude-pods', paths, message, 'Leave the network out, or advertiseKubernetesNetworks off.'),
    ];
  });
}
