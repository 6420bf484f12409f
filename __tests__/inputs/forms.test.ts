import { readInput } from '../../lib/inputs/read';
import type { InputOptions, ValuesInput } from '../../lib/inputs/read';
import type { Files } from '../../lib/inputs/files';
import { describePlace } from '../../lib/inputs/places';
import { CiliumError } from '../../lib/rules/finding';

/* What people have, in each of its forms: the values, the release and the files that they come from. */

/** Files in memory. */
function filesOf(all: Readonly<Record<string, string>>): Files {
  return {
    read: (path) => all[path],
    list: (folder) =>
      Object.keys(all).flatMap((path) => {
        const at = path.lastIndexOf('/');
        return (at === -1 ? '.' : path.slice(0, at)) === folder ? [path.slice(at + 1)] : [];
      }),
  };
}

function read(all: Readonly<Record<string, string>>, options: InputOptions = {}): ValuesInput {
  const [[name = '', text = ''] = []] = Object.entries(all);
  return readInput({ name, text }, { files: filesOf(all), ...options });
}

function refusal(all: Readonly<Record<string, string>>, options: InputOptions = {}): string {
  try {
    read(all, options);
  } catch (error) {
    if (error instanceof CiliumError)
      return error.findings
        .map(({ id, paths, message, hint }) => `${id} ${paths.join()} ${message} ${hint}`)
        .join('\n');
    throw error;
  }
  throw new Error('It was read.');
}

const RELEASE = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n';
const CHART = '  chart:\n    spec: { chart: cilium, version: 1.19.6 }\n';
const CILIUM = { name: 'cilium', namespace: 'kube-system', version: '1.19.6' };

interface Row {
  readonly files: Readonly<Record<string, string>>;
  readonly values: object;
  readonly form: string;
  readonly release?: object | undefined;
  /** The place of the value MTU. */
  readonly mtu: string;
}

