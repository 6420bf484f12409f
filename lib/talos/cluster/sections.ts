/**
 * Sections of the v1alpha1 document that documents replace, by their paths. Talos refuses a section beside its document,
 * except for the lists of manifests, where a section silently wins (config/types/*, `V1Alpha1ConflictValidate`).
 */
export const CONFIG_SECTIONS = [
  'cluster.allowSchedulingOnControlPlanes',
  'cluster.apiServer.admissionControl',
  'cluster.controllerManager',
  'cluster.coreDNS',
  'cluster.discovery',
  'cluster.extraManifests',
  'cluster.inlineManifests',
  'cluster.network',
  'cluster.proxy',
  'machine.features.hostDNS',
  'machine.features.kubePrism',
  'machine.install',
  'machine.kubelet',
  'machine.kubelet.nodeIP',
  'machine.kubelet.registerWithFQDN',
  'machine.kubelet.skipNodeRegistration',
  'machine.network.disableSearchDomain',
  'machine.network.kubespan',
  'machine.network.nameservers',
  'machine.network.searchDomains',
  'machine.nodeAnnotations',
  'machine.nodeLabels',
  'machine.nodeTaints',
  'machine.time',
] as const;

/** A section of the v1alpha1 document, by its path. */
export type ConfigSection = (typeof CONFIG_SECTIONS)[number];
