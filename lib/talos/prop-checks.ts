import type { Finding } from '../findings';
import { isMap } from '../kubernetes/json';
import { unknownProps } from '../kubernetes/known-props';
import type {
  DeviceSelectorProps,
  DiscoveryProps,
  HostDNSProps,
  KernelModuleProps,
  KubePrismProps,
  KubeSpanFilters,
  KubeSpanProps,
  NodeProps,
  PodSecurityProps,
  TalosClusterProps,
  VirtualIPProps,
} from './cluster-props';
import { refusal } from './refusal';

/** What a prop must be; nested props by their names. */
type Form =
  | 'boolean'
  | 'number'
  | 'text'
  | 'texts'
  | 'text by name'
  | 'text or null by name'
  | { readonly props: Forms }
  | { readonly listOf: Forms };
type Forms = Readonly<Record<string, Form>>;
/** Forms for all props of a type; one that is forgotten does not compile. */
type FormsOf<T> = Readonly<Record<keyof T, Form>>;

const NODE: FormsOf<NodeProps> = {
  nodeLabels: 'text or null by name',
  nodeAnnotations: 'text by name',
  nodeTaints: 'text by name',
  sysctls: 'text by name',
  sysfs: 'text by name',
  kernelModules: { listOf: { name: 'text', parameters: 'texts' } satisfies FormsOf<KernelModuleProps> },
  installDisk: 'text',
};

const KUBESPAN_FILTERS: FormsOf<KubeSpanFilters> = { endpoints: 'texts', excludeAdvertisedNetworks: 'texts' };

const KUBESPAN: FormsOf<KubeSpanProps> = {
  enabled: 'boolean',
  advertiseKubernetesNetworks: 'boolean',
  allowDownPeerBypass: 'boolean',
  harvestExtraEndpoints: 'boolean',
  mtu: 'number',
  filters: { props: KUBESPAN_FILTERS },
};

const DISCOVERY: FormsOf<DiscoveryProps> = {
  enabled: 'boolean',
  registries: {
    props: {
      service: { props: { disabled: 'boolean', endpoint: 'text' } },
      kubernetes: { props: { disabled: 'boolean' } },
    } satisfies FormsOf<NonNullable<DiscoveryProps['registries']>>,
  },
};

const DEVICE_SELECTOR: FormsOf<DeviceSelectorProps> = {
  hardwareAddr: 'text',
  permanentAddr: 'text',
  busPath: 'text',
  pciID: 'text',
  driver: 'text',
};

const CLUSTER: FormsOf<TalosClusterProps> = {
  ...NODE,
  talosVersion: 'text',
  generatedBy: 'text',
  sections: 'texts',
  kubernetesVersion: 'text',
  podSubnets: 'texts',
  serviceSubnets: 'texts',
  nodeCIDRMaskSizeIPv4: 'number',
  nodeCIDRMaskSizeIPv6: 'number',
  kubePrism: { props: { enabled: 'boolean', port: 'number' } satisfies FormsOf<KubePrismProps> },
  hostDNS: {
    props: { enabled: 'boolean', forwardKubeDNSToHost: 'boolean', resolveMemberNames: 'boolean' } satisfies FormsOf<HostDNSProps>,
  },
  nameservers: 'texts',
  timeServers: 'texts',
  kubeSpan: { props: KUBESPAN },
  discovery: { props: DISCOVERY },
  vip: {
    props: { ip: 'text', link: 'text', deviceSelector: { props: DEVICE_SELECTOR }, dhcp: 'boolean' } satisfies FormsOf<VirtualIPProps>,
  },
  allowSchedulingOnControlPlanes: 'boolean',
  podSecurity: {
    props: { enforce: 'text', audit: 'text', warn: 'text', exemptNamespaces: 'texts' } satisfies FormsOf<PodSecurityProps>,
  },
  controlPlanes: { props: NODE },
  workers: { props: NODE },
};

/** Names that are something elsewhere, or will be. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  peerEndpoints: 'KubeSpan has this filter from Talos 1.15 on, which is not supported here yet: leave it out.',
  controlPlaneNodeLabels: 'Write `controlPlanes: { nodeLabels: … }`.',
  workerNodeLabels: 'Write `workers: { nodeLabels: … }`.',
  proxy: 'Leave it out: kube-proxy goes when Cilium takes its place (kubeProxyReplacement).',
  cni: 'Leave it out: Talos brings no CNI of its own when Cilium is among the manifests.',
};

const NEEDED: Readonly<Record<string, readonly string[]>> = { '': ['talosVersion'], 'vip.': ['ip'] };

/** Props that do not exist, lack or are of another type than they must be. Others are judged only when there are none of these. */
export function propFindings(props: TalosClusterProps): readonly Finding[] {
  return propsFindings(props, CLUSTER, '');
}

function propsFindings(props: object, forms: Forms, path: string): readonly Finding[] {
  const needed = path.endsWith('].') ? ['name'] : (NEEDED[path] ?? []);
  const given = new Map(Object.entries(props));
  return [
    ...unknownProps('talos-cluster', props, Object.keys(forms), ELSEWHERE, `talos.${path}`),
    ...needed
      .filter((name) => given.get(name) === undefined)
      .map((name) => refusal('missing', `${path}${name}`, 'It is not given, and nothing can stand for it.', 'Give it.')),
    ...Object.entries(forms).flatMap(([name, form]) => formFindings(given.get(name), form, `${path}${name}`)),
  ];
}

const EXAMPLES = {
  boolean: 'Write true or false.',
  number: 'Write a number, without quotes.',
  text: 'Write text, in quotes.',
  texts: "Write a list of text: ['…'].",
  'text by name': "Write a map with text as values: { name: '1' }.",
  'text or null by name': "Write a map with text as values: { name: '1' }.",
};

function formFindings(value: unknown, form: Form, path: string): readonly Finding[] {
  if (value === undefined) return [];
  if (typeof form === 'object' && 'props' in form) {
    return isMap(value) ? propsFindings(value, form.props, `${path}.`) : [wrong(path, value, 'Write a map of settings: { … }.')];
  }
  if (typeof form === 'object') {
    if (!Array.isArray(value)) return [wrong(path, value, 'Write a list: [{ … }].')];
    return value.flatMap((item, i) => formFindings(item, { props: form.listOf }, `${path}[${String(i)}]`));
  }
  switch (form) {
    case 'boolean':
    case 'number':
      return typeof value === form ? [] : [wrong(path, value, EXAMPLES[form])];
    case 'text':
      return typeof value === 'string' ? [] : [wrong(path, value, EXAMPLES[form])];
    case 'texts':
      if (!Array.isArray(value)) return [wrong(path, value, EXAMPLES[form])];
      return value.flatMap((item, i) => formFindings(item, 'text', `${path}[${String(i)}]`));
    default:
      if (!isMap(value)) return [wrong(path, value, EXAMPLES[form])];
      return Object.entries(value).flatMap(([name, item]) =>
        item === null && form === 'text or null by name' ? [] : formFindings(item, 'text', `${path}.${name}`),
      );
  }
}

function wrong(path: string, value: unknown, fix: string): Finding {
  return refusal('type', path, `It is ${JSON.stringify(value)}.`, fix);
}