const ROWS: Readonly<Record<string, Row>> = {
  'values.yaml': {
    files: { 'values.yaml': 'debug: {}\nMTU: 1420\n' },
    values: { debug: {}, MTU: 1420 },
    form: 'values',
    mtu: 'values.yaml:2:1',
  },
  JSON: {
    files: { 'values.json': '{\n  "MTU": 1420\n}' },
    values: { MTU: 1420 },
    form: 'values',
    mtu: 'values.json:2:3',
  },
  'the output of helm get values': {
    files: { '<stdin>': 'USER-SUPPLIED VALUES:\nMTU: 1420\n' },
    values: { MTU: 1420 },
    form: 'values',
    mtu: '<stdin>:2:1',
  },
  'the output of yamlencode': {
    files: { 'values.yaml': '"MTU": 1420\n"hubble":\n  "enabled": false\n' },
    values: { MTU: 1420, hubble: { enabled: false } },
    form: 'values',
    mtu: 'values.yaml:1:1',
  },
  'a HelmRelease with values': {
    files: {
      'release.yaml': `---\n${RELEASE}metadata: { name: cilium, namespace: kube-system }\nspec:\n${CHART}  values:\n    MTU: 1420\n`,
    },
    values: { MTU: 1420 },
    form: 'HelmRelease',
    release: CILIUM,
    mtu: 'release.yaml:9:5',
  },
  'a HelmRelease whose target namespace is part of the name of its release': {
    files: {
      'release.yaml': `${RELEASE}metadata: { name: cilium }\nspec:\n  targetNamespace: cni\n${CHART}  values: { MTU: 1420 }\n`,
    },
    values: { MTU: 1420 },
    form: 'HelmRelease',
    release: { name: 'cni-cilium', namespace: 'cni', version: '1.19.6' },
    mtu: 'release.yaml:8:13',
  },
  'a HelmRelease of an OCIRepository, with ConfigMap and Secret of its folder below its values': {
    files: {
      'app/release.yaml': `${RELEASE}metadata: { name: cilium }\nspec:\n  chartRef: { kind: OCIRepository, name: chart }\n  valuesFrom:\n    - { kind: ConfigMap, name: base }\n    - { kind: Secret, name: secret, valuesKey: more.yaml }\n    - { kind: Secret, name: secret, valuesKey: host, targetPath: k8sServiceHost }\n    - { kind: Secret, name: absent, optional: true }\n  values: { debug: { enabled: true } }\n`,
      'app/source.yaml':
        'apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: { name: chart }\nspec: { url: oci://quay.io/cilium/charts/cilium, ref: { tag: 1.19.6 } }\n',
      'app/objects.yaml': `kind: ConfigMap\napiVersion: v1\nmetadata: { name: base }\ndata:\n  values.yaml: |\n    # below\n    debug: { enabled: false }\n    MTU: 1420\n---\nkind: Secret\napiVersion: v1\nmetadata: { name: secret }\nstringData: { host: api.example.org }\ndata: { more.yaml: ${Buffer.from('ipv6: { enabled: true }').toString('base64')} }\n`,
      'app/kustomization.yaml': 'namespace: kube-system\n',
    },
    values: { debug: { enabled: true }, MTU: 1420, ipv6: { enabled: true }, k8sServiceHost: 'api.example.org' },
    form: 'HelmRelease',
    release: CILIUM,
    mtu: 'app/objects.yaml:8:5',
  },
  'a HelmRelease with a ConfigMap that kustomize generates': {
    files: {
      'app/release.yaml': `${RELEASE}metadata: { name: cilium }\nspec:\n${CHART}  valuesFrom:\n    - { kind: ConfigMap, name: cilium-values }\n`,
      'app/kustomization.yaml':
        'namespace: kube-system\nconfigMapGenerator:\n  - name: cilium-values\n    files: [values.yaml=./helm/cilium.yaml]\n',
      'app/helm/cilium.yaml': 'MTU: 1420\n',
    },
    values: { MTU: 1420 },
    form: 'HelmRelease',
    release: CILIUM,
    mtu: 'app/helm/cilium.yaml:1:1',
  },
  'an Application with values, an object that replaces them, and parameters': {
    files: {
      'app.yaml':
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: net }\nspec:\n  destination: { namespace: kube-system }\n  source:\n    repoURL: https://helm.cilium.io\n    chart: cilium\n    targetRevision: 1.19.6\n    helm:\n      releaseName: cilium\n      values: 'MTU: 9000'\n      valuesObject:\n        MTU: 1420\n      parameters:\n        - { name: ipv6.enabled, value: 'true' }\n        - { name: cluster.name, value: '7', forceString: true }\n",
    },
    values: { MTU: 1420, ipv6: { enabled: true }, cluster: { name: '7' } },
    form: 'Application',
    release: CILIUM,
    mtu: 'app.yaml:14:9',
  },
  'an Application of several sources with a values file of the repository': {
    files: {
      'clusters/one/app.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: cilium }\nspec:\n  destination: { namespace: kube-system }\n  sources:\n    - { repoURL: https://git.example.org/x.git, ref: values }\n    - repoURL: https://helm.cilium.io\n      chart: cilium\n      targetRevision: 1.19.6\n      helm: { valueFiles: [$values/infra/cilium.yaml] }\n',
      'infra/cilium.yaml': 'MTU: 1420\n',
    },
    values: { MTU: 1420 },
    form: 'Application',
    release: CILIUM,
    mtu: 'infra/cilium.yaml:1:1',
  },
  'an ApplicationSet': {
    files: {
      'set.yaml':
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: cilium }\nspec:\n  template:\n    metadata: { name: '{{cluster}}-cilium' }\n    spec:\n      destination: { namespace: kube-system, name: '{{cluster}}' }\n      source:\n        chart: cilium\n        repoURL: https://helm.cilium.io\n        targetRevision: 1.19.6\n        helm:\n          releaseName: cilium\n          values: |\n            cluster: { name: {{cluster}} }\n            MTU: 1420\n",
    },
    values: { MTU: 1420, cluster: { name: '{{cluster}}' } },
    form: 'ApplicationSet',
    release: CILIUM,
    mtu: 'set.yaml:17:13',
  },
  'a HelmChartProxy': {
    files: {
      'proxy.yaml':
        'apiVersion: addons.cluster.x-k8s.io/v1alpha1\nkind: HelmChartProxy\nmetadata: { name: cilium }\nspec:\n  chartName: cilium\n  repoURL: https://helm.cilium.io\n  releaseName: cilium\n  namespace: kube-system\n  version: 1.19.6\n  valuesTemplate: |\n    cluster: { name: {{ .Cluster.metadata.name }} }\n    MTU: 1420\n',
    },
    values: { MTU: 1420, cluster: { name: '{{ .Cluster.metadata.name }}' } },
    form: 'HelmChartProxy',
    release: CILIUM,
    mtu: 'proxy.yaml:12:5',
  },
  'a HelmChart of k3s': {
    files: {
      'chart.yaml':
        'apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: { name: cilium, namespace: kube-system }\nspec:\n  chart: cilium\n  version: 1.19.6\n  set: { ipv6.enabled: "true" }\n  valuesContent: |-\n    MTU: 1420\n',
    },
    values: { MTU: 1420, ipv6: { enabled: true } },
    form: 'HelmChart',
    release: CILIUM,
    mtu: 'chart.yaml:9:5',
  },
  'a HelmChartConfig of RKE2': {
    files: {
      'config.yaml':
        'apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: { name: rke2-cilium, namespace: kube-system }\nspec:\n  valuesContent: |-\n    MTU: 1420\n',
    },
    values: { MTU: 1420 },
    form: 'HelmChartConfig',
    release: { name: 'rke2-cilium', namespace: 'kube-system' },
    mtu: 'config.yaml:6:5',
  },
  'a kustomization with helmCharts, whose inline values win': {
    files: {
      'net/kustomization.yaml':
        'helmCharts:\n  - name: tetragon\n  - name: cilium\n    releaseName: cilium\n    namespace: kube-system\n    version: 1.19.6\n    valuesFile: values.yaml\n    valuesInline: { MTU: 1420 }\n',
      'net/values.yaml': 'MTU: 9000\nipv6: { enabled: true }\n',
    },
    values: { MTU: 1420, ipv6: { enabled: true } },
    form: 'kustomization',
    release: CILIUM,
    mtu: 'net/kustomization.yaml:8:21',
  },
  'a helmfile': {
    files: {
      'boot/helmfile.yaml':
        'repositories:\n  - { name: cilium, url: https://helm.cilium.io }\n---\nreleases:\n  - { name: coredns, chart: coredns/coredns }\n  - name: cilium\n    namespace: kube-system\n    chart: cilium/cilium\n    version: 1.19.6\n    values:\n      - ../values/cilium.yaml\n      - \'{{ requiredEnv "ROOT" }}/values/more.yaml\'\n      - ipv6: { enabled: true }\n    set:\n      - { name: cluster.id, value: 3 }\n',
      'values/cilium.yaml': 'MTU: 1420\n',
      'values/more.yaml': 'debug: { enabled: true }\n',
    },
    values: { MTU: 1420, debug: { enabled: true }, ipv6: { enabled: true }, cluster: { id: 3 } },
    form: 'helmfile',
    release: CILIUM,
    mtu: 'values/cilium.yaml:1:1',
  },
  'a fleet.yaml': {
    files: {
      'fleet.yaml':
        'defaultNamespace: kube-system\nhelm:\n  releaseName: cilium\n  chart: cilium\n  version: 1.19.6\n  values: { MTU: 1420 }\n',
    },
    values: { MTU: 1420 },
    form: 'fleet',
    release: CILIUM,
    mtu: 'fleet.yaml:6:13',
  },
  'an umbrella chart with an alias': {
    files: {
      'chart/values.yaml': 'ingress: { enabled: true }\ncni:\n  enabled: true\n  MTU: 1420\n',
      'chart/Chart.yaml':
        'apiVersion: v2\nname: network\nversion: 0.1.0\ndependencies:\n  - { name: cilium, alias: cni, version: 1.19.6, condition: cni.enabled }\n',
    },
    values: { MTU: 1420 },
    form: 'values',
    release: { version: '1.19.6' },
    mtu: 'chart/values.yaml:4:3',
  },
  'a Chart.yaml, whose values are beside it': {
    files: {
      'chart/Chart.yaml':
        'apiVersion: v2\nname: network\nversion: 0.1.0\ndependencies:\n  - { name: cilium, version: 1.19.6 }\n',
      'chart/values.yaml': 'cilium:\n  MTU: 1420\n',
    },
    values: { MTU: 1420 },
    form: 'Chart',
    release: { version: '1.19.6' },
    mtu: 'chart/values.yaml:2:3',
  },
  'Terraform with yamlencode': {
    files: {
      'main.tf': `# comment { "
variable "x" { default = "a" }
resource "helm_release" "cilium" {
  name       = "cilium"
  namespace  = "kube-system"
  repository = "https://helm.cilium.io"
  chart      = "cilium"
  version    = "1.19.6"

  values = [
    file("\${path.module}/base.yaml"),
    yamlencode({
      hubble = { relay = { enabled = true }, "ui" : { enabled = false } } /* both */
      devices = ["eth+", "bond0"]
      MTU    = 1420 // wins
    }),
  ]
  set {
    name  = "cluster.id"
    value = "3"
  }
  set {
    name  = "cluster.name"
    value = "7"
    type  = "string"
  }
}
`,
      'base.yaml': 'MTU: 9000\nipv6: { enabled: true }\n',
    },
    values: {
      MTU: 1420,
      ipv6: { enabled: true },
      hubble: { relay: { enabled: true }, ui: { enabled: false } },
      devices: ['eth+', 'bond0'],
      cluster: { id: 3, name: '7' },
    },
    form: 'Terraform',
    release: CILIUM,
    mtu: 'main.tf:15:7',
  },
  'Terraform with a heredoc, a template and what has to be evaluated': {
    files: {
      'main.tf': `data "helm_template" "this" {
  name         = "cilium"
  namespace    = "kube-system"
  chart        = "cilium"
  version      = "1.19.6"
  kube_version = var.kubernetes_version
  values = [
    templatefile("values.yaml.tftpl", { host = "api.example.org", id = var.id }),
    <<-EOT
      cluster:
        name: \${var.name}
      MTU: 1420
    EOT
  ]
  set = [{ name = "debug.enabled", value = true }]
}
`,
      'values.yaml.tftpl': 'k8sServiceHost: \${host}\ncluster: { id: \${id} }\n',
    },
    values: {
      k8sServiceHost: 'api.example.org',
      cluster: { id: '\${id}', name: '\${var.name}' },
      MTU: 1420,
      debug: { enabled: true },
    },
    form: 'Terraform',
    release: CILIUM,
    mtu: 'main.tf:12:7',
  },
  'a ConfigMap with values': {
    files: {
      'map.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata:\n  other: "text: 1"\n  cilium.yaml: |\n    MTU: 1420\n',
    },
    values: { MTU: 1420 },
    form: 'ConfigMap',
    mtu: 'map.yaml:7:5',
  },
};

