import type { Line } from '../../conformance/helm/lines/shell';

/** A line of a script, how it ends, and words about it on standard error. */
export interface ScriptLine extends Line {
  /** Default: 0, and the output is what real Helm prints (template-lines.json). */
  readonly exit?: 1 | 2;
  readonly says?: readonly RegExp[];
}

/** The files that the lines read. */
export const FILES: Readonly<Record<string, string>> = {
  'values.yaml': 'ipam: {mode: kubernetes}\nhubble: {relay: {enabled: true}, ui: {enabled: true}}\n',
  'base.yaml':
    'ipam: {mode: kubernetes}\nkubeProxyReplacement: true\nk8sServiceHost: localhost\nk8sServicePort: 7445\n',
  'prod.yaml': 'operator: {replicas: 1}\nhubble: {enabled: false}\n',
  'my values/talos.yaml': 'cgroup: {autoMount: {enabled: false}, hostRoot: /sys/fs/cgroup}\n',
  'banner.txt': 'two\nlines\n',
  'misspelt.yaml': 'hubble:\n  uii: {enabled: true}\n',
  'off.yaml': 'clustermesh: {useAPIServer: false, apiserver: {replicas: 3}}\n',
  'network/Chart.yaml': [
    'apiVersion: v2',
    'name: network',
    'version: 0.1.0',
    'dependencies: [{name: cilium, version: 1.18.4, repository: https://helm.cilium.io}]',
    '',
  ].join('\n'),
  'network/values.yaml': 'cilium: {MTU: 1400, ipam: {mode: kubernetes}}\n',
  'release.yaml': [
    'apiVersion: helm.toolkit.fluxcd.io/v2',
    'kind: HelmRelease',
    'metadata: {name: cilium, namespace: kube-system}',
    'spec:',
    '  interval: 1h',
    '  chart: {spec: {chart: cilium, version: 1.18.4, sourceRef: {kind: HelmRepository, name: cilium}}}',
    '  values: {ipam: {mode: kubernetes}}',
    '',
  ].join('\n'),
};

const NEWEST = /^No --version: .*Cilium 1\.\d+\.\d+, the newest release/m;
const DEFAULT_NAMESPACE = /^No --namespace: 'default', as in Helm/m;
const AGENT = 'securityContext.capabilities.ciliumAgent';
const CLEAN = 'securityContext.capabilities.cleanCiliumState';
const CAPABILITIES = 'CHOWN,KILL,NET_ADMIN,NET_RAW,IPC_LOCK,SYS_ADMIN,SYS_RESOURCE,DAC_OVERRIDE,FOWNER,SETGID,SETUID';

const ok = (line: string, ...says: readonly RegExp[]): ScriptLine => ({ line, says });
const stops = (line: string, ...says: readonly RegExp[]): ScriptLine => ({ line, exit: 1, says });
const misused = (line: string, ...says: readonly RegExp[]): ScriptLine => ({ line, exit: 2, says });
const has = (...flags: readonly string[]): RegExp => new RegExp(`^Without effect here: ${flags.join(', ')}\\.`, 'm');

