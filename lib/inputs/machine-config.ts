/** Reads Talos machine configs, whole ones and patches, into what `TalosCluster` takes. */
import { readDocuments } from '../helm/yaml-values';
import type { Json, JsonObject } from '../kubernetes/json';
import { isMap, mapOf, mapsIn, valueAt } from '../kubernetes/json';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import type { ReadingRule } from '../rules/rule';
import { TalosCluster } from '../talos/cluster/cluster';
import type { TalosClusterProps } from '../talos/cluster/cluster';
import { CONTROL_PLANE } from '../talos/cluster/node-config';
import type { TalosVersion } from '../talos/cluster/versions';
import { describePlace, findPlace, placesIn } from './places';
import type { Place, PlacedFinding, Places } from './places';
import type { InstalledByTalos } from './machine-config-rules';
import type { InputText } from './document';

/** A Talos cluster that was read, with the places of its props. */
export interface TalosInput {
  readonly talos: TalosCluster;
  /** The place of a path such as `talos.podSubnets[0]`. */
  readonly placeOf: (path: string) => Place | undefined;
  /** What Talos installs by itself. */
  readonly installed?: InstalledByTalos;
  /** Whether a config writes a path of the v1alpha1 document, `machine.network.kubespan`. */
  readonly writes?: (path: string) => boolean;
  /** Only the version is known: everything else is as `talosctl gen config` writes it. */
  readonly isAssumed?: boolean;
}

const EXAMPLE = 'machine:\n  install:\n    image: ghcr.io/siderolabs/installer:v1.13.0\n';

/** The findings that reading a machine config makes; the examples are its text. */
export const MACHINE_CONFIG_FINDINGS: readonly ReadingRule<unknown, string>[] = [
  { id: 'machine-config/form', level: 'error', examples: { bad: 'kind: Service\n', good: EXAMPLE } },
  { id: 'machine-config/syntax', level: 'error', examples: { bad: `${EXAMPLE}  type: [worker\n`, good: EXAMPLE } },
  { id: 'machine-config/version', level: 'error', examples: { bad: 'machine:\n  type: worker\n', good: EXAMPLE } },
];

/** A document of a machine config. */
interface ConfigDocument {
  readonly data: JsonObject;
  readonly places: Places;
}

interface Config {
  readonly name: string;
  readonly documents: readonly ConfigDocument[];
  /** A whole config, in which what is absent is off; otherwise a patch, in which it is as generated. */
  readonly isWhole: boolean;
  readonly role: 'controlPlanes' | 'workers' | undefined;
}

/** Where a prop is written. */
interface Source {
  readonly prop: string;
  /** The path in the v1alpha1 document. */
  readonly section?: string;
  /** The kind of a document, and the path in it. */
  readonly document?: readonly [kind: string, path: string];
  readonly as?: (value: Json) => Json | undefined;
  /** Of the nodes of the config's role. */
  readonly ofNodes?: true;
  /** In a whole config without it. */
  readonly absent?: Json;
}

const toNumber = (value: Json): Json | undefined => (/^\d+$/.test(String(value)) ? Number(value) : undefined);
const fieldsOf =
  (...names: readonly string[]) =>
  (value: Json): Json =>
    Object.fromEntries(Object.entries(mapOf(value)).filter(([name]) => names.includes(name)));

const MASK = 'cluster.controllerManager.extraArgs.node-cidr-mask-size-ipv';
const OFF = { enabled: false };