describe.each(Object.entries(ROWS))('%s', (_, { files, values, form, release, mtu }) => {
  const input = read(files);

  it('is read', () => {
    expect(input.values).toEqual(values);
    expect(input.form).toBe(form);
    expect(withoutAbsent(input.release)).toEqual(withoutAbsent(release));
  });

  it('knows where a value is written', () => {
    const place = input.placeOf('MTU');
    expect(place && describePlace(place)).toBe(mtu);
  });

  it('has no warning but of placeholders', () => {
    expect(input.warnings.filter(({ id }) => id !== 'load-values/placeholder')).toEqual([]);
  });
});

function withoutAbsent(release: object | undefined): object {
  return Object.fromEntries(Object.entries(release ?? {}).filter(([, value]) => value !== undefined));
}

describe('one of several releases', () => {
  const two = ['one', 'two']
    .map((name, i) => `${RELEASE}metadata: { name: ${name} }\nspec:\n${CHART}  values: { MTU: ${String(1400 + i)} }\n`)
    .join('---\n');

  it('has to be named', () => {
    expect(refusal({ 'two.yaml': two })).toBe(
      'load-values/several two.yaml:1:1 2 releases of Cilium are in this file: HelmRelease one, HelmRelease two. Add --release one.',
    );
  });

  it('is read by its name', () => {
    expect(read({ 'two.yaml': two }, { release: 'two' }).values).toEqual({ MTU: 1401 });
    expect(refusal({ 'two.yaml': two }, { release: 'three' })).toMatch(
      /has no single release 'three' of Cilium; it has/,
    );
  });
});

