import { versionFeatures } from '../../cilium/version-features';
import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { othersWith } from '../../resource/kind';
import type { ReadResource, ResourceExample, ResourceRule, Subject } from '../../resource/kind';
import { objectsNamed, servicesNamed } from '../../resource/service-index';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_ROUTE } from './examples';
import type { BackendTLSPolicyProps } from './props';
import { backendsOf } from './route-model';
import type { RouteModel, RouteProps } from './route-model';
import { ROUTE_TYPES } from './route-types';

/** The Gateway API's documentation of policies for TLS to backends. */
export const BACKEND_TLS_DOCS = 'https://gateway-api.sigs.k8s.io/api-types/backendtlspolicy/';

/** What rules read of a policy. */
export interface BackendTlsModel {
  readonly targets: readonly Target[];
  readonly certificates: readonly PlacedReference[];
}

interface PlacedReference {
  readonly at: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

interface Target extends PlacedReference {
  /** The name of a port. */
  readonly sectionName?: string;
}

type PolicySubject = Subject<BackendTLSPolicyProps, BackendTlsModel>;

/** A policy without findings. */
export const EXAMPLE_POLICY = {
  name: 'web',
  targetRefs: ['web'],
  validation: { hostname: 'web.example.test', caCertificateRefs: ['web-ca'] },
} as const satisfies ResourceExample<BackendTLSPolicyProps>['props'];

const WEB: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { ports: [{ name: 'https', port: 8080 }] },
};
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const caMap = (data: JsonObject): KubernetesObject =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web-ca', namespace: 'default' },
    data,
  }) as KubernetesObject;
const withProps = (props: Partial<BackendTLSPolicyProps>): ResourceExample<BackendTLSPolicyProps> => ({
  version: '1.20.0',
  props: { ...EXAMPLE_POLICY, ...props },
});
const validating = (validation: Partial<BackendTLSPolicyProps['validation']>): ReturnType<typeof withProps> =>
  withProps({ validation: { ...EXAMPLE_POLICY.validation, ...validation } });
const good = withProps({});
const atPort = (sectionName: string): ReturnType<typeof withProps> => ({
  ...withProps({ targetRefs: [{ group: '', kind: 'Service', name: 'web', sectionName }] }),
  services: [WEB],
});

