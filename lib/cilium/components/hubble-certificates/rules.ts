import type { CiliumValues } from '../../../../imports/cilium-chart';
import { isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import { layered, valuesWith } from '../../layers';
import type { ValuesRule } from '../../values-rule';
import { hubbleCertificates, metricsServerName } from '../../parts/hubble-certificates';
import { issuedRules } from '../../parts/cert-manager-rules';
import { certgenRules } from '../../parts/certgen-rules';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { handedOver } from './secret';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/configuration/tls/';
const ISSUED: CiliumValues = {
  hubble: { tls: { auto: { method: 'certmanager', certManagerIssuerRef: { kind: 'Issuer', name: 'cilium' } } } },
};

/** Automatic certificates are on and used. */
function madeByItself({ v: { hubble } }: Context): boolean {
  return (
    isTruthy(hubble.enabled) &&
    isTruthy(hubble.tls.auto.enabled) &&
    (isTruthy(hubble.tls.enabled) || isTruthy(hubble.metrics.tls.enabled))
  );
}

const madeWhileRendering: ValuesRule = {
  id: 'hubble-certificates/made-while-rendering',
  level: 'error',
  find: (ctx) =>
    madeByItself(ctx) &&
    ctx.v.hubble.tls.auto.method === 'helm' &&
    problem(
      'hubble.tls.auto.method',
      "The method 'helm' generates new keys at every render and writes them into the output; this library generates no keys.",
      "Use 'cronJob' (the default, which generates them in the cluster) or 'certmanager', or set hubble.tls.auto.enabled to false and provide certificates or the names of existing Secrets.",
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { tls: { auto: { method: 'helm' } } } } },
    good: { values: { hubble: { tls: { auto: { method: 'cronJob' } } } } },
  },
};

const madeByNobody: ValuesRule = {
  id: 'hubble-certificates/made-by-nobody',
  level: 'warning',
  find: (ctx) =>
    madeByItself(ctx) &&
    !['cronJob', 'certmanager', 'helm'].includes(ctx.v.hubble.tls.auto.method ?? '') &&
    problem(
      'hubble.tls.auto.method',
      'No method is set, so nothing generates the certificates that agents wait for.',
      "Remove hubble.tls.auto.method for its default, or set it to 'cronJob' or 'certmanager'.",
    ),
  docs: DOCS,
  examples: {
    bad: { values: valuesWith('hubble.tls.auto.method', null) },
    good: { values: { hubble: { tls: { auto: { method: 'cronJob' } } } } },
  },
};

const noIssuer: ValuesRule = {
  id: 'hubble-certificates/no-issuer',
  level: 'error',
  find: ({ v: { hubble } }) => {
    const { enabled, method, certManagerIssuerRef } = hubble.tls.auto;
    const issued =
      isTruthy(hubble.enabled) && isTruthy(hubble.tls.enabled) && isTruthy(enabled) && method === 'certmanager';
    return (
      issued &&
      !Object.values(certManagerIssuerRef).some((said) => said !== undefined) &&
      problem(
        'hubble.tls.auto.certManagerIssuerRef',
        'cert-manager issues the certificates, but no issuer is set.',
        'Set group, kind and name of the issuer in hubble.tls.auto.certManagerIssuerRef.',
      )
    );
  },
  docs: DOCS,
  chart: 'validate.yaml',
  examples: { bad: { values: { hubble: { tls: { auto: { method: 'certmanager' } } } } }, good: { values: ISSUED } },
};

const SECRETS_OF_THE_USER: CiliumValues = {
  hubble: {
    tls: { auto: { enabled: false }, server: { existingSecret: 'agents' } },
    metrics: { enabled: ['dns'], tls: { enabled: true, server: { existingSecret: 'metrics' } } },
    relay: {
      enabled: true,
      tls: { client: { existingSecret: 'relay-client' }, server: { enabled: true, existingSecret: 'relay' } },
    },
    ui: { enabled: true, tls: { client: { existingSecret: 'ui' } } },
  },
};

const HANDED_OVER = {
  server: 'hubble.tls.server',
  'relay-client': 'hubble.relay.tls.client',
  'relay-server': 'hubble.relay.tls.server',
  'metrics-server': 'hubble.metrics.tls.server',
  'ui-client': 'hubble.ui.tls.client',
} as const;

/** Without automatic certificates each one is set with its key, or is in an existing Secret. */
const missing: readonly ValuesRule[] = Object.entries(HANDED_OVER).map(([name, path]) => ({
  id: `hubble-certificates/no-${name}`,
  level: 'error',
  find: (ctx) =>
    handedOver(ctx).some((one) => one.path === path && (!isTruthy(one.values.cert) || !isTruthy(one.values.key))) &&
    problem(
      [`${path}.cert`, `${path}.key`],
      'Automatic certificates are off, and this certificate or its key is missing.',
      `Set both (base64), or set ${path}.existingSecret or hubble.tls.auto.enabled.`,
    ),
  docs: DOCS,
  chart: 'hubble/tls-provided',
  examples: {
    bad: { values: layered([SECRETS_OF_THE_USER, valuesWith(`${path}.existingSecret`, '')]) },
    good: { values: SECRETS_OF_THE_USER },
  },
}));

function madeByCertgen({ v: { hubble } }: Context): boolean {
  return (
    isTruthy(hubble.enabled) &&
    isTruthy(hubble.tls.enabled) &&
    isTruthy(hubble.tls.auto.enabled) &&
    hubble.tls.auto.method === 'cronJob'
  );
}

