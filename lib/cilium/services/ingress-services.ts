import { parseDuration } from '../../helm/durations';
import { isTruthy } from '../../helm/truth';
import { isMap, mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { tidy } from '../../kubernetes/tidy';
import type { KubernetesObject } from '../../kubernetes/types';
import type { MadeService, WrittenField } from './made-service';
import type { ServiceMaker } from './service-maker';
import { shortenedName } from './shortened-name';

const PREFIX = 'ingress.cilium.io/';
/** What some annotations were called before. */
const OLD_PREFIX = 'io.cilium.ingress/';
const IS_DEFAULT = 'ingressclass.kubernetes.io/is-default-class';
/** What Go reads as true. */
const TRUE: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True'];

type Ingresses = NonNullable<ServiceMaker['ingresses']>;

/**
 * The Services of the Ingresses of mode `dedicated` that Cilium serves, as its operator translates them
 * (`operator/pkg/model/translation/ingress`). That of the mode `shared` is an object of the chart.
 */
export function ingressServices(objects: readonly KubernetesObject[], maker: ServiceMaker): readonly MadeService[] {
  const { ingresses } = maker;
  if (ingresses === undefined) return [];
  return dedicatedIngresses(objects, maker)
    .filter(hasListener)
    .map((ingress) => madeOf(ingress, ingresses, maker));
}

/** The Ingresses of mode `dedicated` that Cilium serves. */
export function dedicatedIngresses(
  objects: readonly KubernetesObject[],
  { ingresses }: ServiceMaker,
): readonly KubernetesObject[] {
  if (ingresses === undefined) return [];
  const isDefault = ingresses.isDefaultClass || objects.some(isDefaultClass);
  return objects
    .filter((object) => isNetworking(object, 'Ingress') && isServed(object, isDefault))
    .filter((ingress) => isDedicated(ingress, ingresses));
}

/** What of an Ingress the operator cannot serve and skips, by path. */
export function skippedFields(ingress: KubernetesObject): readonly string[] {
  const { rules, defaultBackend } = mapOf(ingress.spec);
  const passes = passesTls(ingress);
  const isServable = ({ host, http }: JsonObject): boolean =>
    isMap(http) && (!passes || (isTruthy(host) && pathsOf(http).every(({ path }) => path === '/')));
  const timeout = annotationOf(ingress, 'request-timeout');
  const isTimeout = passes || timeout === undefined || parseDuration(timeout) !== undefined;
  const onNodes = annotationOf(ingress, 'service-type') === 'NodePort';
  const ports = ['insecure-node-port', 'secure-node-port'].filter(
    (name) => onNodes && !/^[+-]?\d+$/.test(annotationOf(ingress, name) ?? '0'),
  );
  return [
    ...(Array.isArray(rules) ? rules.map(mapOf) : []).flatMap((rule, i) =>
      isServable(rule) ? [] : [`spec.rules[${String(i)}]`],
    ),
    ...(passes && isMap(defaultBackend) ? ['spec.defaultBackend'] : []),
    ...[...(isTimeout ? [] : ['request-timeout']), ...ports].map((name) => `metadata.annotations['${PREFIX}${name}']`),
  ];
}

function pathsOf({ paths }: JsonObject): readonly JsonObject[] {
  return Array.isArray(paths) ? paths.map(mapOf) : [];
}

function isNetworking({ kind, apiVersion }: KubernetesObject, wanted: string): boolean {
  return kind === wanted && apiVersion.startsWith('networking.k8s.io/');
}

/** Cilium serves the class of this name only, whatever its controller. */
function isDefaultClass(object: KubernetesObject): boolean {
  const { name, annotations } = object.metadata;
  return isNetworking(object, 'IngressClass') && name === 'cilium' && TRUE.includes(String(annotations?.[IS_DEFAULT]));
}

function isServed({ metadata: { annotations }, spec }: KubernetesObject, isDefault: boolean): boolean {
  const name = annotations?.['kubernetes.io/ingress.class'] ?? mapOf(spec).ingressClassName ?? '';
  return name === 'cilium' || (name === '' && isDefault);
}

function isDedicated(ingress: KubernetesObject, ingresses: Ingresses): boolean {
  const mode = annotationOf(ingress, 'loadbalancer-mode');
  return mode === 'dedicated' || (mode !== 'shared' && ingresses.isDedicated);
}

/** Without a listener the operator makes nothing. */
function hasListener(ingress: KubernetesObject): boolean {
  const { rules, defaultBackend } = mapOf(ingress.spec);
  const served = (Array.isArray(rules) ? rules.map(mapOf) : []).filter(({ http }) => isMap(http));
  if (passesTls(ingress)) return served.some(({ host }) => typeof host === 'string' && host !== '');
  return served.length > 0 || isMap(defaultBackend);
}

function passesTls(ingress: KubernetesObject): boolean {
  return ['enabled', ...TRUE].includes(annotationOf(ingress, 'tls-passthrough') ?? '');
}

function annotationOf({ metadata: { annotations } }: KubernetesObject, name: string): string | undefined {
  const value = annotations?.[PREFIX + name] ?? annotations?.[OLD_PREFIX + name];
  return value === undefined ? undefined : String(value as string);
}

function madeOf(ingress: KubernetesObject, { prefixes, onHostNetwork }: Ingresses, { has }: ServiceMaker): MadeService {
  const { name, namespace, labels, annotations } = ingress.metadata;
  const made = `cilium-ingress-${name}`;
  const onNodes = annotationOf(ingress, 'service-type') === 'NodePort';
  const type = onNodes ? 'NodePort' : onHostNetwork ? 'ClusterIP' : 'LoadBalancer';
  return {
    source: ingress,
    written: (field) => writtenField(ingress, field),
    object: tidy({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: has('ingress-names-shortened') ? shortenedName(made) : made,
        namespace,
        labels: { 'cilium.io/ingress': 'true', ...copied(labels, prefixes) },
        annotations: copied(annotations, prefixes),
      },
      spec: {
        type,
        ports: portsOf(ingress, onNodes),
        ipFamilyPolicy: has('ingress-dual-stack') ? 'PreferDualStack' : undefined,
        // The operator makes no Service with one that is neither `Cluster` nor `Local`.
        externalTrafficPolicy: annotations?.[`${PREFIX}service-external-traffic-policy`],
        loadBalancerClass: type === 'LoadBalancer' ? annotations?.[`${PREFIX}loadbalancer-class`] : undefined,
      },
    }),
  };
}

