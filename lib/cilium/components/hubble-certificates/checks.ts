import type { CiliumValues } from '../../../../imports/cilium-chart';
import { isTruthy } from '../../../helm/truth';
import type { Check } from '../../check';
import type { Context } from '../../context';
import { layered, valuesWith } from '../../layers';
import { hubbleCertificates, metricsServerName } from '../../parts/hubble-certificates';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { handedOver } from './secret';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/configuration/tls/';
const ISSUED: CiliumValues = {
  hubble: { tls: { auto: { method: 'certmanager', certManagerIssuerRef: { kind: 'Issuer', name: 'cilium' } } } },
};

/** Some certificate is to be made, not handed over. */
function madeByItself({ v: { hubble } }: Context): boolean {
  return (
    isTruthy(hubble.enabled) &&
    isTruthy(hubble.tls.auto.enabled) &&
    (isTruthy(hubble.tls.enabled) || isTruthy(hubble.metrics.tls.enabled))
  );
}

const madeWhileRendering: Check = {
  id: 'hubble-certificates/made-while-rendering',
  level: 'error',
  when: (ctx) => madeByItself(ctx) && ctx.v.hubble.tls.auto.method === 'helm',
  paths: ['hubble.tls.auto.method'],
  message: "The method 'helm' makes new keys at every render and writes them into the output; nothing here makes keys.",
  hint: "Leave it out for 'cronJob', which makes them in the cluster, choose 'certmanager', or set hubble.tls.auto.enabled to false and hand over certificates or the names of existing Secrets.",
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { tls: { auto: { method: 'helm' } } } } },
    good: { values: { hubble: { tls: { auto: { method: 'cronJob' } } } } },
  },
};

const madeByNobody: Check = {
  id: 'hubble-certificates/made-by-nobody',
  level: 'warning',
  when: (ctx) => madeByItself(ctx) && !['cronJob', 'certmanager', 'helm'].includes(ctx.v.hubble.tls.auto.method ?? ''),
  paths: ['hubble.tls.auto.method'],
  message: 'No method is chosen, so that nobody makes the certificates which agents wait for.',
  hint: "Leave hubble.tls.auto.method out, or choose 'cronJob' or 'certmanager'.",
  docs: DOCS,
  examples: {
    bad: { values: valuesWith('hubble.tls.auto.method', null) },
    good: { values: { hubble: { tls: { auto: { method: 'cronJob' } } } } },
  },
};

