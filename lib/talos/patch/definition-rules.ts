import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import { groupedBy } from '../../kubernetes/groups';
import { groupOf } from '../../kubernetes/order';
import { mapOf } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import type { GatewayApiBundle } from '../../resources/gateway-api/bundles';
import { bundleServes } from '../../resources/gateway-api/bundle-kinds';
import { bundleOf } from '../../resources/gateway-api/manifest';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { mapsOf } from '../../kubernetes/pods';
import type { TalosPatchRule } from './rule';
import type { PatchSubject } from './subject';

const MONITOR: KubernetesObject = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PodMonitor',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: {}, podMetricsEndpoints: [{ port: 'metrics' }] },
};
const MONITORS: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'podmonitors.monitoring.coreos.com' },
  spec: {
    group: 'monitoring.coreos.com',
    names: { kind: 'PodMonitor', plural: 'podmonitors' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

const MCS_GROUP = 'multicluster.x-k8s.io';
const SERVICE_IMPORTS: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `serviceimports.${MCS_GROUP}`,
    // Without it the API server does not serve a definition in a group of Kubernetes.
    annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/enhancements/issues/1645' },
  },
  spec: {
    group: MCS_GROUP,
    names: { kind: 'ServiceImport', plural: 'serviceimports' },
    scope: 'Namespaced',
    versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const WITH_MCS_API = {
  cluster: { name: 'home', id: 1 },
  clustermesh: { useAPIServer: true, mcsapi: { enabled: true, installCRDs: false } },
};

/** Rules about the definitions of custom resources. */
export const DEFINITION_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/no-definition',
    level: 'warning',
    docs: 'https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/',
    find: undefinedKinds,
    examples: { bad: { objects: [MONITOR] }, good: { objects: [MONITORS, MONITOR] } },
  },
  {
    id: 'talos-patch/mcs-api-definitions',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/clustermesh/mcsapi/#prerequisites',
    find: (subject) =>
      subject.config?.['clustermesh-enable-mcs-api'] === 'true' &&
      subject.context?.v.clustermesh.mcsapi?.installCRDs !== true &&
      !definedKinds(subject).groups.has(MCS_GROUP) &&
      !installsOthers(subject) &&
      problem(
        'cilium.clustermesh',
        `This Cilium does not install the definitions of ${MCS_GROUP}: its operator logs errors until ServiceImports and ServiceExports are served.`,
        'Add the definitions of the MCS API to the patch, or acknowledge this where they are installed by other means.',
      ),
    examples: {
      bad: { values: WITH_MCS_API },
      good: { values: WITH_MCS_API, objects: [SERVICE_IMPORTS] },
    },
  },
];

/** API groups of Kubernetes itself, and those whose definitions Cilium's operator and Talos create when they run. */
const SERVED: readonly (string | RegExp)[] = [
  '',
  'apps',
  'autoscaling',
  'batch',
  'policy',
  'cilium.io',
  'talos.dev',
  /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io$/,
];

/** API groups of programs that install other objects later. */
const INSTALLERS =
  /^(((helm|kustomize)\.toolkit|fluxcd\.controlplane)\.fluxcd\.io|fluxcd\.controlplane\.io|argoproj\.io|helm\.cattle\.io)$/;

/** Whether objects that are not in the patch come with it: by a manifest at an unknown URL, or by a GitOps tool. */
export function installsOthers({ externalManifests, objects }: PatchSubject): boolean {
  return (
    externalManifests.some(({ url }) => bundleOf(url) === undefined) ||
    objects.some(({ object }) => INSTALLERS.test(groupOf(object)))
  );
}

function undefinedKinds(subject: PatchSubject): readonly Problem[] {
  const defined = definedKinds(subject);
  const isElsewhere = installsOthers(subject);
  const missing = subject.objects.filter(
    ({ object }) => !isServed(subject, object, defined) && (!isElsewhere || INSTALLERS.test(groupOf(object))),
  );
  return [...groupedBy(missing, ({ object: { apiVersion, kind } }) => `${apiVersion} ${kind}`)].map(([key, objects]) =>
    problem(
      objects.map(({ at }) => at),
      `No manifest of the patch defines ${key}: until something else does, the API server does not serve it, Talos tries again and again, and talosctl upgrade-k8s fails.`,
      definitionHint(subject, objects[0]?.object),
    ),
  );
}

function definitionHint({ gatewayApi }: PatchSubject, object: KubernetesObject | undefined): string {
  const bundles = gatewayApi.map(({ bundle }) => `${bundle.version} ${bundle.channel}`);
  if (object !== undefined && groupOf(object) === GATEWAY_GROUP && bundles.length > 0)
    return `Use a version of it that the Gateway API ${bundles.join(', ')} serves, or bring another release or channel by \`gatewayApiManifest()\`.`;
  return 'Add its CustomResourceDefinition to the patch (as an object, or by externalManifests), or acknowledge this where it is installed by other means.';
}

/** The kinds that definitions among the objects serve, as `group/version/Kind`, and their groups. */
interface Defined {
  readonly kinds: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

function definedKinds({ objects }: PatchSubject): Defined {
  const kinds = new Set<string>();
  const groups = new Set<string>();
  for (const { object } of objects) {
    const { group, names, versions } = mapOf(object.spec);
    if (object.kind === 'APIService' && typeof group === 'string') groups.add(group);
    if (object.kind !== 'CustomResourceDefinition') continue;
    groups.add(String(group));
    for (const { name, served } of mapsOf(versions))
      if (served !== false) kinds.add(`${String(group)}/${String(name)}/${String(mapOf(names).kind)}`);
  }
  return { kinds, groups };
}

function isServed(subject: PatchSubject, object: KubernetesObject, { kinds, groups }: Defined): boolean {
  const { apiVersion, kind } = object;
  const group = groupOf(object);
  const kube = subject.context?.kube;
  if (SERVED.some((one) => (typeof one === 'string' ? one === group : one.test(group)))) return true;
  if (
    kinds.has(`${apiVersion}/${kind}`) ||
    kube?.has(apiVersion) === true ||
    kube?.has(`${apiVersion}/${kind}`) === true
  )
    return true;
  if (group === GATEWAY_GROUP) return isGatewayKindServed(subject, object);
  // Operators define more kinds of their group when they run.
  return groups.has(group) || groups.has(group.split('.').slice(1).join('.')) || isTrusted(subject, group);
}

/** Without any definitions the missing bundle is reported, where Cilium needs it. */
function isGatewayKindServed({ gatewayApi, config }: PatchSubject, { apiVersion, kind }: KubernetesObject): boolean {
  if (gatewayApi.length === 0) return config?.['enable-gateway-api'] === 'true';
  const isWith = ({ bundle }: { readonly bundle: GatewayApiBundle }): boolean =>
    bundleServes(bundle, apiVersion.slice(GATEWAY_GROUP.length + 1), kind);
  return gatewayApi.some(isWith);
}

/** `prometheus.serviceMonitor.trustCRDsExist`. */
function isTrusted({ context }: PatchSubject, group: string): boolean {
  return group === 'monitoring.coreos.com' && context?.v.prometheus.serviceMonitor.trustCRDsExist === true;
}