function portsOf(ingress: KubernetesObject, onNodes: boolean): readonly JsonObject[] {
  const ports = [...(passesTls(ingress) ? [] : [{ name: 'http', port: 80 }]), { name: 'https', port: 443 }];
  // By place, as the operator does: with TLS passthrough the first port is that of HTTPS.
  const nodePorts = ['insecure-node-port', 'secure-node-port'].map((name) => {
    const port = Number(annotationOf(ingress, name));
    return onNodes && Number.isInteger(port) ? port : undefined;
  });
  return ports.map((port, i) => ({ ...port, protocol: 'TCP', nodePort: nodePorts[i] }));
}

function copied(all: JsonObject | undefined, prefixes: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(mapOf(all)).filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix))),
  );
}

/** The annotation of an Ingress for a field of its Service. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  'spec.loadBalancerClass': 'loadbalancer-class',
  'spec.externalTrafficPolicy': 'service-external-traffic-policy',
  'spec.type': 'service-type',
};

function writtenField(ingress: KubernetesObject, field: string): WrittenField | undefined {
  if (field.startsWith('metadata.')) return { of: ingress, path: field };
  const name = ANNOTATIONS[field];
  return name === undefined ? undefined : { of: ingress, path: `metadata.annotations['${PREFIX}${name}']` };
}