const noIssuer: Check = {
  id: 'hubble-certificates/no-issuer',
  level: 'error',
  when: ({ v: { hubble } }) => {
    const { enabled, method, certManagerIssuerRef } = hubble.tls.auto;
    const issued =
      isTruthy(hubble.enabled) && isTruthy(hubble.tls.enabled) && isTruthy(enabled) && method === 'certmanager';
    return issued && !Object.values(certManagerIssuerRef).some((said) => said !== undefined);
  },
  paths: ['hubble.tls.auto.certManagerIssuerRef'],
  message: 'cert-manager is to make the certificates, but no issuer is named.',
  hint: 'Name the issuer: group, kind and name in hubble.tls.auto.certManagerIssuerRef.',
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

/** Without automatic certificates each one is handed over, with its key, or lies in a Secret of the user. */
const missing: readonly Check[] = Object.entries(HANDED_OVER).map(([name, path]) => ({
  id: `hubble-certificates/no-${name}`,
  level: 'error',
  when: (ctx) =>
    handedOver(ctx).some((one) => one.path === path && (!isTruthy(one.values.cert) || !isTruthy(one.values.key))),
  paths: [`${path}.cert`, `${path}.key`],
  message: 'Certificates are not made automatically, and this one or its key is not handed over.',
  hint: `Set both (base64), or ${path}.existingSecret, or hubble.tls.auto.enabled.`,
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

const wrongMetricsName: Check = {
  id: 'hubble-certificates/wrong-metrics-name',
  level: 'warning',
  when: (ctx) => {
    const { enabled, tls } = ctx.v.hubble.metrics;
    const { existingSecret, extraDnsNames } = tls.server;
    const used = madeByCertgen(ctx) && isTruthy(enabled) && isTruthy(tls.enabled) && !isTruthy(existingSecret);
    return used && !(extraDnsNames ?? []).includes(metricsServerName(ctx.v));
  },
  paths: ['hubble.metrics.tls.enabled', 'hubble.tls.auto.method'],
  message: ({ v }) =>
    `The chart has certgen make the metrics' certificate for a mangled name instead of ${metricsServerName(v)}.`,
  hint: "Add that name to hubble.metrics.tls.server.extraDnsNames, or choose the method 'certmanager'.",
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

const noMetricsCertificate: Check = {
  id: 'hubble-certificates/no-metrics-certificate',
  level: 'warning',
  when: (ctx) => {
    const { metrics, tls } = ctx.v.hubble;
    const needed =
      ctx.facts.hubbleMetrics && isTruthy(metrics.tls.enabled) && !isTruthy(metrics.tls.server.existingSecret);
    const byCertgen = isTruthy(tls.auto.enabled) && tls.auto.method === 'cronJob';
    return needed && byCertgen && (!isTruthy(tls.enabled) || !isTruthy(metrics.enabled));
  },
  paths: ['hubble.metrics.tls.enabled', 'hubble.tls.auto.method'],
  message:
    'certgen makes no certificate for the metrics when Hubble itself has no TLS, or when all metrics are dynamic.',
  hint: "Choose the method 'certmanager', or name a Secret in hubble.metrics.tls.server.existingSecret.",
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

const lostPrivateKey: Check = {
  id: 'hubble-certificates/private-key-lost',
  level: 'warning',
  when: (ctx) =>
    madeByItself(ctx) && ctx.v.hubble.tls.auto.method === 'certmanager' && isTruthy(ctx.v.hubble.tls.auto.privateKey),
  paths: ['hubble.tls.auto.privateKey'],
  message: 'The chart writes the settings of private keys a second time, so that these are lost.',
  hint: 'Leave hubble.tls.auto.privateKey out.',
  docs: DOCS,
  examples: {
    bad: {
      values: layered([ISSUED, { hubble: { tls: { auto: { privateKey: { algorithm: 'ECDSA' } } } } }]),
      version: '1.20.0',
    },
    good: { values: ISSUED, version: '1.20.0' },
  },
};

const nothingRenews: Check = {
  id: 'hubble-certificates/nothing-renews',
  level: 'warning',
  when: (ctx) => madeByCertgen(ctx) && !isTruthy(ctx.v.hubble.tls.auto.schedule),
  paths: ['hubble.tls.auto.schedule'],
  message: 'Without a schedule nothing makes the certificates anew before they expire.',
  hint: 'Set hubble.tls.auto.schedule, in the spelling of cron.',
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { tls: { auto: { schedule: '' } } } } },
    good: { values: { hubble: { tls: { auto: { schedule: '0 3 1 */2 *' } } } } },
  },
};

const ownSecretsUnused: Check = {
  id: 'hubble-certificates/values-unused',
  level: 'warning',
  when: (ctx) =>
    madeByItself(ctx) &&
    Object.values(hubbleCertificates(ctx.v)).some(({ values }) => isTruthy(values.cert) || isTruthy(values.key)),
  paths: ['hubble.tls.auto.enabled'],
  message: 'A certificate is handed over among the values, but certificates are made automatically: it is not used.',
  hint: 'Set hubble.tls.auto.enabled to false.',
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { tls: { server: { cert: 'Y2VydA==', key: 'a2V5' } } } } },
    good: { values: { hubble: { tls: { auto: { enabled: false }, server: { cert: 'Y2VydA==', key: 'a2V5' } } } } },
  },
};

/** What must be there for every certificate to come from somewhere, and what comes from nowhere. */
export const hubbleCertificateChecks: readonly Check[] = [
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
];
