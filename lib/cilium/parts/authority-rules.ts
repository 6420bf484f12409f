/** Rules about the certificate authority of `tls.ca`. */
import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Level } from '../../rules/rule';
import type { Context } from '../context';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { authorityOf, certificatesIn, isSameAuthority } from './authority';
import { EXAMPLE_CA, EXAMPLE_CA_KEY, EXAMPLE_LEAF, OTHER_CA } from './example-authority';

const PATHS = ['tls.ca.cert', 'tls.ca.key'];
const EMPTY: CiliumValues = { tls: { ca: { cert: '', key: '' } } };

/** Each of them stops certgen, or the peers that verify its certificates. */
export const AUTHORITY_RULES: readonly ValuesRule[] = [
  {
    id: 'tls/ca',
    level: 'error',
    find: (ctx) =>
      unreadable(ctx).length > 0 &&
      problem(
        PATHS,
        `${unreadable(ctx).join(' and ')}: expected PEM text, base64-encoded once.`,
        'Encode the files with `base64 -w0`, or leave both empty: the certificate authority is then generated in the cluster.',
      ),
    chart: '_helpers.tpl',
    examples: {
      bad: { values: { tls: { ca: { cert: 'bm90IGEgY2VydGlmaWNhdGU=', key: 'not even base64' } } } },
      good: { values: EMPTY },
    },
  },
  {
    id: 'tls/ca-pair',
    level: signsWithIt,
    find: (ctx) => {
      const { signer, key } = authorityOf(ctx) ?? {};
      return (
        signer !== undefined &&
        key !== undefined &&
        !signer.checkPrivateKey(key) &&
        problem(
          PATHS,
          'This is the key of another certificate, so nothing can be signed: certgen fails at every try.',
          'Set the certificate and the key of one certificate authority, or leave both empty.',
        )
      );
    },
    docs: 'https://docs.cilium.io/en/stable/observability/hubble/configuration/tls/',
    examples: {
      bad: { values: { tls: { ca: { cert: OTHER_CA, key: EXAMPLE_CA_KEY } } } },
      good: { values: { tls: { ca: { cert: EXAMPLE_CA, key: EXAMPLE_CA_KEY } } } },
    },
  },
  {
    id: 'tls/ca-cannot-sign',
    level: signsWithIt,
    find: (ctx) =>
      authorityOf(ctx)?.signer?.ca === false &&
      problem(
        'tls.ca.cert',
        'This certificate is not a certificate authority: no peer accepts what it signs.',
        'Use a certificate with the basic constraint CA:TRUE, or leave tls.ca empty.',
      ),
    docs: 'https://docs.cilium.io/en/stable/observability/hubble/configuration/tls/',
    examples: {
      bad: { values: { tls: { ca: { cert: EXAMPLE_LEAF, key: EXAMPLE_CA_KEY } } } },
      good: { values: { tls: { ca: { cert: EXAMPLE_CA, key: EXAMPLE_CA_KEY } } } },
    },
  },
  {
    id: 'tls/ca-not-in-bundle',
    level: signsWithIt,
    find: (ctx) => {
      const { enabled, content } = ctx.v.tls.caBundle;
      const { signer, root } = authorityOf(ctx) ?? {};
      if (!isTruthy(enabled) || !isTruthy(content) || signer === undefined || root === undefined) return undefined;
      const trusted = certificatesIn(content ?? '');
      return (
        !trusted.some((one) => isSameAuthority(one, signer) || isSameAuthority(one, root)) &&
        problem(
          ['tls.caBundle.content', 'tls.ca.cert'],
          'The bundle replaces the certificate authority that pods trust, and this one is not in it: they reject each other.',
          'Add the certificate of tls.ca.cert to the bundle.',
        )
      );
    },
    docs: 'https://docs.cilium.io/en/stable/observability/hubble/configuration/tls/',
    examples: {
      bad: bundled(OTHER_CA),
      good: bundled(EXAMPLE_CA),
    },
  },
];

/** Values with the example authority, and a bundle with one certificate. */
function bundled(cert: string): { readonly values: CiliumValues } {
  const content = Buffer.from(cert, 'base64').toString();
  return { values: { tls: { ca: { cert: EXAMPLE_CA, key: EXAMPLE_CA_KEY }, caBundle: { enabled: true, content } } } };
}

/** Certgen signs with it, at its first run. */
function signsWithIt(ctx: Context): Level {
  const { hubble, clustermesh } = ctx.v;
  const { useAPIServer, apiserver } = clustermesh;
  const hubbles =
    isTruthy(hubble.enabled) &&
    isTruthy(hubble.tls.enabled) &&
    isTruthy(hubble.tls.auto.enabled) &&
    hubble.tls.auto.method === 'cronJob';
  const ofMesh =
    isTruthy(useAPIServer) && isTruthy(apiserver.tls.auto.enabled) && apiserver.tls.auto.method === 'cronJob';
  return hubbles || ofMesh ? errorOnTalos(ctx) : 'warning';
}

/** What cannot be read of the authority. */
function unreadable(ctx: Context): readonly string[] {
  const authority = authorityOf(ctx);
  if (authority === undefined) return [];
  return [
    ...(authority.signer === undefined ? ['The certificate cannot be read'] : []),
    ...(authority.key === undefined ? ['The key cannot be read'] : []),
  ];
}