const SOURCES: readonly Source[] = [
  { prop: 'podSubnets', section: 'cluster.network.podSubnets', document: ['KubeNetworkConfig', 'podSubnets'] },
  {
    prop: 'serviceSubnets',
    section: 'cluster.network.serviceSubnets',
    document: ['KubeNetworkConfig', 'serviceSubnets'],
  },
  { prop: 'dnsDomain', section: 'cluster.network.dnsDomain', document: ['KubeNetworkConfig', 'dnsDomain'] },
  {
    prop: 'nodeCIDRMaskSizeIPv4',
    section: `${MASK}4`,
    document: ['KubeNetworkConfig', 'nodeCIDRMaskSizeIPv4'],
    as: toNumber,
  },
  {
    prop: 'nodeCIDRMaskSizeIPv6',
    section: `${MASK}6`,
    document: ['KubeNetworkConfig', 'nodeCIDRMaskSizeIPv6'],
    as: toNumber,
  },
  { prop: 'allowSchedulingOnControlPlanes', section: 'cluster.allowSchedulingOnControlPlanes' },
  {
    prop: 'coreDNS',
    section: 'cluster.coreDNS',
    as: (value) => {
      const { disabled } = mapOf(value);
      return typeof disabled === 'boolean' ? { enabled: !disabled } : undefined;
    },
  },
  { prop: 'coreDNS', document: ['KubeCoreDNSConfig', ''], as: fieldsOf('enabled') },
  {
    prop: 'hostDNS',
    section: 'machine.features.hostDNS',
    document: ['ResolverConfig', 'hostDNS'],
    as: (value) => ({
      // A section that does not write a field has it off.
      enabled: false,
      forwardKubeDNSToHost: false,
      ...mapOf(fieldsOf('enabled', 'forwardKubeDNSToHost', 'resolveMemberNames')(value)),
    }),
    absent: { enabled: false, forwardKubeDNSToHost: false },
  },
  {
    prop: 'kubePrism',
    section: 'machine.features.kubePrism',
    as: (value) => ({ enabled: false, ...mapOf(fieldsOf('enabled', 'port')(value)) }),
    absent: OFF,
  },
  {
    prop: 'kubePrism',
    document: ['KubePrismConfig', ''],
    as: (value) => ({ enabled: true, ...mapOf(fieldsOf('port')(value)) }),
  },
  {
    prop: 'kubeSpan',
    section: 'machine.network.kubespan',
    document: ['KubeSpanConfig', ''],
    as: (value) => ({
      enabled: false,
      ...mapOf(
        fieldsOf(
          'enabled',
          'advertiseKubernetesNetworks',
          'allowDownPeerBypass',
          'harvestExtraEndpoints',
          'mtu',
          'filters',
        )(value),
      ),
    }),
  },
  { prop: 'nodeLabels', section: 'machine.nodeLabels', document: ['KubeNodeConfig', 'labels'], ofNodes: true },
  { prop: 'nodeTaints', section: 'machine.nodeTaints', document: ['KubeNodeConfig', 'taints'], ofNodes: true },
  {
    prop: 'nodeIP',
    section: 'machine.kubelet.nodeIP',
    document: ['KubeNodeConfig', 'nodeIP'],
    as: (value) => (isMap(value) && value.validSubnets !== undefined ? fieldsOf('validSubnets')(value) : undefined),
    ofNodes: true,
  },
  {
    prop: 'maxPods',
    section: 'machine.kubelet.extraConfig.maxPods',
    document: ['KubeletConfig', 'config.maxPods'],
    as: toNumber,
    ofNodes: true,
  },
];

/**
 * Reads machine configs of one cluster: that of control planes, that of workers, patches.
 * @param talosVersion of the option; otherwise that of the image that the config installs.
 * @throws CiliumError with the place of every mistake. No message quotes the text, which may hold secrets.
 */
export function readMachineConfigs(texts: readonly InputText[], talosVersion: string | undefined): TalosInput {
  const configs = texts.map(readConfig);
  const places = new Map<string, Places>();
  const props: Record<string, unknown> = {};
  const set = (prop: string, value: unknown, place: Places | undefined): void => {
    const [first = '', second] = prop.split('.');
    if (second === undefined) props[first] = value;
    else props[first] = { ...(props[first] as object | undefined), [second]: value };
    if (place !== undefined) places.set(prop, place);
  };
  for (const config of configs) {
    for (const source of SOURCES) readProp(config, source, set);
    readMore(config, set);
  }
  const version = talosVersion ?? (props.talosVersion as string | undefined);
  const installed = Object.assign({}, ...configs.map((config) => installedBy(config, places))) as InstalledByTalos;
  const placeOf = (path: string): Place | undefined => placeOfProp(places, path);
  if (version === undefined) throw withoutVersion(configs[0]?.name ?? '');
  return {
    talos: clusterOf({ ...props, talosVersion: version as TalosVersion } as TalosClusterProps, placeOf),
    placeOf,
    installed,
    writes: (path) =>
      configs.some(({ documents }) =>
        documents.some(({ data }) => data.kind === undefined && isWritten(data, path.split('.'))),
      ),
  };
}

