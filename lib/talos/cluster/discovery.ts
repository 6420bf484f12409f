import { boolean, props, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { GONE, areDocuments, document } from './setting';
import type { ClusterRule, ClusterWith, Placement, Setting } from './setting';

/** How nodes find each other. Documents have the service only. */
export interface DiscoveryProps {
  /** @default true */
  readonly enabled?: boolean;
  readonly registries?: {
    /** A service outside the cluster, which sees only encrypted data. */
    readonly service?: {
      /** @default false */
      readonly disabled?: boolean;
      /** `https://discovery.example.org/`, without a path; `http` and `grpc` are valid too. @default https://discovery.talos.dev/ */
      readonly endpoint?: string;
    };
    /** Annotations on Node objects; before Kubernetes 1.32 only. */
    readonly kubernetes?: {
      /** @default true */
      readonly disabled?: boolean;
    };
  };
}

type Registries = NonNullable<DiscoveryProps['registries']>;

export interface DiscoverySetting {
  /** @default - on, with the service that Sidero Labs runs */
  readonly discovery?: DiscoveryProps;
}

type DiscoveryCluster = ClusterWith<DiscoverySetting>;

/** The discovery service that generated configs use. */
const PUBLIC_SERVICE = 'https://discovery.talos.dev/';

const PLACEMENT: Placement = { since: '1.14', generatedSince: '1.14', sections: ['cluster.discovery'] };

const KUBERNETES_REGISTRY = 'talos.discovery.registries.kubernetes.disabled';
const USE_THE_SERVICE = 'Leave it out, and use the service.';

const RULES: readonly ClusterRule<DiscoveryCluster>[] = [
  {
    id: 'talos-cluster/discovery-endpoint',
    level: 'error',
    find: (talos) => {
      const endpoint = endpointOf(talos);
      if (endpoint === undefined || isServiceUrl(endpoint)) return [];
      const message = `'${endpoint}' is not the URL of a discovery service.`;
      const hint = 'Write it as https://discovery.example.org/, without a path; http and grpc are valid too.';
      return problem('talos.discovery.registries.service.endpoint', message, hint);
    },
    examples: {
      bad: { discovery: { registries: { service: { endpoint: 'discovery.example.org' } } } },
      good: { discovery: { registries: { service: { endpoint: 'https://discovery.example.org/' } } } },
    },
  },
  {
    id: 'talos-cluster/discovery',
    level: (talos) => (isBlind(talos) && isServiceOn(talos) ? 'warning' : 'error'),
    find: (talos) => [...registryProblems(talos), ...unusedEndpointProblems(talos)],
    examples: {
      bad: { discovery: { registries: { service: { disabled: true } } } },
      good: { discovery: { enabled: false } },
    },
  },
];

/**
 * How nodes find each other. Documents have the service only, and "off" deletes its document, and the section, which can be deleted from
 * any config.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/cluster/discoveryserviceconfig
 */
export const discovery: Setting<DiscoverySetting> = {
  ...PLACEMENT,
  name: 'discovery',
  shape: {
    discovery: props<DiscoveryProps>({
      enabled: boolean,
      registries: props<Registries>({
        service: props<NonNullable<Registries['service']>>({ disabled: boolean, endpoint: text }),
        kubernetes: props<NonNullable<Registries['kubernetes']>>({ disabled: boolean }),
      }),
    }),
  },
  wanted: ({ talos }) => talos.given.discovery !== undefined,
  section: ({ talos: { given } }) => {
    const { enabled = true, registries } = given.discovery ?? {};
    // In a section without this registry Talos switches it on.
    const isWritten = !enabled || registries?.kubernetes?.disabled !== undefined;
    const written = isWritten ? registries : { ...registries, kubernetes: { disabled: true } };
    return [{ output: 'all', document: { cluster: { discovery: { enabled, registries: written } } } }];
  },
  documents: ({ talos }) => {
    const isOn = talos.given.discovery?.enabled !== false && isServiceOn(talos);
    const fields = isOn ? { endpoint: endpointOf(talos) ?? PUBLIC_SERVICE } : GONE;
    return [
      ...(isOn ? [] : [{ output: 'all', place: 'first', document: { cluster: { discovery: GONE } } } as const]),
      { output: 'all', document: document('DiscoveryServiceConfig', { name: 'default', ...fields }) },
    ];
  },
  rules: RULES,
};

/** Whether the discovery service is on, as far as its registry is concerned. */
export function isServiceOn({ given }: DiscoveryCluster): boolean {
  return given.discovery?.registries?.service?.disabled !== true;
}

function endpointOf({ given }: DiscoveryCluster): string | undefined {
  return given.discovery?.registries?.service?.endpoint;
}

/** Whether the registry of Kubernetes is on. */
function usesKubernetes({ given: { discovery: { enabled = true, registries } = {} } }: DiscoveryCluster): boolean {
  return enabled && registries?.kubernetes?.disabled === false;
}

/** Whether the registry of Kubernetes is on, and nodes may not read it. */
function isBlind(talos: DiscoveryCluster): boolean {
  const minor = Number(talos.kubernetesVersion.split('.')[1]);
  return usesKubernetes(talos) && !areDocuments(PLACEMENT, talos) && minor >= 32;
}

function registryProblems(talos: DiscoveryCluster): readonly Problem[] {
  const { given, kubernetesVersion } = talos;
  if (given.discovery === undefined || given.discovery.enabled === false) return [];
  if (!usesKubernetes(talos)) {
    if (isServiceOn(talos)) return [];
    const message = 'Discovery is on, and both of its registries are off: nodes cannot discover each other.';
    const hint = 'Turn discovery.enabled off, or a registry on.';
    return [problem(['talos.discovery.enabled', 'talos.discovery.registries'], message, hint)];
  }
  if (areDocuments(PLACEMENT, talos)) {
    const message = 'The Kubernetes registry does not exist in multi-document config.';
    return [problem(KUBERNETES_REGISTRY, message, USE_THE_SERVICE)];
  }
  if (!isBlind(talos)) return [];
  const message = `Kubernetes ${kubernetesVersion} does not let nodes read each other: this registry finds no node unless the feature gate AuthorizeNodeWithSelectors is off.`;
  return [problem([KUBERNETES_REGISTRY, 'talos.kubernetesVersion'], message, USE_THE_SERVICE)];
}

function unusedEndpointProblems(talos: DiscoveryCluster): readonly Problem[] {
  if (endpointOf(talos) === undefined || (talos.given.discovery?.enabled !== false && isServiceOn(talos))) return [];
  const message = 'The service has an endpoint and is off.';
  return [problem('talos.discovery.registries.service', message, 'Leave the endpoint out, or turn the service on.')];
}

function isServiceUrl(endpoint: string): boolean {
  // Talos' schema requires lower-case letters here.
  if (!/^(https?|grpc):/.test(endpoint) || !URL.canParse(endpoint)) return false;
  const { hostname, pathname, search, hash } = new URL(endpoint);
  return hostname !== '' && ['', '/'].includes(pathname) && search + hash === '';
}
