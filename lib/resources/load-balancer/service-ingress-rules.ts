import { versionFeatures } from '../../cilium/version-features';
import { skippedFields } from '../../cilium/services/ingress-services';
import { isDnsLabel } from '../../kubernetes/names';
import { identity } from '../../kubernetes/order';
import { problem } from '../../rules/rule';
import type { KubernetesObject } from '../../kubernetes/types';
import { isReadOnServices } from './service-annotation-rules';
import { L2_ON, L2_POLICY, eachService, poolOf } from './service-examples';
import type { ServiceExample, ServiceRule } from './service-examples';

const DOCS = 'https://docs.cilium.io/en/stable/network/servicemesh/ingress/#supported-ingress-annotations';
/** With TLS passthrough a rule needs a host, and the path `/`. */
const SKIPPED_FIX =
  'Write `http` with paths in each rule (with TLS passthrough a host and the path /, without a default backend), durations as 30s, and ports as numbers.';
const POLICY = 'ingress.cilium.io/service-external-traffic-policy';

/** An Ingress in a cluster whose Ingresses have Services of their own. */
function served(annotations: Readonly<Record<string, string>>, name = 'web', more: object = {}): ServiceExample {
  const ingress: KubernetesObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'default', annotations },
    spec: { ingressClassName: 'cilium', defaultBackend: { service: { name: 'web', port: { number: 80 } } }, ...more },
  };
  return {
    objects: [ingress, poolOf(), L2_POLICY],
    values: { ...L2_ON, ingressController: { enabled: true, loadbalancerMode: 'dedicated' } },
  };
}

/** Rules of the Services that Cilium makes of Ingresses. */
export const INGRESS_RULES: readonly ServiceRule[] = [
  {
    id: 'service/ingress-skipped',
    level: ({ cilium: { profile } }) =>
      versionFeatures(profile.behavesAs)('ingress-skips-rules') ? 'warning' : 'error',
    docs: 'https://github.com/cilium/cilium/pull/45737',
    find: ({ ingresses, cilium: { version, profile } }) => {
      const skipped = ingresses.flatMap(({ object, place }) =>
        skippedFields(object).map((field) => `${place}: ${identity(object)}: ${field}`),
      );
      if (skipped.length === 0) return undefined;
      return versionFeatures(profile.behavesAs)('ingress-skips-rules')
        ? problem(skipped, 'The operator cannot serve this, and skips it.', SKIPPED_FIX)
        : problem(
            skipped,
            `The operator cannot serve this, and Cilium ${version} ends with a panic when it logs that, again after each restart.`,
            SKIPPED_FIX,
          );
    },
    examples: {
      bad: { ...served({}, 'web', { rules: [{ host: 'web.example.test' }] }), version: '1.18.11' },
      good: { ...served({}), version: '1.18.11' },
    },
  },
  {
    id: 'service/ingress-name',
    level: 'error',
    docs: DOCS,
    find: eachService(({ object: { metadata }, source, at }) =>
      source?.kind !== 'Ingress' || isDnsLabel(metadata.name)
        ? undefined
        : problem(
            at(),
            `Cilium makes the Service '${metadata.name}' of the Ingress, and the API server rejects the name.`,
            'Use a name without dots and of at most 48 characters, or the annotation `ingress.cilium.io/loadbalancer-mode: shared`.',
          ),
    ),
    examples: { bad: served({}, 'web.example'), good: served({}, 'web') },
  },
  {
    id: 'service/ingress-traffic-policy',
    level: 'error',
    docs: DOCS,
    find: eachService(({ source, externalTrafficPolicy, at }) =>
      source?.kind !== 'Ingress' || ['Cluster', 'Local'].includes(externalTrafficPolicy)
        ? undefined
        : problem(
            at('spec.externalTrafficPolicy'),
            `'${externalTrafficPolicy}' is not an externalTrafficPolicy, and the operator makes no Service for the Ingress.`,
            "Write 'Cluster' or 'Local'.",
          ),
    ),
    examples: { bad: served({ [POLICY]: 'local' }), good: served({ [POLICY]: 'Local' }) },
  },
  {
    id: 'service/ingress-annotation',
    level: 'warning',
    docs: DOCS,
    find: eachService(({ object, source, at }) =>
      source?.kind !== 'Ingress'
        ? undefined
        : Object.keys(source.metadata.annotations ?? {})
            .filter((key) => isReadOnServices(key) && object.metadata.annotations?.[key] === undefined)
            .map((key) =>
              problem(
                [at(`metadata.annotations['${key}']`), 'cilium.ingressController.ingressLBAnnotationPrefixes'],
                `Cilium does not copy ${key} to the Service of the Ingress, so it has no effect.`,
                key.startsWith('io.cilium/lb-ipam-')
                  ? `Write lbipam.cilium.io/${key.slice('io.cilium/lb-ipam-'.length)}.`
                  : 'Add its prefix to `ingressController.ingressLBAnnotationPrefixes`.',
              ),
            ),
    ),
    examples: {
      bad: served({ 'io.cilium/lb-ipam-ips': '192.168.1.201' }),
      good: served({ 'lbipam.cilium.io/ips': '192.168.1.201' }),
    },
  },
];
