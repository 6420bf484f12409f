import { X509Certificate, createPrivateKey } from 'node:crypto';
import { isTruthy } from '../../helm/truth';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { joined, namespaced } from '../parts/metadata';
import { neededValues } from '../parts/needed-values';

/** The user's certificate authority, and the CA bundle. Certificates are generated in the cluster. */
export const tls: Feature = {
  name: 'tls',
  contribute: (ctx) => ({
    objects: [...(hasAuthority(ctx) ? [authority(ctx)] : []), ...(hasBundle(ctx) ? [bundle(ctx)] : [])],
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
    {
      id: 'tls/ca',
      level: 'error',
      find: (ctx) =>
        unreadable(ctx).length > 0 &&
        problem(
          ['tls.ca.cert', 'tls.ca.key'],
          `${unreadable(ctx).join(' and ')}: expected PEM text, base64-encoded once.`,
          'Encode the files with `base64 -w0`, or leave both empty: the certificate authority is then generated in the cluster.',
        ),
      chart: '_helpers.tpl',
      examples: {
        bad: { values: { tls: { ca: { cert: 'bm90IGEgY2VydGlmaWNhdGU=', key: 'not even base64' } } } },
        good: { values: { tls: { ca: { cert: '', key: '' } } } },
      },
    },
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

function hasAuthority({ v }: Context): boolean {
  return isTruthy(v.tls.ca.cert) && isTruthy(v.tls.ca.key);
}

/** The errors of the certificate authority; the certificate and the key are only used together. */
function unreadable(ctx: Context): readonly string[] {
  if (!hasAuthority(ctx)) return [];
  const { cert, key } = ctx.v.tls.ca;
  return [
    ...(reads(cert, (pem) => new X509Certificate(pem)) ? [] : ['The certificate cannot be read']),
    ...(reads(key, (pem) => createPrivateKey(pem)) ? [] : ['The key cannot be read']),
  ];
}

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

/** Whether the reader accepts the base64 data. */
function reads(base64: string | undefined, reader: (pem: Buffer) => unknown): boolean {
  const text = oneLine(base64);
  const decoded = Buffer.from(text, 'base64');
  // Node skips characters that are not base64; Go refuses them.
  if (decoded.toString('base64') !== text) return false;
  try {
    return reader(decoded) !== undefined;
  } catch {
    return false;
  }
}

function oneLine(base64: string | undefined): string {
  return (base64 ?? '').replace(/[\r\n]/g, '');
}
