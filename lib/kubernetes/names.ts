/** Kubernetes' rules for names and labels. */

const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const IS_DNS_LABEL = new RegExp(`^${DNS_LABEL}$`);
const IS_DNS_SUBDOMAIN = new RegExp(`^${DNS_LABEL}(\\.${DNS_LABEL})*$`);
const IS_QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** `kube-system`: lower case, digits and dashes, at most 63 characters; names of namespaces and services. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && IS_DNS_LABEL.test(text);
}

/** `default.pool`: labels with dots between them, at most 253 characters; names of most objects. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && IS_DNS_SUBDOMAIN.test(text);
}

/** `kubernetes.io/os`: the key of a label or annotation, with or without a DNS name before the slash. */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  return (slash === -1 || isDnsSubdomain(text.slice(0, slash))) && name.length <= 63 && IS_QUALIFIED.test(name);
}

/** The value of a label: empty, or at most 63 letters, digits, dashes, dots and underscores. */
export function isLabelValue(text: string): boolean {
  return text === '' || (text.length <= 63 && IS_QUALIFIED.test(text));
}
