import { generateKeyPairSync } from 'node:crypto';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/findings';

/** A self-signed certificate, base64 of its PEM text. Its key was thrown away: nobody checks that a pair belongs together. */
const CERTIFICATE =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJmekNDQVNXZ0F3SUJBZ0lVS3lmcEdaaEMwQVpCQk5OWTBqbFJ4T3hoZzZRd0NnWUlLb1' +
  'pJemowRUF3SXcKRlRFVE1CRUdBMVVFQXd3S1JYaGhiWEJzWlNCRFFUQWVGdzB5TmpFeE1qRXdPVE13TlRkYUZ3MHpOakV4TVRndwpPVE13TlRk' +
  'YU1CVXhFekFSQmdOVkJBTU1Da1Y0WVcxd2JHVWdRMEV3V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPClBRTUJCd05DQUFTZFFtZzVaUzJPSlhzeW' +
  'o4d0NQeVY3VDNIK3ZCTkt3OTk4bXlSTE9XOVUvRStpMG5SaWZpd1UKRThCTEJtK2ZKdkR2NWVjcm84SjgvenpMN1V6Vlhwdy9vMU13VVRBZEJn' +
  'TlZIUTRFRmdRVVFnYVNXQW9WTVcvUwpHZlVOZUFPSGl0RjN0dWt3SHdZRFZSMGpCQmd3Rm9BVVFnYVNXQW9WTVcvU0dmVU5lQU9IaXRGM3R1a3' +
  'dEd1lEClZSMFRBUUgvQkFVd0F3RUIvekFLQmdncWhrak9QUVFEQWdOSUFEQkZBaUVBL1FjUkJ6UXk3S1FPdzBDOHpSMUsKRnhBZXE2TUIwNEFH' +
  'SEluM1FvT3pmRUFDSUZzN3RBSGNCdTNwSzBmazg1VURFaFhWUlc5Q1JndDE3SHM1eUZNTApvSFdWCi0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS' +
  '0K';

function key(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })).toString('base64');
}

function secret(cert: string, privateKey: string, version = '1.18.4'): unknown {
  const { objects } = renderCilium({ version, values: { tls: { ca: { cert, key: privateKey } } } });
  return objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === 'cilium-ca');
}

test('an authority that is handed over becomes the Secret cilium-ca', () => {
  const mine = key();
  expect(secret(CERTIFICATE, mine)).toMatchObject({ data: { 'ca.crt': CERTIFICATE, 'ca.key': mine } });
  expect(secret(CERTIFICATE, mine, '1.19.6')).toMatchObject({ metadata: { labels: { 'cilium.io/helm-template-non-idempotent': 'true' } } });
});

test('base64 in several lines is taken, as Go does', () => {
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

test('half of a pair makes nothing', () => {
  expect(secret(CERTIFICATE, '')).toBeUndefined();
});