test('releases with the same name are chosen by their position', () => {
  const one = (mtu: string): string =>
    `${RELEASE}metadata: { name: cilium }\nspec:\n${CHART}  values: { MTU: ${mtu} }\n`;
  const files = { 'two.yaml': `${one('1')}---\n${one('2')}` };
  expect(refusal(files)).toMatch(/Add --release 1\.$/);
  expect(refusal(files, { release: 'cilium' })).toMatch(/no single release 'cilium'/);
  expect(read(files, { release: '2' }).values).toEqual({ MTU: 2 });
});

test.each([
  ['apiVersion: v1\nkind: Service\n', /No values of Cilium are in this file; it has Service\./],
  [`${RELEASE}spec:\n  chart: { spec: { chart: tetragon } }\n`, /No release of the chart cilium .* it has tetragon\./],
  [`${RELEASE}spec:\n  chart: { spec: { chart: cilium } }\n  values: [1]\n`, /x\.yaml:5:3 Expected a map of names/],
  [`${RELEASE}spec:\n  values: {a: 1, a: 2}\n${CHART}`, /x\.yaml:4:18 .* already occurs/],
])('%j holds no values', (text, message) => {
  expect(refusal({ 'x.yaml': text })).toMatch(message);
});

test('mistakes in a text inside a file have their place in the file', () => {
  const text =
    'apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec:\n  chart: cilium\n  valuesContent: |\n    MTU: 1\n    MTU: 2\n';
  expect(refusal({ 'x.yaml': text })).toMatch(/load-values\/duplicate x\.yaml:7:5/);
});