/** Rules about policies for TLS to backends. */
export const BACKEND_TLS_RULES: readonly ResourceRule<BackendTLSPolicyProps, BackendTlsModel>[] = [
  {
    id: 'backend-tls-policy/target-kind',
    level: 'warning',
    find: ({ model }) =>
      model.targets
        .filter((target) => !isService(target))
        .map(({ at, kind, group }) =>
          problem(
            at,
            `Cilium applies the policy to Services only, and ignores a ${kind} of ${group === '' ? 'the core group' : `group ${group}`}.`,
            'Name a Service.',
          ),
        ),
    examples: {
      bad: withProps({ targetRefs: [{ group: 'multicluster.x-k8s.io', kind: 'ServiceImport', name: 'web' }] }),
      good,
    },
  },
  {
    id: 'backend-tls-policy/target-twice',
    level: 'error',
    find: ({ model: { targets } }) =>
      targets.flatMap((target, i) =>
        targets
          .slice(0, i)
          .filter((one) => isSameTarget(one, target))
          .map((one) =>
            problem(
              [one.at, target.at],
              `${target.name} is listed twice, and the API server rejects it.`,
              'Keep one, or give each its own `sectionName`.',
            ),
          ),
      ),
    examples: { bad: withProps({ targetRefs: ['web', 'web'] }), good: withProps({ targetRefs: ['web', 'api'] }) },
  },
  {
    id: 'backend-tls-policy/target',
    level: 'warning',
    find: (subject) => subject.model.targets.flatMap((target) => targetProblem(target, subject) ?? []),
    examples: { bad: atPort('http'), good: atPort('https') },
  },
  {
    id: 'backend-tls-policy/same-target',
    level: 'error',
    find: (subject) =>
      subject.model.targets.filter(isService).flatMap((target) => {
        const key = keyOf(target, subject.namespace);
        const [rival] = othersWith<BackendTLSPolicyProps, BackendTlsModel>(
          subject.earlier,
          'backend-tls-policy',
          keysOf,
          [key],
        );
        return rival === undefined
          ? []
          : problem(
              target.at,
              `The policy ${rival.name} already is for ${target.name}, and Cilium refuses the newer of the two.`,
              'Merge them, or give each the `sectionName` of a port.',
            );
      }),
    examples: {
      bad: { ...good, others: [{ subject: 'backend-tls-policy', props: { ...EXAMPLE_POLICY, name: 'older' } }] },
      good: {
        ...good,
        others: [{ subject: 'backend-tls-policy', props: { ...EXAMPLE_POLICY, name: 'older', targetRefs: ['api'] } }],
      },
    },
  },
  {
    id: 'backend-tls-policy/certificates',
    level: 'error',
    find: ({ model: { certificates }, props: { validation } }) => {
      const { wellKnownCACertificates: wellKnown } = validation;
      if (certificates.length > 0 && wellKnown !== undefined)
        return problem(
          ['validation.caCertificateRefs', 'validation.wellKnownCACertificates'],
          '`caCertificateRefs` and `wellKnownCACertificates` exclude each other, and the API server rejects both.',
          'Keep `caCertificateRefs`.',
        );
      if (certificates.length === 0 && wellKnown === undefined)
        return problem(
          'validation.caCertificateRefs',
          'There is no certificate of a CA, and the API server rejects the policy.',
          "Write `caCertificateRefs: ['my-ca']`, the name of a ConfigMap with the key `ca.crt`.",
        );
      return (
        certificates.length > 1 &&
        problem(
          certificates.map(({ at }) => at),
          'Cilium supports one reference, and refuses the policy.',
          'Write all certificates into `ca.crt` of one ConfigMap.',
        )
      );
    },
    examples: { bad: validating({ caCertificateRefs: ['web-ca', 'old-ca'] }), good },
  },
  {
    id: 'backend-tls-policy/certificate-kind',
    level: 'error',
    find: ({ model }) =>
      model.certificates
        .filter(({ kind, group }) => kind !== 'ConfigMap' || group !== '')
        .map(({ at, kind }) =>
          problem(
            at,
            `Cilium reads the certificate of the CA from a ConfigMap, not from a ${kind}, and refuses the policy.`,
            'Name a ConfigMap with the key `ca.crt`.',
          ),
        ),
    examples: { bad: validating({ caCertificateRefs: [{ group: '', kind: 'Secret', name: 'web-ca' }] }), good },
  },
  {
    id: 'backend-tls-policy/certificate',
    level: 'error',
    find: ({ model, namespace, configMaps }) =>
      model.certificates.flatMap(({ at, kind, group, name }) => {
        if (kind !== 'ConfigMap' || group !== '') return [];
        const map = objectsNamed(configMaps, name).find(
          ({ metadata }) => (metadata.namespace ?? 'default') === (namespace ?? 'default'),
        );
        const data = mapOf((map as { readonly data?: unknown } | undefined)?.data);
        // Other programs may fill one without data.
        if (Object.keys(data).length === 0) return [];
        const certificate = data['ca.crt'];
        return isPem(certificate)
          ? []
          : problem(
              at,
              `The ConfigMap ${name} has no PEM certificate in \`ca.crt\`, and Cilium refuses the policy.`,
              'Write the certificate of the CA into the key `ca.crt` of its `data`.',
            );
      }),
    examples: {
      bad: { ...good, configMaps: [caMap({ 'tls.crt': PEM })] },
      good: { ...good, configMaps: [caMap({ 'ca.crt': PEM })] },
    },
  },
  {
    id: 'backend-tls-policy/well-known',
    level: ({ manifest }) => (manifest === undefined ? 'error' : 'warning'),
    find: ({ model, props: { validation }, ciliumVersion }) =>
      validation.wellKnownCACertificates !== undefined &&
      model.certificates.length === 0 &&
      problem(
        'validation.wellKnownCACertificates',
        `Cilium ${ciliumVersion} accepts the policy, but connects to the backends without TLS: it supports certificates of ConfigMaps only.`,
        "Write `caCertificateRefs: ['my-ca']`, the name of a ConfigMap with the certificates in the key `ca.crt`.",
      ),
    examples: { bad: validating({ caCertificateRefs: [], wellKnownCACertificates: 'System' }), good },
  },
  {
    id: 'backend-tls-policy/hostname',
    level: 'warning',
    find: ({ model, ciliumVersion }) =>
      model.certificates.length > 0 &&
      !versionFeatures(ciliumVersion)('backend-tls-hostname') &&
      problem(
        'validation.hostname',
        `Cilium ${ciliumVersion} does not compare the hostname with the certificate: any certificate of the CA is accepted.`,
        'Use Cilium 1.20.2 or newer, or a CA for these backends only.',
      ),
    examples: { bad: good, good: { ...good, version: '1.20.2' } },
  },
  {
    id: 'backend-tls-policy/subject-alt-names',
    level: 'warning',
    find: ({ props: { validation } }) =>
      (validation.subjectAltNames ?? []).length > 0 &&
      problem(
        'validation.subjectAltNames',
        'Cilium ignores `subjectAltNames`.',
        'Leave it out, and write the name in the certificate as `hostname`.',
      ),
    examples: { bad: validating({ subjectAltNames: [{ type: 'Hostname', hostname: 'web.example.test' }] }), good },
  },
  {
    id: 'backend-tls-policy/alternative-name',
    level: 'error',
    find: ({ props: { validation } }) =>
      (validation.subjectAltNames ?? []).flatMap(({ type, hostname, uri }, i) => {
        const [own, foreign] = type === 'URI' ? (['uri', 'hostname'] as const) : (['hostname', 'uri'] as const);
        const at = `validation.subjectAltNames[${String(i)}]`;
        const values = { hostname, uri };
        if (values[own] === undefined)
          return problem(`${at}.${own}`, `A name of type ${type} needs \`${own}\`.`, `Write \`${own}\`.`);
        return values[foreign] === undefined
          ? []
          : problem(`${at}.${foreign}`, `A name of type ${type} has no \`${foreign}\`.`, 'Leave it out.');
      }),
    examples: { bad: validating({ subjectAltNames: [{ type: 'URI', hostname: 'web.example.test' }] }), good },
  },
  {
    id: 'backend-tls-policy/options',
    level: 'warning',
    find: ({ props: { options } }) =>
      Object.keys(options ?? {}).length > 0 && problem('options', 'Cilium ignores TLS options.', 'Leave them out.'),
    examples: { bad: withProps({ options: { 'example.test/min-version': '1.3' } }), good },
  },
  {
    id: 'backend-tls-policy/not-for-routes',
    level: 'warning',
    find: (subject) => otherRoutes(subject),
    examples: {
      bad: { ...good, others: [{ subject: 'grpc-route', props: EXAMPLE_ROUTE }] },
      good: { ...good, others: [{ subject: 'http-route', props: EXAMPLE_ROUTE }] },
    },
  },
];

