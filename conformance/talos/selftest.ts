import { unsaid } from './included';
import { changed } from './kept';
import type { Case } from './case';
import { judged } from './verdict';

interface Bad {
  readonly name: string;
  /** Part of the judge's message. */
  readonly message: string;
  readonly controlplane?: string;
  readonly all?: string;
  readonly worker?: string;
}

const text = (...documents: readonly object[]): string =>
  documents.map((document) => `${JSON.stringify(document)}\n`).join('---\n');
const document = (kind: string, fields: object = {}): object => ({ apiVersion: 'v1alpha1', kind, ...fields });
const manifest = (name: string): object =>
  document('KubeInlineManifestConfig', { name, manifest: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n' });

/** Patches that Talos accepts and the rules must reject. */
const BAD_FOR_RULES: readonly Bad[] = [
  {
    name: 'one name twice',
    message: 'two manifests are called a',
    controlplane: text(manifest('a'), document('KubeExternalManifestConfig', { name: 'a', url: 'https://a' })),
  },
  {
    name: 'endpoint without a scheme',
    message: 'is not a URL',
    all: text(document('DiscoveryServiceConfig', { name: 'default', endpoint: 'discovery.example.org' })),
  },
  {
    name: 'empty document',
    message: 'an empty document',
    all: `${text(document('KubePrismConfig', { port: 1 }))}---\n`,
  },
  { name: 'trailing blanks', message: 'trailing blanks', all: 'machine: \n  nodeLabels:\n    a: b\n' },
  { name: 'empty file', message: 'is empty', worker: '\n' },
];

/** Patches that Talos 1.14 must refuse on configs that it generated. */
const BAD_ON_DOCUMENTS: readonly Bad[] = [
  {
    name: 'legacy CNI',
    message: 'cluster network config is already set',
    controlplane: text({ cluster: { network: { cni: { name: 'none' } } } }),
  },
  {
    name: 'legacy proxy',
    message: "can't be used with KubeProxyConfig",
    controlplane: text({ cluster: { proxy: { disabled: true } } }),
  },
  {
    name: 'legacy KubePrism',
    message: "can't be used with KubePrismConfig",
    all: text({ machine: { features: { kubePrism: { enabled: true } } } }),
  },
  {
    name: 'legacy host DNS',
    message: 'hostDNS is already set',
    all: text({ machine: { features: { hostDNS: { enabled: true } } } }),
  },
  {
    name: 'legacy nameservers',
    message: 'nameservers is already set',
    all: text({ machine: { network: { nameservers: ['1.1.1.1'] } } }),
  },
  { name: 'legacy labels', message: 'nodeLabels is already set', all: text({ machine: { nodeLabels: { a: 'b' } } }) },
  {
    name: 'legacy arguments',
    message: 'kube-controller-manager config is already set',
    controlplane: text({ cluster: { controllerManager: { extraArgs: {} } } }),
  },
  {
    name: 'KubeSpan twice',
    message: 'kubespan is already configured',
    all: text({ machine: { network: { kubespan: { enabled: true } } } }, document('KubeSpanConfig', { enabled: true })),
  },
  {
    name: 'disk twice',
    message: 'either install disk or diskSelector',
    all: text({ machine: { install: {} } }, document('UnattendedInstallConfig', { provisioning: {} })),
  },
  {
    name: 'proxy on workers',
    message: 'only allowed on control plane machines',
    all: text(document('KubeProxyConfig', { enabled: false })),
  },
  { name: 'bad name', message: 'manifest name is invalid', controlplane: text(manifest('Not_A_Name')) },
  { name: 'unknown kind', message: 'not registered', all: text(document('KubePrism', { port: 1 })) },
  { name: 'unknown field', message: 'unknown keys', all: text(document('KubePrismConfig', { ports: 1 })) },
  { name: 'wrong type', message: 'into int', all: text(document('KubePrismConfig', { port: '7445' })) },
  {
    name: 'field of the section',
    message: 'unknown keys',
    controlplane: text(document('KubeInlineManifestConfig', { name: 'a', contents: 'b' })),
  },
  {
    name: 'delete of what is not there',
    message: 'lookup failed',
    all: text(document('KubeNodeConfig', { labels: { a: { $patch: 'delete' } } })),
  },
  {
    name: 'label of control planes on workers',
    message: 'worker: patch: patch delete',
    all: text(
      document('KubeNodeConfig', {
        labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': { $patch: 'delete' } },
      }),
    ),
  },
  {
    name: 'legacy discovery',
    message: 'already configured in .cluster.discovery',
    all: text({ cluster: { discovery: { enabled: false } } }),
  },
  {
    name: 'legacy scheduling',
    message: 'allowSchedulingOnControlPlanes is already',
    controlplane: text({ cluster: { allowSchedulingOnControlPlanes: true } }),
  },
  {
    name: 'legacy admission',
    message: 'kube-apiserver config is already set',
    controlplane: text({ cluster: { apiServer: { admissionControl: [] } } }),
  },
  {
    name: 'proxy for workers only',
    message: 'only allowed on control plane machines',
    worker: text(document('KubeProxyConfig', { enabled: false })),
  },
  {
    name: 'admission on workers',
    message: 'only allowed on control plane machines',
    all: text(document('KubeAdmissionControlConfig', { name: 'PodSecurity', configuration: {} })),
  },
  {
    name: 'KubeSpan without discovery',
    message: 'requires cluster discovery',
    all: text(
      document('KubeSpanConfig', { enabled: true }),
      document('DiscoveryServiceConfig', { name: 'default', $patch: 'delete' }),
    ),
  },
  {
    name: 'a part of what was deleted',
    message: 'endpoint is required',
    all: text(
      document('DiscoveryServiceConfig', { name: 'default', $patch: 'delete' }),
      document('DiscoveryServiceConfig', { name: 'default' }),
    ),
  },
  {
    name: 'taint of control planes taken from workers',
    message: 'worker: patch: patch delete',
    all: text(
      document('KubeNodeConfig', { taints: { 'node-role.kubernetes.io/control-plane': { $patch: 'delete' } } }),
    ),
  },
  {
    name: 'module without a name',
    message: 'name is required',
    all: text(document('KernelModuleConfig', { parameters: ['a=1'] })),
  },
  {
    name: 'shared address as in the section',
    message: 'unknown keys',
    controlplane: text(document('Layer2VIPConfig', { name: '10.5.0.9', ip: '10.5.0.9' })),
  },
];

/** Patches that Talos' machinery must reject, or read differently from what was meant. */
const BAD_FOR_MACHINERY: readonly (Bad & Partial<Pick<Case, 'minor' | 'contract' | 'kubeSpan' | 'expect'>>)[] = [
  {
    name: 'documents before their time',
    message: 'not registered',
    controlplane: text(document('KubeProxyConfig', { enabled: false })),
  },
  { name: 'unknown key', message: 'unknown keys', all: text({ machine: { nodeLabel: {} } }) },
  {
    name: 'sections on documents',
    message: "can't be used with",
    minor: '1.14',
    contract: '1.14',
    controlplane: text({ cluster: { proxy: { disabled: true } } }),
  },
  {
    name: 'small MTU',
    message: 'MTU must be at least',
    all: text(document('KubeSpanConfig', { enabled: true, mtu: 1200 })),
  },
  {
    name: 'KubeSpan section on a config with the document',
    message: 'kubespan is already configured',
    kubeSpan: true,
    all: text({ machine: { network: { kubespan: { enabled: true } } } }),
  },
  {
    name: 'filter before its time',
    message: 'excludeAdvertisedNetworks',
    minor: '1.11',
    contract: '1.11',
    all: text({ machine: { network: { kubespan: { filters: { excludeAdvertisedNetworks: ['10.0.0.0/8'] } } } } }),
  },
  {
    name: 'delete of an absent document',
    message: 'duplicate document',
    all: text(document('KubeSpanConfig', { $patch: 'delete' })),
  },
  {
    name: 'manifest without kind',
    message: 'no kind or apiVersion',
    controlplane: text({ cluster: { inlineManifests: [{ name: 'a', contents: 'metadata:\n  name: a\n' }] } }),
  },
  {
    name: 'empty manifest',
    message: 'has no objects',
    controlplane: text({ cluster: { inlineManifests: [{ name: 'a', contents: '' }] } }),
  },
  { name: 'wrong CNI', message: 'CNI: wanted', expect: { cni: 'none' } },
  {
    name: 'Flannel that stays in silence',
    message: 'CNI: wanted "none", read "flannel"',
    minor: '1.14',
    controlplane: text(document('KubeFlannelCNIConfig', { $patch: 'delete' })),
    expect: { cni: 'none', refused: 'may be' },
  },
  { name: 'patch that is not refused', message: 'was not refused', minor: '1.14', expect: { refused: /discovery/ } },
  { name: 'wrong proxy', message: 'kube-proxy: wanted', expect: { kubeProxy: false } },
  { name: 'missing manifest', message: 'manifests: wanted', expect: { manifests: [{ name: 'a', objects: [] }] } },
  {
    name: 'appending list taken for the same',
    message: 'not the same',
    all: text(document('TimeSyncConfig', { ntp: { servers: ['a'] } })),
    expect: { twice: 'same' },
  },
  { name: 'second time not refused', message: 'was not refused', expect: { twice: 'refused' } },
  {
    name: 'shared address as document before its time',
    message: 'not registered',
    minor: '1.11',
    contract: '1.11',
    controlplane: text(document('Layer2VIPConfig', { name: '10.5.0.9', link: 'eth0' })),
  },
  {
    name: 'shared address without a link',
    message: 'link must be specified',
    controlplane: text(document('Layer2VIPConfig', { name: '10.5.0.9' })),
  },
  {
    name: 'link by what no link has',
    message: 'undefined field',
    controlplane: text(document('LinkAliasConfig', { name: 'vip0', selector: { match: 'glob("a", link.bus)' } })),
  },
  {
    name: 'taint without effect',
    message: 'invalid taint effect',
    worker: text({ machine: { nodeTaints: { a: 'b' } } }),
  },
  {
    name: 'annotation of Talos',
    message: 'is reserved',
    all: text({ machine: { nodeAnnotations: { 'talos.dev/owned-labels': '[]' } } }),
  },
  {
    name: 'service with a path',
    message: 'path should be empty',
    all: text({ cluster: { discovery: { registries: { service: { endpoint: 'https://a/b' } } } } }),
  },
  {
    name: 'KubeSpan section without discovery',
    message: '.cluster.discovery should be enabled',
    minor: '1.12',
    contract: '1.12',
    kubeSpan: true,
    all: text({ cluster: { discovery: { enabled: false } } }),
  },
  {
    name: 'plugin taken away that is not there',
    message: 'lookup failed',
    controlplane: text({ cluster: { apiServer: { admissionControl: [{ name: 'None', $patch: 'delete' }] } } }),
  },
  {
    name: 'exemption that appends',
    message: 'not the same',
    controlplane: text({
      cluster: {
        apiServer: {
          admissionControl: [{ name: 'PodSecurity', configuration: { exemptions: { namespaces: ['demo'] } } }],
        },
      },
    }),
    expect: { twice: 'same' },
  },
  {
    name: 'empty text in place of a label',
    message: 'labels: wanted {"zone":""}',
    all: text({ machine: { nodeLabels: { zone: 'a' } } }),
    controlplane: text({ machine: { nodeLabels: { zone: '' } } }),
    expect: { facts: { controlplane: { labels: { zone: '' } } } },
  },
  {
    name: 'label of workers on control planes',
    message: 'controlplane: labels: wanted',
    worker: text({ machine: { nodeLabels: { zone: 'a' } } }),
    expect: { facts: { controlplane: { labels: { zone: 'a' } }, worker: { labels: { zone: 'a' } } } },
  },
  {
    name: 'label that must not be there',
    message: 'worker: labels: wanted',
    worker: text({ machine: { nodeLabels: { zone: 'a' } } }),
    expect: { facts: { worker: { labels: { zone: null } } } },
  },
];

/** Configs that lack what a patch sets. */
const NOT_SAID: readonly (readonly [config: object, patch: object])[] = [
  [{ machine: { a: 1 } }, { machine: { a: 2 } }],
  [{ machine: {} }, { machine: { a: false } }],
  [{ machine: { list: ['a', 'b'] } }, { machine: { list: ['a'] } }],
  [{ machine: { map: { a: '', b: '' } } }, { machine: { map: { a: { $patch: 'delete' }, b: '' } } }],
  [document('KubeSpanConfig', { enabled: true }), document('KubeSpanConfig', { $patch: 'delete' })],
  [{ machine: {} }, document('KubeSpanConfig', { enabled: true })],
];

/** Configs that lost something that their patch does not name. */
const LOST: readonly (readonly [before: object, after: object, patch: object])[] = [
  [{ machine: { a: { b: 1, c: 2 } } }, { machine: { a: { c: 2 } } }, { machine: { a: { c: 2 } } }],
  [{ machine: { a: 1 } }, { machine: { a: 2 } }, { machine: { b: 1 } }],
  [document('KubeSpanConfig', { enabled: true }), document('TimeSyncConfig'), document('TimeSyncConfig')],
];

/** The bad patches that the judge accepts. */
export function selfTest(): readonly string[] {
  const overlooked = [
    ...NOT_SAID.filter(([config, patch]) => unsaid(text(config), [text(patch)]).length === 0),
    ...LOST.filter(([before, after, patch]) => changed(text(before), text(after), [text(patch)]).length === 0),
  ];
  const bad = [
    ...BAD_FOR_MACHINERY,
    ...BAD_ON_DOCUMENTS.map((one) => ({ ...one, minor: '1.14', contract: '1.14' }) as const),
    ...BAD_FOR_RULES.map((one) => ({ ...one, minor: '1.14', contract: '1.14' }) as const),
  ] as typeof BAD_FOR_MACHINERY;
  const cases = bad.map(
    ({ name, controlplane, all, worker, minor = '1.13', contract = '1.13', kubeSpan = false, expect = {} }) => ({
      id: name,
      minor,
      contract,
      kubeSpan,
      controlplane,
      all,
      worker,
      expect,
    }),
  );
  const answers = new Map(judged(cases).map(({ id, problems }) => [id, problems]));
  return [
    ...overlooked.map((pair) => `overlooked: ${JSON.stringify(pair)}`),
    ...bad.flatMap(({ name, message }) => {
      const problems = answers.get(name) ?? [];
      return problems.some((problem) => problem.includes(message))
        ? []
        : [`${name}: wanted "${message}", heard ${JSON.stringify(problems)}`];
    }),
  ];
}

/** How many bad patches the self-test has. */
export const SELF_TESTS =
  BAD_FOR_RULES.length + BAD_ON_DOCUMENTS.length + BAD_FOR_MACHINERY.length + NOT_SAID.length + LOST.length;
