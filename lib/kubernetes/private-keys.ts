const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** The same, base64-encoded at each of the three alignments. */
const ENCODED_PRIVATE_KEY = /LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,40}(UFJJVkFURSBLRV|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW)/;

/** Whether a text holds a private key in PEM, as it is or in base64. */
export function holdsPrivateKey(text: string): boolean {
  return PRIVATE_KEY.test(text) || ENCODED_PRIVATE_KEY.test(text);
}