/** Whether there is a value at a path; `interfaces[]` is any item of a list. */
function isWritten(value: Json | undefined, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return value !== undefined && value !== null;
  const inside = mapOf(value)[step.replace('[]', '')];
  return step.endsWith('[]') ? mapsIn(inside).some((item) => isWritten(item, rest)) : isWritten(inside, rest);
}

/** The CNI and kube-proxy of control planes: in a whole config also what is not written. */
function installedBy({ documents, isWhole, role }: Config, places: Map<string, Places>): InstalledByTalos {
  if (role === 'workers') return {};
  const main = documents.find(({ data }) => data.kind === undefined);
  const ofKind = (kind: string): ConfigDocument | undefined => documents.find(({ data }) => data.kind === kind);
  const [cni, proxy] = ['cluster.network.cni.name', 'cluster.proxy.disabled'] as const;
  for (const path of [cni, proxy]) if (main !== undefined) places.set(path, at(main.places, path));
  const flannel = ofKind('KubeFlannelCNIConfig');
  const proxyDocument = ofKind('KubeProxyConfig');
  const isOfSections = !documents.some(({ data }) => /^Kube\w+Config$/.test(String(data.kind)));
  const name = valueAt(main?.data, cni);
  const disabled = valueAt(main?.data, proxy);
  const written = {
    cni: typeof name === 'string' ? name : flannel === undefined ? undefined : 'flannel',
    hasKubeProxy:
      typeof disabled === 'boolean'
        ? !disabled
        : proxyDocument === undefined
          ? undefined
          : proxyDocument.data.enabled !== false,
  };
  const generated = isWhole && isOfSections ? { cni: 'flannel', hasKubeProxy: true } : {};
  return { ...generated, ...Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)) };
}

/** A cluster, or its findings with their places. @throws CiliumError */
export function clusterOf(props: TalosClusterProps, placeOf: (path: string) => Place | undefined): TalosCluster {
  try {
    return new TalosCluster(props);
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    throw new CiliumError(
      error.findings.map((finding): PlacedFinding => ({ ...finding, place: placeOf(finding.paths[0] ?? '') })),
      error.subject,
    );
  }
}

type SetProp = (prop: string, value: unknown, place: Places | undefined) => void;

function readProp({ documents, isWhole, role }: Config, source: Source, set: SetProp): void {
  const { prop, section, document: [kind, inside] = [], as = (value) => value, ofNodes, absent } = source;
  const name = ofNodes && role !== undefined ? `${role}.${prop}` : prop;
  const found = documents.flatMap(({ data, places }) => {
    const path = data.kind === undefined ? section : data.kind === kind ? inside : undefined;
    if (path === undefined) return [];
    const value = path === '' ? data : valueAt(data, path);
    const read = value === undefined || value === null ? undefined : as(value);
    return read === undefined ? [] : [{ read, place: path === '' ? places : at(places, path) }];
  });
  const last = found.at(-1);
  if (last !== undefined) set(name, last.read, last.place);
  else if (absent !== undefined && isWhole) {
    const documentsOfProp = SOURCES.filter((one) => one.prop === prop).flatMap((one) => one.document?.[0] ?? []);
    if (!documents.some(({ data }) => documentsOfProp.includes(String(data.kind)))) set(name, absent, undefined);
  }
}

/** Props that are not written in one place. */
function readMore({ documents, role }: Config, set: SetProp): void {
  for (const { data, places } of documents) {
    if (data.kind === undefined) readSections(data, places, set);
    if (data.kind === 'Layer2VIPConfig')
      set('vip', { ip: data.name, ...fieldsOfMap(data, 'link') }, at(places, 'name'));
    if (data.kind === 'KubeAdmissionControlConfig' && data.name === 'PodSecurity')
      set('podSecurity', podSecurity(data.configuration), at(places, 'configuration'));
    if (data.kind === 'KubeNodeConfig' && role === 'controlPlanes')
      set('allowSchedulingOnControlPlanes', !Object.hasOwn(mapOf(data.taints), CONTROL_PLANE), at(places, 'taints'));
  }
}

