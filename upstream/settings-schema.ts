/** The JSON Schema of `.talos-cilium.yaml`, for editors. Its names are those of `lib/cli/settings.ts`, which a test compares. */
export const SETTINGS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: '.talos-cilium.yaml',
  description:
    'Settings of the commands of cdk8s-talos-cilium. Options, and what a HelmRelease or an Application states, win over them.',
  type: 'object',
  additionalProperties: false,
  properties: {
    version: {
      description: 'Cilium release, or a range of releases: 1.19.6, 1.19.x.',
      type: 'string',
    },
    talos: {
      description: 'Talos version, 1.14 or 1.14.1: enables the rules about Talos.',
      type: ['string', 'number'],
    },
    machineConfig: {
      description: 'Machine configs of the Talos cluster, or patches of them, relative to this file.',
      oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
    namespace: { description: 'Namespace of the Helm release.', type: 'string', default: 'kube-system' },
    kubeVersion: { description: 'Kubernetes version of the cluster, 1.34 or 1.34.1.', type: ['string', 'number'] },
    apiVersions: {
      description: 'APIs that the cluster has, as monitoring.coreos.com/v1.',
      type: 'array',
      items: { type: 'string' },
    },
    imageRegistry: {
      description: 'Registry of all images, with a path or without: harbor.example.org/mirror.',
      type: 'string',
    },
    unknownValues: {
      description: 'The level of values that the release does not know.',
      enum: ['error', 'warn'],
      default: 'error',
    },
    acknowledge: {
      description: 'Warnings that are accepted: the id of each with the reason.',
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1 },
    },
  },
} as const;