test.each([
  [
    'a ConfigMap elsewhere',
    `${RELEASE}spec:\n${CHART}  valuesFrom: [{ kind: ConfigMap, name: x }]\n`,
    /the ConfigMap x/,
  ],
  [
    'an encrypted text',
    `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec:\n  chart: cilium\n  valuesContent: ENC[AES256_GCM,data:x]\n`,
    /is encrypted/,
  ],
  ['a file that is not there', 'releases: [{ chart: cilium/cilium, values: [x.yaml] }]\n', /the file x\.yaml/],
])('%s is a warning', (_, text, message) => {
  expect(read({ 'input.yaml': text }).warnings).toMatchObject([
    { id: 'load-values/not-read', message: expect.stringMatching(message) as string },
  ]);
});

test('Terraform that has to be evaluated is a placeholder, filled by its name', () => {
  const text = `resource "helm_release" "x" {
  chart   = "cilium"
  version = var.release
  values  = [yamlencode({ MTU = var.mtu, cluster = { id = local.ids["a"] }, k8sServiceHost = "\${var.host}.example" }), local.more]
}
`;
  const { values, release, warnings } = read({ 'main.tf': text });
  expect(values).toEqual({
    MTU: '\${var.mtu}',
    cluster: { id: '\${local.ids["a"]}' },
    k8sServiceHost: '\${var.host}.example',
  });
  expect(release?.version).toBeUndefined();
  expect(warnings.map(({ id, paths }) => `${id} ${paths.join()}`)).toEqual([
    'load-values/not-read main.tf:4:120',
    'load-values/placeholder MTU',
    'load-values/placeholder cluster.id',
    'load-values/placeholder k8sServiceHost',
  ]);
  const filled = read({ 'main.tf': text }, { variables: { 'var.mtu': '1420', host: 'api', release: '1.19.6' } });
  expect(filled.values).toMatchObject({ MTU: 1420, k8sServiceHost: 'api.example' });
  expect(filled.release?.version).toBe('1.19.6');
});