/** The forms of public scripts, with their options; what public lines print is compared by conformance/helm/lines. */
export const LINES: readonly ScriptLine[] = [
  // The chart and its name.
  ok('helm template cilium cilium/cilium --version 1.18.4 --namespace kube-system > cilium.yaml'),
  ok('helm template cilium cilium/cilium --version 1.18.4', DEFAULT_NAMESPACE),
  ok('helm template cilium/cilium -n kube-system', NEWEST),
  ok('helm template "cilium" "cilium/cilium" -n kube-system -f values.yaml', NEWEST),
  ok('helm template --namespace kube-system cilium cilium/cilium --version 1.19.0'),
  ok('helm template cilium oci://quay.io/cilium/charts/cilium --version 1.19.5 -n kube-system -f values.yaml'),
  ok('helm template cilium oci://quay.io/cilium/charts/cilium:1.19.5 -n kube-system'),
  ok('helm template cilium cilium --repo https://helm.cilium.io/ --version 1.18.0 -n kube-system', has('--repo')),
  ok('helm template cilium ./cilium --version 1.19.6 -n kube-system'),
  ok('helm template cilium ./cilium-1.18.12.tgz --namespace kube-system -f ./values.yaml'),
  ok('helm template cilium https://helm.cilium.io/cilium-1.20.0.tgz -n kube-system'),
  ok('helm template my-release install/kubernetes/cilium --version 1.18.4 -n kube-system'),
  ok('chart=cilium; helm template "$chart" "$chart/$chart" --version 1.18.1 --namespace kube-system'),
  ok('helm template --generate-name cilium/cilium --version 1.18.4 -n kube-system'),
  ok('helm template -g cilium/cilium --version 1.18.4 -nkube-system'),
  ok('helm template --name-template \'{{ lower "X" }}\' cilium/cilium --version 1.18.4 -n=kube-system'),
  misused('helm template tetragon cilium/tetragon', /'cilium\/tetragon' is not Cilium's chart/),
  misused('helm template cilium ./charts/network', /The chart '\.\/charts\/network' does not exist/),
  misused('helm template Cilium cilium/cilium', /'Cilium' is not a valid name of a release/),
  misused('helm template a b c', /Expected \[NAME\] \[CHART\]/),
  misused('helm template -g cilium cilium/cilium', /--generate-name excludes a NAME/),

  // Versions.
  ok('helm template cilium cilium/cilium --version v1.18.4 -n kube-system'),
  ok('helm template cilium cilium/cilium --version=v1.19.5 -n kube-system'),
  ok(
    "helm template cilium cilium/cilium --version '^1.18' -n kube-system",
    /\^1\.18 is Cilium 1\.20\.0, the newest known/,
  ),
  ok("helm template cilium cilium/cilium --version '~1.19.0' -n kube-system", /~1\.19\.0 is Cilium 1\.19\./),
  ok("helm template cilium cilium/cilium --version '>=1.18.0 <1.19.0' -n kube-system", /is Cilium 1\.18\./),
  ok('helm template cilium cilium/cilium --version 1.18 -n kube-system', /--version 1\.18 is Cilium 1\.18\./),
  ok('helm template cilium cilium/cilium --version "1.18.x" -n kube-system', /is Cilium 1\.18\./),
  ok('helm template cilium cilium/cilium --devel -n kube-system', has('--devel'), NEWEST),
  stops("helm template cilium cilium/cilium --version '^2.0' -n kube-system", /version/),
  stops('helm template cilium cilium/cilium --version 1.14.4 -n kube-system', /1\.14/),

  // --set and its like.
  ok(
    `helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set ipam.mode=kubernetes --set ${AGENT}="{${CAPABILITIES}}" \\\n` +
      `  --set ${CLEAN}="{NET_ADMIN,SYS_ADMIN,SYS_RESOURCE}" --set cgroup.autoMount.enabled=false --set cgroup.hostRoot=/sys/fs/cgroup`,
  ),
  ok(
    `helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set=kubeProxyReplacement=true \\\n` +
      `  --set=k8sServiceHost="\${API:-localhost}" --set=k8sServicePort=7445`,
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set cluster.id=0,cluster.name=kind-a,operator.replicas=1',
  ),
  ok(
    `helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set '${AGENT}={CHOWN,KILL}' --set=debug.enabled=true,MTU=1400`,
  ),
  ok(
    "helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set hubble.metrics.enabled='{dns,drop,tcp}'",
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set operator.tolerations[0].key="a/b",operator.tolerations[0].operator="Exists"',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set "tolerations[0].operator=Exists" --set "tolerations[1].key=x"',
  ),
  ok(
    "helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set nodeSelector.'kubernetes\\.io/os'=linux",
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set operator.podAnnotations.a\\\\.b/c=x\\\\,y',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set operator.image.suffix="" --set operator.replicas=1',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set updateStrategy.rollingUpdate=null --set ipam.operator.clusterPoolIPv4PodCIDRList={10.1.0.0/16}',
  ),
  ok(
    'CIDR=10.2.0.0/16; helm template cilium cilium/cilium --version 1.19.4 -n kube-system --set ipam.operator.clusterPoolIPv4PodCIDRList="{$CIDR}"',
  ),
  ok('helm template cilium cilium/cilium --version 1.20.0 -n kube-system --set-string upgradeCompatibility=1.19'),
  ok('helm template cilium cilium/cilium --version 1.19.5 -n kube-system --set upgradeCompatibility=1.19.2'),
  ok(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set clustermesh.useAPIServer=true \\\n' +
      '  --set cluster.id=7 --set cluster.name=west --set clustermesh.apiserver.service.type="LoadBalancer" \\\n' +
      '  --set-string clustermesh.apiserver.service.annotations."example\\.org/internal"="true"',
  ),
  ok(
    `helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set-json 'ipam={"mode":"kubernetes"},debug.enabled=true'`,
  ),
  ok(
    `helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set-json='tolerations=[{"operator":"Exists"}]'`,
  ),
  ok(
    "helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set-literal 'operator.podAnnotations.a=x,y={z}'",
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set-file operator.podAnnotations.banner=banner.txt',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --set debug.enabled=true --set debug.enabled=false',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.4 -n kube-system --set image.tag=0123abc --set image.useDigest=false',
  ),
  misused(
    "helm template cilium cilium/cilium --set 'a[x]=1' --set b",
    /--set 'a\[x\]=1' cannot be read/,
    /--set 'b' cannot be read/,
  ),
  misused('helm template cilium cilium/cilium --set-file a=absent.txt', /absent\.txt/),
  stops(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set hubble.uii.enabled=true',
    /Did you mean hubble\.ui/,
  ),
  stops(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set kubeProxyReplacement=strict',
    /is 'strict'/,
  ),
  stops(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set tunnel=vxlan',
    /Cilium 1\.15 removed this value/,
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.18.4 -n kube-system --set routingMode=tunnel --set tunnelProtocol=geneve',
  ),

  // Files.
  ok('helm template cilium cilium/cilium --version 1.18.4 --namespace=kube-system --values=values.yaml'),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system -f base.yaml -f prod.yaml'),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system -f base.yaml,prod.yaml'),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system -fbase.yaml --set kubeProxyReplacement=false'),
  ok(
    'cat base.yaml | helm template cilium cilium/cilium --version 1.19.6 -n kube-system -f - --set operator.replicas=1',
  ),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system --values - < base.yaml'),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system -f "my values/talos.yaml"'),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system -f off.yaml'),
  stops(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system -f misspelt.yaml',
    /Did you mean hubble\.ui/,
  ),
  stops('helm template cilium cilium/cilium --version 1.19.6 -n kube-system -f absent.yaml', /absent\.yaml/),
  misused('helm template cilium cilium/cilium -f https://example.org/values.yaml', /nothing is fetched/),

  // The cluster.
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system --kube-version v1.33.1'),
  ok('helm template cilium cilium/cilium --version 1.18.4 -n kube-system --kube-version="1.29"'),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system -a gateway.networking.k8s.io/v1/GatewayClass --set gatewayAPI.enabled=true,kubeProxyReplacement=true',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --api-versions monitoring.coreos.com/v1,cert-manager.io/v1 --set prometheus.enabled=true,prometheus.serviceMonitor.enabled=true',
  ),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n cilium --create-namespace', has('--create-namespace')),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system --dry-run'),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system --dry-run=client'),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system --dry-run=server', /No cluster is contacted/),
  ok('helm template cilium cilium/cilium --version 1.19.6 -n kube-system --validate', has('--validate')),
  stops(
    'helm template cilium/cilium --version 1.18.4 -n kube-system --set prometheus.enabled=true --set prometheus.serviceMonitor.enabled=true',
    /monitoring\.coreos\.com/,
  ),

  // Preflight, parts, and flags without effect.
  ok(
    'helm template cilium/cilium --version 1.19.6 --namespace kube-system --set preflight.enabled=true --set agent=false --set operator.enabled=false',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --show-only templates/cilium-agent/daemonset.yaml',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system -s templates/cilium-configmap.yaml -s "templates/cilium-agent/*.yaml"',
  ),
  ok("helm template cilium cilium/cilium --version 1.19.6 -n kube-system -s 'templates/hubble*/*.yaml' -f values.yaml"),
  ok(
    "helm template cilium cilium/cilium --version 1.19.6 -n kube-system --show-only='templates/cilium-[ae]*/service?ccount.yaml'",
  ),
  misused(
    'helm template cilium cilium/cilium -n kube-system -s templates/cilium-agent/deamonset.yaml',
    /Did you mean 'templates\/cilium-agent\/daemonset\.yaml'/,
  ),
  stops(
    'helm template cilium cilium/cilium -n kube-system -s templates/hubble-ui/deployment.yaml',
    /prints nothing with these values/,
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --include-crds --skip-tests --is-upgrade --skip-crds',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --no-hooks --set clustermesh.mcsapi.enabled=true,clustermesh.mcsapi.corednsAutoConfigure.enabled=true,kubeProxyReplacement=true,clustermesh.useAPIServer=true,cluster.id=1,cluster.name=a',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --wait --atomic --timeout 10m --debug',
    has('--atomic', '--debug', '--timeout', '--wait'),
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --wait=false --create-namespace=false --dependency-update',
    has('--dependency-update'),
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --kubeconfig ~/.kube/config --kube-context admin@talos --insecure-skip-tls-verify',
  ),
  ok(
    'helm template cilium cilium/cilium --version 1.19.6 -n kube-system --labels a=b --username u --password p --pass-credentials',
  ),
  misused('helm template cilium cilium/cilium --post-renderer ./kustomize.sh', /--post-renderer cannot be honoured/),
  misused('helm template cilium cilium/cilium --nmaespace kube-system', /Did you mean --namespace\?/),
  misused('helm template cilium cilium/cilium --wait-for-jobs=maybe', /neither true nor false/),
];
