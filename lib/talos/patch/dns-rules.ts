import { addressText, networkOf, parseCidr } from '../../kubernetes/cidr';
import { mapOf } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { clusterDnsOf } from '../cluster/core-dns';
import type { TalosPatchRule } from './rule';
import type { PatchService, PatchSubject } from './subject';

const DNS_PORT = 53;
/** Kubelets use this address of each service subnet for DNS. */
const DNS_INDEX = 10n;
/** Objects by which something else installs what they name. */
const INSTALLERS: readonly string[] = ['Application', 'ApplicationSet', 'HelmChart', 'HelmRelease', 'Kustomization'];

const OFF = { coreDNS: { enabled: false } };
const SETTINGS: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
};
const dnsService = (clusterIP: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kube-dns', namespace: 'kube-system' },
  spec: { clusterIP, selector: { 'k8s-app': 'coredns' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
});

/** Rules about the DNS server of a cluster where Talos deploys none. */
export const DNS_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/no-dns',
    level: 'warning',
    find: (subject) =>
      isOff(subject) &&
      clusterDnsOf(subject.talos.given.coreDNS) === undefined &&
      subject.objects.length > 0 &&
      !mayHaveDns(subject) &&
      problem(
        'talos.coreDNS.enabled',
        `Talos deploys no CoreDNS, and no object of the patch serves DNS: pods resolve no name until a DNS server has the address ${dnsAddresses(subject)[0] ?? ''}.`,
        'Add a DNS server to the manifests; where it is installed by other means, describe its pods by coreDNS.podLabels.',
      ),
    docs: 'https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubecorednsconfig',
    examples: {
      bad: { talos: OFF, objects: [SETTINGS] },
      good: {
        talos: { coreDNS: { enabled: false, podLabels: { 'k8s-app': 'coredns' } } },
        objects: [SETTINGS],
      },
    },
  },
  {
    id: 'talos-patch/dns-address',
    level: 'warning',
    find: foreignDnsAddresses,
    examples: {
      bad: { talos: OFF, objects: [dnsService('10.96.0.53')] },
      good: { talos: OFF, objects: [dnsService('10.96.0.10')] },
    },
  },
];

function isOff({ talos }: PatchSubject): boolean {
  return talos.given.coreDNS?.enabled === false;
}

function mayHaveDns({ objects, services, pods, externalManifests }: PatchSubject): boolean {
  return (
    externalManifests.length > 0 ||
    services.some(servesDns) ||
    pods.some(({ ports }) => ports.some(({ port }) => port.containerPort === DNS_PORT)) ||
    objects.some(({ object: { kind } }) => INSTALLERS.includes(kind))
  );
}

function servesDns({ ports }: PatchService): boolean {
  return ports.some(({ port }) => port === DNS_PORT);
}

/** The addresses that kubelets give to pods as their DNS server, one of each service subnet. */
function dnsAddresses({ talos: { serviceSubnets } }: PatchSubject): readonly string[] {
  return serviceSubnets.flatMap((text) => {
    const network = networkOf(text);
    return network === undefined ? [] : [addressText(network.family, network.first + DNS_INDEX)];
  });
}

/** Services of the cluster's DNS with an address that kubelets do not use. */
function foreignDnsAddresses(subject: PatchSubject): readonly Problem[] {
  if (!isOff(subject)) return [];
  const addresses = dnsAddresses(subject);
  const known = new Set(addresses.map((text) => parseCidr(text)?.network));
  const own = subject.services.filter((service) => servesDns(service) && isOfCluster(service, subject));
  if (own.some(({ clusterIPs }) => clusterIPs.some((text) => known.has(parseCidr(text)?.network)))) return [];
  return own.map(({ at }) =>
    problem(
      [`${at}: spec.clusterIP`, 'talos.serviceSubnets'],
      `Kubelets give pods ${addresses.join(' and ')} as their DNS server, which is not an address of this Service.`,
      `Set clusterIP to ${addresses[0] ?? ''}, or clusterDNS of the kubelets to an address of the Service.`,
    ),
  );
}

/** Whether a Service is for the pods of the cluster's DNS, or has the name of the usual one. */
function isOfCluster({ object: { metadata, spec } }: PatchService, { talos }: PatchSubject): boolean {
  const { name, namespace } = metadata;
  if (namespace === 'kube-system' && ['kube-dns', 'coredns'].includes(name)) return true;
  const dns = clusterDnsOf(talos.given.coreDNS);
  const selector = Object.entries(mapOf(mapOf(spec).selector));
  return (
    dns !== undefined &&
    dns.namespace === namespace &&
    selector.length > 0 &&
    selector.every(([key, value]) => dns.labels[key] === value)
  );
}
