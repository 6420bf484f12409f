/**
 * Behaviours that came or went with a Cilium release and that no value tells apart (a value that a version does not
 * know is absent, and its key drops out by itself). Per minor the first patch that has it, or a list of
 * `[first, end)` ranges where it left again. A minor that is not named does not have it.
 * Cilium versions appear here and nowhere else.
 */
const VERSION_FEATURES = {
  /** Objects and pods carry the name and version of the chart as a label. */
  'chart-label': { '1.20': 0 },
  /** Without a value, kube-proxy replacement is what it was in the release named by `upgradeCompatibility`: `probe` or `disabled`. */
  'kube-proxy-replacement-words': { '1.18': 0 },
  /** ENI needs no IPAM mode beside it: whatever the mode says, it is `eni`. */
  'eni-forces-ipam-mode': { '1.19': 0, '1.20': 0 },
  /** Envoy asks the agent over one aggregated stream (ADS) instead of one stream per resource type. */
  'envoy-ads': { '1.20': 0 },
  /** Health and peer ports are named on the agent and probes refer to the names. */
  'agent-named-ports': { '1.19': 0, '1.20': 0 },
  /** Remote clusters are a list or a map by name, may be switched off one by one, and are sorted by name. */
  'clusters-by-name': { '1.19': 0, '1.20': 0 },
  /** Every ServiceMonitor is labelled as part of Cilium and with its name; before, only those of operator and Envoy. */
  'service-monitor-names': { '1.18': 2, '1.19': 0, '1.20': 0 },
  /** Agents still read Endpoints beside EndpointSlices. */
  'agent-watches-endpoints': { '1.18': 0, '1.19': 0 },
  /** Agents that may read the Secrets of all namespaces follow them instead of fetching one by one. */
  'agent-watches-secrets': { '1.18': 5, '1.19': 0, '1.20': 0 },
  /** The agent's own capabilities hold SYSLOG: it reads the kernel's log and pointers. */
  'agent-syslog': { '1.19': 0, '1.20': 0 },
  /** Scripts of the init containers are run by bash instead of sh. */
  'bash-in-init-containers': { '1.19': 3, '1.20': 0 },
  /** Pods may read the resource of the first BGP control plane; it went, came back, and went for good. */
  'bgp-peering-policies': { '1.18': 0, '1.19': 4 },
  /** The init container that collects the configuration is confined like the others. */
  'config-init-confined': { '1.19': 0, '1.20': 0 },
  /** The init container that collects the configuration is told the API servers. */
  'config-init-api-servers': { '1.18': 2, '1.19': 0, '1.20': 0 },
  /** With a single ConfigMap as source nothing is collected: the agent mounts it. */
  'config-without-init': { '1.19': 0, '1.20': 0 },
  /** Pods say whether they run in the host's user namespace. */
  'host-users': { '1.20': 0 },
  /** The cgroup init container takes the resources of all init containers when it has none of its own. */
  'mount-cgroup-init-resources': { '1.19': 0, '1.20': 0 },
  /** Access to the Secrets of policies is granted with the agent; before, half of it with the operator. */
  'policy-secrets-role-of-agent': { '1.18': 7, '1.19': 1, '1.20': 0 },
  /** Jobs that make certificates are plain Jobs named by a hash of their content, no longer Helm hooks. */
  'certgen-plain-jobs': { '1.19': 0, '1.20': 0 },
  /** certgen makes a new authority in time, so that it outlives the certificates it signs. */
  'certgen-lasting-authority': { '1.20': 0 },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number | readonly (readonly [number, number?])[]>>>>;

export type VersionFeature = keyof typeof VERSION_FEATURES;

/** Answers `has(feature)` for one version, `1.18.4`. */
export function versionFeatures(version: string): (feature: VersionFeature) => boolean {
  const [major, minor, patch] = version.split('.');
  const key = `${major}.${minor}`;
  const at = Number.parseInt(patch ?? '0', 10);
  return (feature) => {
    const since: number | readonly (readonly [number, number?])[] | undefined = (
      VERSION_FEATURES[feature] as Readonly<Record<string, number | readonly (readonly [number, number?])[]>>
    )[key];
    if (since === undefined) return false;
    if (typeof since === 'number') return at >= since;
    return since.some(([first, end]) => at >= first && (end === undefined || at < end));
  };
}
