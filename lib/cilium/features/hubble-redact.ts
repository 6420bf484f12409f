import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { filledList } from '../parts/config-text';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/configuration/redact/';

/** One list allows headers, the other denies them. */
const bothHeaderLists: ValuesRule = {
  id: 'hubble-redact/both-header-lists',
  level: 'error',
  find: ({ v }) =>
    isTruthy(v.hubble.redact.http.headers.allow) &&
    isTruthy(v.hubble.redact.http.headers.deny) &&
    problem(
      ['hubble.redact.http.headers.allow', 'hubble.redact.http.headers.deny'],
      'Both allowed and denied headers are listed.',
      'Keep one of the two lists.',
    ),
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

/** Headers are listed, but redaction is off. */
const off: ValuesRule = {
  id: 'hubble-redact/off',
  level: 'warning',
  find: ({ v: { hubble } }) => {
    const { enabled, http } = hubble.redact;
    return (
      isTruthy(hubble.enabled) &&
      !isTruthy(enabled) &&
      [http.urlQuery, http.headers.allow, http.headers.deny].some((said) => isTruthy(said)) &&
      problem(
        'hubble.redact.enabled',
        'Redaction settings are set, but redaction is off.',
        'Set hubble.redact.enabled.',
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { redact: { http: { headers: { deny: ['authorization'] } } } } } },
    good: { values: { hubble: { redact: { enabled: true, http: { headers: { deny: ['authorization'] } } } } } },
  },
};

/** Redaction of secrets in HTTP and Kafka flows. */
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
  rules: [bothHeaderLists, off],
};
