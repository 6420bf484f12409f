import type { CiliumValues } from '../../../../imports/cilium-chart';
import { isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import { layered, valuesWith } from '../../layers';
import type { ValuesRule } from '../../values-rule';
import { issuedRules } from '../../parts/cert-manager-rules';
import { certgenRules } from '../../parts/certgen-rules';
import { keepsOwnStore } from '../../parts/mesh-store';
import { PROVIDED, wantsProvided } from './secret';

const DOCS = 'https://docs.cilium.io/en/stable/network/clustermesh/clustermesh/';
const TLS = 'clustermesh.apiserver.tls';

const MESH: CiliumValues = { cluster: { name: 'home', id: 1 }, clustermesh: { useAPIServer: true } };
const CERTGEN: CiliumValues = layered([MESH, valuesWith(`${TLS}.auto.method`, 'cronJob')]);
const PAIR = { cert: 'Y2VydA==', key: 'a2V5' };
const HANDED_OVER: CiliumValues = layered([
  MESH,
  valuesWith(`${TLS}.auto.enabled`, false),
  ...PROVIDED.map((name) => valuesWith(`${TLS}.${name}`, PAIR)),
]);

/** The method of automatic certificates. */
function madeBy({ v }: Context): string | undefined {
  const { useAPIServer, apiserver } = v.clustermesh;
  const { enabled, method } = apiserver.tls.auto;
  return isTruthy(useAPIServer) && isTruthy(enabled) ? (method ?? '') : undefined;
}

const madeWhileRendering: ValuesRule = {
  id: 'cluster-mesh/made-while-rendering',
  level: 'error',
  find: (ctx) =>
    madeBy(ctx) === 'helm' &&
    problem(
      `${TLS}.auto.method`,
      "The method 'helm' generates new keys at every render and writes them into the output; this library generates no keys.",
      `Use 'cronJob' (the default, which generates them in the cluster) or 'certmanager', or set ${TLS}.auto.enabled to false and provide Secrets.`,
    ),
  docs: DOCS,
  examples: { bad: { values: layered([MESH, valuesWith(`${TLS}.auto.method`, 'helm')]) }, good: { values: CERTGEN } },
};

const madeByNobody: ValuesRule = {
  id: 'cluster-mesh/made-by-nobody',
  level: 'warning',
  find: (ctx) =>
    !['cronJob', 'certmanager', 'helm', undefined].includes(madeBy(ctx)) &&
    problem(
      `${TLS}.auto.method`,
      'No method is set, so nothing generates the certificates that the pods wait for.',
      `Remove ${TLS}.auto.method for its default, or set it to 'cronJob' or 'certmanager'.`,
    ),
  docs: DOCS,
  examples: { bad: { values: layered([MESH, valuesWith(`${TLS}.auto.method`, null)]) }, good: { values: CERTGEN } },
};

/** Without automatic certificates, early releases require each one with its key. */
const missing: readonly ValuesRule[] = PROVIDED.map((name) => ({
  id: `cluster-mesh/no-${name}`,
  level: 'error',
  find: (ctx) => {
    const values = ctx.v.clustermesh.apiserver.tls[name];
    return (
      wantsProvided(ctx) &&
      (!isTruthy(values?.cert) || !isTruthy(values.key)) &&
      problem(
        [`${TLS}.${name}.cert`, `${TLS}.${name}.key`],
        'Automatic certificates are off, and this certificate or its key is missing.',
        `Set both (base64), or set ${TLS}.enableSecrets to false and provide Secrets, or set ${TLS}.auto.enabled to true.`,
      )
    );
  },
  docs: DOCS,
  chart: `clustermesh-apiserver/tls-provided/${name}-secret.yaml`,
  examples: {
    bad: { values: layered([HANDED_OVER, valuesWith(`${TLS}.${name}.key`, '')]) },
    good: { values: HANDED_OVER },
  },
}));

const nothingRenews: ValuesRule = {
  id: 'cluster-mesh/nothing-renews',
  level: 'warning',
  find: (ctx) =>
    madeBy(ctx) === 'cronJob' &&
    keepsOwnStore(ctx) &&
    !isTruthy(ctx.v.clustermesh.apiserver.tls.auto.schedule) &&
    problem(
      `${TLS}.auto.schedule`,
      'Without a schedule nothing renews the certificates before they expire.',
      `Set ${TLS}.auto.schedule to a cron expression.`,
    ),
  docs: DOCS,
  examples: {
    bad: { values: CERTGEN },
    good: { values: layered([CERTGEN, valuesWith(`${TLS}.auto.schedule`, '0 3 1 */2 *')]) },
  },
};

const unused: ValuesRule = {
  id: 'cluster-mesh/values-unused',
  level: 'warning',
  find: (ctx) => {
    const { tls } = ctx.v.clustermesh.apiserver;
    return (
      madeBy(ctx) !== undefined &&
      PROVIDED.some((name) => isTruthy(tls[name]?.cert) || isTruthy(tls[name]?.key)) &&
      problem(
        `${TLS}.auto.enabled`,
        'A certificate is set, but automatic certificates are on: it is not used.',
        `Set ${TLS}.auto.enabled to false.`,
      )
    );
  },
  docs: DOCS,
  examples: { bad: { values: layered([MESH, valuesWith(`${TLS}.admin`, PAIR)]) }, good: { values: HANDED_OVER } },
};

/** Rules about the certificates of the mesh. */
export const MESH_CERTIFICATE_RULES: readonly ValuesRule[] = [
  madeWhileRendering,
  madeByNobody,
  ...missing,
  nothingRenews,
  unused,
  ...certgenRules({
    subject: 'cluster-mesh',
    path: `${TLS}.auto`,
    days: ({ v }) => v.clustermesh.apiserver.tls.auto.certValidityDuration,
    schedule: ({ v }) => v.clustermesh.apiserver.tls.auto.schedule,
    when: (ctx) => madeBy(ctx) === 'cronJob',
    on: CERTGEN,
  }),
  ...issuedRules({
    subject: 'cluster-mesh',
    path: `${TLS}.auto`,
    days: ({ v }) => v.clustermesh.apiserver.tls.auto.certValidityDuration,
    issuer: ({ v }) => v.clustermesh.apiserver.tls.auto.certManagerIssuerRef,
    when: (ctx) => madeBy(ctx) === 'certmanager',
    on: layered([
      MESH,
      valuesWith(`${TLS}.auto`, { method: 'certmanager', certManagerIssuerRef: { kind: 'Issuer', name: 'mesh' } }),
    ]),
  }),
];