function readSections(data: JsonObject, places: Places, set: SetProp): void {
  const install = valueAt(data, 'machine.install.image');
  const talosVersion = tagOf(install);
  if (talosVersion !== undefined) set('talosVersion', talosVersion, at(places, 'machine.install.image'));
  const kubernetesVersion = tagOf(valueAt(data, 'machine.kubelet.image'));
  if (kubernetesVersion !== undefined) set('kubernetesVersion', kubernetesVersion, at(places, 'machine.kubelet.image'));
  const plugins = valueAt(data, 'cluster.apiServer.admissionControl');
  const plugin = mapsIn(plugins).find(({ name }) => name === 'PodSecurity');
  if (plugin !== undefined)
    set('podSecurity', podSecurity(plugin.configuration), at(places, 'cluster.apiServer.admissionControl'));
  const device = mapsIn(valueAt(data, 'machine.network.interfaces')).find(
    ({ vip }) => isMap(vip) && vip.ip !== undefined,
  );
  if (device !== undefined)
    set(
      'vip',
      { ...fieldsOfMap(device.vip, 'ip'), link: device.interface, deviceSelector: device.deviceSelector },
      at(places, 'machine.network.interfaces'),
    );
}

function fieldsOfMap(value: Json | undefined, ...names: readonly string[]): JsonObject {
  return mapOf(fieldsOf(...names)(value ?? {}));
}

function podSecurity(configuration: Json | undefined): JsonObject {
  const levels = fieldsOfMap(valueAt(configuration, 'defaults'), 'enforce', 'audit', 'warn');
  const exempt = valueAt(configuration, 'exemptions.namespaces');
  return {
    ...levels,
    ...(Array.isArray(exempt) ? { exemptNamespaces: exempt.filter((name) => name !== 'kube-system') } : {}),
  };
}

/** `1.12.4` of `ghcr.io/siderolabs/installer:v1.12.4`. */
function tagOf(image: Json | undefined): string | undefined {
  return typeof image === 'string' ? /:v(\d+\.\d+\.\d+)(?:@|$)/.exec(image)?.[1] : undefined;
}

function at(places: Places, path: string): Places {
  return path.split('.').reduce<Places>((tree, name) => tree.below.get(name) ?? tree, places);
}

function readConfig({ name, text }: InputText): Config {
  const read = readDocuments(text);
  const errors = read.flatMap(({ problems }) =>
    problems.map(({ line, column, message, hint }): PlacedFinding => {
      const place = { file: name, line, column };
      return { id: 'machine-config/syntax', level: 'error', paths: [describePlace(place)], message, hint, place };
    }),
  );
  if (errors.length > 0) throw new CiliumError(errors, `${name} cannot be read`);
  const documents = read.flatMap(({ data, places }) => (isMap(data) ? [{ data, places: placesIn(name, places) }] : []));
  const isConfig = documents.some(
    ({ data }) => isMap(data.machine) || isMap(data.cluster) || data.apiVersion === 'v1alpha1',
  );
  if (!isConfig) throw notConfig(name);
  const main = documents.find(({ data }) => data.kind === undefined)?.data;
  const type = valueAt(main, 'machine.type');
  return {
    name,
    documents,
    isWhole: type !== undefined && valueAt(main, 'machine.token') !== undefined,
    role: type === 'worker' ? 'workers' : type === 'controlplane' || type === 'init' ? 'controlPlanes' : undefined,
  };
}

function placeOfProp(places: ReadonlyMap<string, Places>, path: string): Place | undefined {
  const bare = path.replace(/^talos\./, '');
  const known = [...places.keys()].filter(
    (prop) => bare === prop || (/^[.[]/.test(bare.slice(prop.length)) && bare.startsWith(prop)),
  );
  const best = known.sort((a, b) => b.length - a.length)[0];
  const tree = best === undefined ? undefined : places.get(best);
  return tree === undefined ? undefined : findPlace(tree, bare.slice(best?.length ?? 0)).place;
}

function notConfig(name: string): CiliumError {
  const finding: Finding = {
    id: 'machine-config/form',
    level: 'error',
    paths: [name],
    message: 'This is not a machine config: no document has `machine`, `cluster` or `apiVersion: v1alpha1`.',
    hint: 'Pass the file that `talosctl gen config` wrote, or a patch of it.',
  };
  return new CiliumError([finding], `${name} cannot be read`);
}

function withoutVersion(name: string): CiliumError {
  const finding: Finding = {
    id: 'machine-config/version',
    level: 'error',
    paths: [name],
    message: 'The Talos version is unknown: machine.install.image has no tag such as v1.13.0.',
    hint: 'Add --talos with the Talos version.',
  };
  return new CiliumError([finding], `${name} cannot be read`);
}
