import { isTruthy } from '../../helm/truth';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { AUTHORITY_RULES } from '../parts/authority-rules';
import { bringsAuthority, oneLine } from '../parts/authority';
import { joined, namespaced } from '../parts/metadata';
import { neededValues } from '../parts/needed-values';

/** The user's certificate authority, and the CA bundle. Certificates are generated in the cluster. */
export const tls: Feature = {
  name: 'tls',
  contribute: (ctx) => ({
    objects: [...(bringsAuthority(ctx) ? [authority(ctx)] : []), ...(hasBundle(ctx) ? [bundle(ctx)] : [])],
  }),
  rules: [
    ...neededValues([
      {
        path: 'tls.caBundle.name',
        value: ({ v }) => v.tls.caBundle.name,
        when: ({ v }) => isTruthy(v.tls.caBundle.enabled),
        on: { tls: { caBundle: { enabled: true } } },
        good: 'cilium-root-ca.crt',
      },
    ]),
    ...AUTHORITY_RULES,
    {
      id: 'tls/ca-bundle-elsewhere',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.tls.caBundle.content) &&
        !isTruthy(v.tls.caBundle.enabled) &&
        problem(
          ['tls.caBundle.content', 'tls.caBundle.enabled'],
          'A CA bundle is set but not used.',
          'Set tls.caBundle.enabled.',
        ),
      examples: {
        bad: { values: { tls: { caBundle: { content: 'PEM' } } } },
        good: { values: { tls: { caBundle: { enabled: true, content: 'PEM' } } } },
      },
    },
  ],
};

/** The Secret from which certgen and cert-manager's issuers read the certificate authority. */
function authority(ctx: Context): KubernetesObject {
  const { tls: values, commonLabels, nonIdempotentAnnotations } = ctx.v;
  const marked = ctx.has('non-idempotent-secrets');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: namespaced(ctx, 'cilium-ca', {
      labels: joined(commonLabels, marked && { 'cilium.io/helm-template-non-idempotent': 'true' }),
      annotations: marked ? joined(nonIdempotentAnnotations) : undefined,
    }),
    data: { 'ca.crt': oneLine(values.ca.cert), 'ca.key': oneLine(values.ca.key) },
  };
}

function hasBundle({ v }: Context): boolean {
  return isTruthy(v.tls.caBundle.enabled) && isTruthy(v.tls.caBundle.content);
}

function bundle(ctx: Context): KubernetesObject {
  const { useSecret, name, key, content } = ctx.v.tls.caBundle;
  const data: JsonObject = { [key ?? '']: `${(content ?? '').trimEnd()}\n` };
  const metadata = namespaced(ctx, name ?? '', { labels: joined(ctx.v.commonLabels) });
  return isTruthy(useSecret)
    ? { apiVersion: 'v1', kind: 'Secret', metadata, stringData: data }
    : { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}