/** A text with a block in PEM; one that GitOps fills in may be anything. */
function isPem(text: unknown): boolean {
  return (
    typeof text === 'string' && (/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/.test(text) || text.includes('${'))
  );
}

function isService({ kind, group }: PlacedReference): boolean {
  return kind === 'Service' && group === '';
}

/** Of two targets with one name both have a section, each its own. */
function isSameTarget(one: Target, other: Target): boolean {
  return (
    one.group === other.group &&
    one.kind === other.kind &&
    one.name === other.name &&
    (one.sectionName === undefined || other.sectionName === undefined || one.sectionName === other.sectionName)
  );
}

function keyOf({ name, sectionName = '' }: Target, namespace = 'default'): string {
  return `${namespace}/${name} ${sectionName}`;
}

function keysOf({
  model,
  namespace,
}: Pick<ReadResource<BackendTLSPolicyProps, BackendTlsModel>, 'model' | 'namespace'>): readonly string[] {
  return model.targets.filter(isService).map((target) => keyOf(target, namespace));
}

/** A Service that the app has elsewhere, or without the port. */
function targetProblem(target: Target, { namespace = 'default', services }: PolicySubject): Problem | undefined {
  const { at, name, sectionName } = target;
  const named = isService(target) ? servicesNamed(services, name) : [];
  if (named.length === 0) return undefined;
  const homes = named.map(({ metadata }) => metadata.namespace ?? 'default');
  const service = named[homes.indexOf(namespace)];
  if (service === undefined)
    return problem(
      [at, 'namespace'],
      `This app has no Service ${name} in namespace ${namespace}, but one in ${homes.join(', ')}.`,
      'Move the policy to the namespace of the Service.',
    );
  const ports = (service.spec as { readonly ports?: readonly { readonly name?: string }[] } | undefined)?.ports ?? [];
  if (sectionName === undefined || ports.length === 0 || ports.some((port) => port.name === sectionName))
    return undefined;
  return problem(
    `${at}.sectionName`,
    `The Service ${name} has no port named '${sectionName}'; it has ${ports.map((port) => port.name ?? 'one without a name').join(', ')}.`,
    'Write the name of one of them.',
  );
}

/** Services that only routes of other kinds refer to: Cilium connects to their backends without TLS. */
function otherRoutes(subject: PolicySubject): readonly Problem[] {
  const { model, namespace = 'default', others } = subject;
  return model.targets.filter(isService).flatMap(({ at, name }) => {
    const key = [`${namespace}/${name}`];
    const kinds = ROUTE_TYPES.filter(
      ({ subject: kind }) => othersWith<RouteProps, RouteModel>(others, kind, backendsOf, key).length > 0,
    ).map(({ kind }) => kind);
    return kinds.length === 0 || kinds.includes('HTTPRoute')
      ? []
      : problem(
          at,
          `Cilium applies the policy to backends of HTTPRoutes, and ${name} is one of ${kinds.map((kind) => `${kind}s`).join(' and ')}.`,
          'Leave the policy out, or route to the Service with an HTTPRoute.',
        );
  });
}
