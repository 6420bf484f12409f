import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';
import { CERTIFICATE, key } from '../certificate-authority';

function secret(cert: string, privateKey: string, version = '1.18.4'): unknown {
  const { objects } = renderCilium({ version, values: { tls: { ca: { cert, key: privateKey } } } });
  return objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === 'cilium-ca');
}

test('a certificate authority in the values becomes the Secret cilium-ca', () => {
  const mine = key();
  expect(secret(CERTIFICATE, mine)).toMatchObject({ data: { 'ca.crt': CERTIFICATE, 'ca.key': mine } });
  expect(secret(CERTIFICATE, mine, '1.19.6')).toMatchObject({
    metadata: { labels: { 'cilium.io/helm-template-non-idempotent': 'true' } },
  });
});

test('base64 in several lines is accepted, as in Go', () => {
  const wrapped = `${CERTIFICATE.slice(0, 76)}\n${CERTIFICATE.slice(76)}`;
  expect(secret(wrapped, key())).toMatchObject({ data: { 'ca.crt': CERTIFICATE } });
});

test.each([
  ['a key as the certificate', key(), key()],
  ['a certificate as the key', CERTIFICATE, CERTIFICATE],
  ['plain text', 'certificate', key()],
  ['base64 with too much padding', `${CERTIFICATE}=`, key()],
])('%s is refused', (_what, cert, privateKey) => {
  expect(() => secret(cert, privateKey)).toThrow(CiliumError);
});

test('half of a pair renders nothing', () => {
  expect(secret(CERTIFICATE, '')).toBeUndefined();
});