test('Terraform: what the module itself decides is read, with its place, and what it does not is named with its line', () => {
  const main = `locals {
  base = { MTU = var.mtu, hubble = { enabled = true } }
  pools = ["10.0.0.0/8"]
}
resource "helm_release" "cilium" {
  chart   = "cilium"
  version = local.versions.cilium
  values = [
    yamlencode(merge(local.base, {
      hubble = { relay = { enabled = tobool("true") } }
      ipam = { operator = { clusterPoolIPv4PodCIDRList = concat(local.pools, ["10.64.0.0/10"]) } }
      cluster = { name = "\${var.site}-a", id = var.id }
      k8sServiceHost = var.unknown
      nodeSelector = { for k, v in var.labels : k => v }
      (var.section) = { a = 1 }
    })),
    local.more,
  ]
}
`;
  const files = {
    'tf/main.tf': main,
    'tf/locals.tf': 'locals {\n  more = file("more.yaml")\n  versions = { cilium = "1.19.6" }\n}\n',
    'tf/variables.tf': 'variable "mtu" {\n  default = 1400\n}\nvariable "id" { default = 1 }\nvariable "site" {}\n',
    'tf/terraform.tfvars': 'mtu = 1420\nsite = "north"\n',
    'tf/more.yaml': 'debug: { enabled: false }\n',
  };
  const { values, release, warnings, placeOf } = read(files);
  expect(values).toEqual({
    MTU: 1420,
    hubble: { relay: { enabled: 'true' } },
    ipam: { operator: { clusterPoolIPv4PodCIDRList: ['10.0.0.0/8', '10.64.0.0/10'] } },
    cluster: { name: 'north-a', id: 1 },
    k8sServiceHost: '${var.unknown}',
    nodeSelector: '${{ for k, v in var.labels : k => v }}',
    debug: { enabled: false },
  });
  expect(release?.version).toBe('1.19.6');
  expect(describePlace(placeOf('MTU') ?? { file: '', line: 0, column: 0 })).toBe('tf/terraform.tfvars:1:1');
  expect(describePlace(placeOf('cluster.name') ?? { file: '', line: 0, column: 0 })).toBe('tf/main.tf:12:19');
  expect(warnings.map(({ message, place }) => `${describePlace(place as never)} ${message}`)).toEqual([
    'tf/main.tf:15:7 Values come from (var.section) = { a = 1 }, which cannot be read here; they are not checked.',
    'tf/main.tf:13:7 The placeholder ${var.unknown} has no value; what depends on it is not checked.',
    'tf/main.tf:14:7 The placeholder ${{ for k, v in var.labels : k => v }} has no value; what depends on it is not checked.',
  ]);
});

test('Terraform: definitions that refer to themselves stay placeholders', () => {
  const text =
    'locals { a = local.b, b = local.a }\nresource "helm_release" "x" {\n  chart = "cilium"\n  values = [yamlencode({ MTU = local.a })]\n}\n';
  expect(read({ 'main.tf': text }).warnings.map(({ id }) => id)).toEqual(['load-values/placeholder']);
});

test.each([
  [
    'HelmRelease',
    `${RELEASE}spec:\n${CHART}  postRenderers:\n    - kustomize: { patches: [] }\n`,
    'spec.postRenderers',
  ],
  ['kustomization', 'helmCharts: [{ name: cilium }]\npatches: [{ path: a.yaml }]\n', 'patches'],
  ['helmfile', 'releases: [{ chart: cilium/cilium, strategicMergePatches: [{}] }]\n', 'strategicMergePatches'],
])('patches of a %s are named, because they are not applied', (_, text, what) => {
  expect(read({ 'input.yaml': text }).warnings).toMatchObject([
    { id: 'load-values/patches', message: expect.stringContaining(`${what}\` changes the rendered objects`) as string },
  ]);
});

test('patches of a kustomization with other resources may be for these', () => {
  const text = 'resources: [ns.yaml]\nhelmCharts: [{ name: cilium }]\npatches: [{ path: a.yaml }]\n';
  expect(read({ 'kustomization.yaml': text }).warnings).toEqual([]);
});

test.each([
  'resource "x" {',
  'resource "a" "b" { chart = [[[',
  'module "x" { chart = "cilium" values = [<<EOT\na',
  'data "a" { chart = {{{(',
])('Terraform that ends early, %j, is read without a failure', (text) => {
  expect(() => read({ 'x.tf': text })).not.toThrow(TypeError);
});

test('a scalar that Helm reads differently is reported for values only', () => {
  const text = `${RELEASE}metadata: { name: on }\nspec:\n${CHART}  values:\n    debug: { enabled: on }\n`;
  expect(read({ 'x.yaml': text }).warnings).toMatchObject([
    {
      id: 'load-values/surprising-scalar',
      message: 'To Helm, on in debug.enabled is true.',
      place: { line: 8, column: 23 },
    },
  ]);
});
