import { isTruthy } from '../../helm/truth';
import type { Check } from '../check';
import type { Feature } from '../feature';
import { filledList } from '../parts/config-text';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/configuration/redact/';

/** One list says which headers stay, the other which go. */
const bothHeaderLists: Check = {
  id: 'hubble-redact/both-header-lists',
  level: 'error',
  when: ({ v }) => isTruthy(v.hubble.redact.http.headers.allow) && isTruthy(v.hubble.redact.http.headers.deny),
  paths: ['hubble.redact.http.headers.allow', 'hubble.redact.http.headers.deny'],
  message: 'Both the headers to keep and the headers to hide are listed.',
  hint: 'Keep one of the two lists.',
  docs: DOCS,
  chart: 'validate.yaml',
  examples: {
    bad: {
      values: {
        hubble: { redact: { enabled: true, http: { headers: { allow: ['traceparent'], deny: ['authorization'] } } } },
      },
    },
    good: { values: { hubble: { redact: { enabled: true, http: { headers: { deny: ['authorization'] } } } } } },
  },
};

/** Headers are listed, and nothing is hidden. */
const off: Check = {
  id: 'hubble-redact/off',
  level: 'warning',
  when: ({ v: { hubble } }) => {
    const { enabled, http } = hubble.redact;
    return (
      isTruthy(hubble.enabled) &&
      !isTruthy(enabled) &&
      [http.urlQuery, http.headers.allow, http.headers.deny].some((said) => isTruthy(said))
    );
  },
  paths: ['hubble.redact.enabled'],
  message: 'What to hide from flows is said, but redaction is off.',
  hint: 'Set hubble.redact.enabled.',
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { redact: { http: { headers: { deny: ['authorization'] } } } } } },
    good: { values: { hubble: { redact: { enabled: true, http: { headers: { deny: ['authorization'] } } } } } },
  },
};

/** Secrets that flows of HTTP and Kafka would show, hidden. */
export const hubbleRedact: Feature = {
  name: 'hubble-redact',
  contribute: ({ v: { hubble } }) => {
    const { enabled, http, kafka } = hubble.redact;
    if (!isTruthy(hubble.enabled) || enabled !== true) return {};
    return {
      config: {
        'hubble-redact-enabled': true,
        'hubble-redact-http-urlquery': http.urlQuery,
        'hubble-redact-http-userinfo': http.userInfo,
        'hubble-redact-http-headers-allow': filledList(http.headers.allow),
        'hubble-redact-http-headers-deny': filledList(http.headers.deny),
        'hubble-redact-kafka-apikey': kafka?.apiKey,
      },
    };
  },
  checks: [bothHeaderLists, off],
};