const wrongMetricsName: ValuesRule = {
  id: 'hubble-certificates/wrong-metrics-name',
  level: 'warning',
  find: (ctx) => {
    const { enabled, tls } = ctx.v.hubble.metrics;
    const { existingSecret, extraDnsNames } = tls.server;
    const used = madeByCertgen(ctx) && isTruthy(enabled) && isTruthy(tls.enabled) && !isTruthy(existingSecret);
    return (
      used &&
      !(extraDnsNames ?? []).includes(metricsServerName(ctx.v)) &&
      problem(
        ['hubble.metrics.tls.enabled', 'hubble.tls.auto.method'],
        `The chart passes a mangled server name for the metrics certificate to certgen, instead of ${metricsServerName(ctx.v)}.`,
        "Add that name to hubble.metrics.tls.server.extraDnsNames, or use the method 'certmanager'.",
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { metrics: { enabled: ['dns'], tls: { enabled: true } } } } },
    good: {
      values: {
        hubble: {
          metrics: {
            enabled: ['dns'],
            tls: { enabled: true, server: { extraDnsNames: ['default.hubble-metrics.cilium.io'] } },
          },
        },
      },
    },
  },
};

const noMetricsCertificate: ValuesRule = {
  id: 'hubble-certificates/no-metrics-certificate',
  level: 'warning',
  find: (ctx) => {
    const { metrics, tls } = ctx.v.hubble;
    const needed =
      ctx.facts.hubbleMetrics && isTruthy(metrics.tls.enabled) && !isTruthy(metrics.tls.server.existingSecret);
    const byCertgen = isTruthy(tls.auto.enabled) && tls.auto.method === 'cronJob';
    return (
      needed &&
      byCertgen &&
      (!isTruthy(tls.enabled) || !isTruthy(metrics.enabled)) &&
      problem(
        ['hubble.metrics.tls.enabled', 'hubble.tls.auto.method'],
        'certgen generates no certificate for the metrics when Hubble has no TLS, or when all metrics are dynamic.',
        "Use the method 'certmanager', or set hubble.metrics.tls.server.existingSecret.",
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: {
      values: {
        hubble: {
          metrics: { dynamic: { enabled: true, config: { content: [{ name: 'dns' }] } }, tls: { enabled: true } },
        },
      },
    },
    good: {
      values: layered([
        ISSUED,
        {
          hubble: {
            metrics: { dynamic: { enabled: true, config: { content: [{ name: 'dns' }] } }, tls: { enabled: true } },
          },
        },
      ]),
    },
  },
};

const lostPrivateKey: ValuesRule = {
  id: 'hubble-certificates/private-key-lost',
  level: 'warning',
  find: (ctx) =>
    madeByItself(ctx) &&
    ctx.v.hubble.tls.auto.method === 'certmanager' &&
    isTruthy(ctx.v.hubble.tls.auto.privateKey) &&
    problem(
      'hubble.tls.auto.privateKey',
      'The chart writes the private key settings twice, and these are lost.',
      'Leave hubble.tls.auto.privateKey out.',
    ),
  docs: DOCS,
  examples: {
    bad: {
      values: layered([ISSUED, { hubble: { tls: { auto: { privateKey: { algorithm: 'ECDSA' } } } } }]),
      version: '1.20.0',
    },
    good: { values: ISSUED, version: '1.20.0' },
  },
};

const nothingRenews: ValuesRule = {
  id: 'hubble-certificates/nothing-renews',
  level: 'warning',
  find: (ctx) =>
    madeByCertgen(ctx) &&
    !isTruthy(ctx.v.hubble.tls.auto.schedule) &&
    problem(
      'hubble.tls.auto.schedule',
      'Without a schedule nothing renews the certificates before they expire.',
      'Set hubble.tls.auto.schedule to a cron expression.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { tls: { auto: { schedule: '' } } } } },
    good: { values: { hubble: { tls: { auto: { schedule: '0 3 1 */2 *' } } } } },
  },
};

const ownSecretsUnused: ValuesRule = {
  id: 'hubble-certificates/values-unused',
  level: 'warning',
  find: (ctx) =>
    madeByItself(ctx) &&
    Object.values(hubbleCertificates(ctx.v)).some(({ values }) => isTruthy(values.cert) || isTruthy(values.key)) &&
    problem(
      'hubble.tls.auto.enabled',
      'A certificate is set, but automatic certificates are on: it is not used.',
      'Set hubble.tls.auto.enabled to false.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { tls: { server: { cert: 'Y2VydA==', key: 'a2V5' } } } } },
    good: { values: { hubble: { tls: { auto: { enabled: false }, server: { cert: 'Y2VydA==', key: 'a2V5' } } } } },
  },
};

/** Rules about Hubble's certificates. */
export const HUBBLE_CERTIFICATE_RULES: readonly ValuesRule[] = [
  madeWhileRendering,
  madeByNobody,
  noIssuer,
  ...missing,
  ...neededValues([neededAccount('hubblecertgen', madeByCertgen, { good: 'hubble-generate-certs' })]),
  wrongMetricsName,
  noMetricsCertificate,
  lostPrivateKey,
  nothingRenews,
  ownSecretsUnused,
  ...certgenRules({
    subject: 'hubble-certificates',
    path: 'hubble.tls.auto',
    days: ({ v }) => v.hubble.tls.auto.certValidityDuration,
    schedule: ({ v }) => v.hubble.tls.auto.schedule,
    when: madeByCertgen,
    on: {},
  }),
  ...issuedRules({
    subject: 'hubble-certificates',
    path: 'hubble.tls.auto',
    days: ({ v }) => v.hubble.tls.auto.certValidityDuration,
    issuer: ({ v }) => v.hubble.tls.auto.certManagerIssuerRef,
    when: (ctx) => madeByItself(ctx) && ctx.v.hubble.tls.auto.method === 'certmanager',
    on: ISSUED,
  }),
];
