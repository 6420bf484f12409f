import type { CiliumValues } from '../../../../imports/cilium-chart';
import { isTruthy } from '../../../helm/truth';
import type { Check } from '../../check';
import type { Context } from '../../context';
import { layered, valuesWith } from '../../layers';
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

/** Certificates are to be made, by this method. */
function madeBy({ v }: Context): string | undefined {
  const { useAPIServer, apiserver } = v.clustermesh;
  const { enabled, method } = apiserver.tls.auto;
  return isTruthy(useAPIServer) && isTruthy(enabled) ? (method ?? '') : undefined;
}

const madeWhileRendering: Check = {
  id: 'cluster-mesh/made-while-rendering',
  level: 'error',
  when: (ctx) => madeBy(ctx) === 'helm',
  paths: [`${TLS}.auto.method`],
  message: "The method 'helm' makes new keys at every render and writes them into the output; nothing here makes keys.",
  hint: `Leave it out for 'cronJob', which makes them in the cluster, choose 'certmanager', or set ${TLS}.auto.enabled to false and bring Secrets.`,
  docs: DOCS,
  examples: { bad: { values: layered([MESH, valuesWith(`${TLS}.auto.method`, 'helm')]) }, good: { values: CERTGEN } },
};

const madeByNobody: Check = {
  id: 'cluster-mesh/made-by-nobody',
  level: 'warning',
  when: (ctx) => !['cronJob', 'certmanager', 'helm', undefined].includes(madeBy(ctx)),
  paths: [`${TLS}.auto.method`],
  message: 'No method is chosen, so that nobody makes the certificates which the pods wait for.',
  hint: `Leave ${TLS}.auto.method out, or choose 'cronJob' or 'certmanager'.`,
  docs: DOCS,
  examples: { bad: { values: layered([MESH, valuesWith(`${TLS}.auto.method`, null)]) }, good: { values: CERTGEN } },
};

/** Without automatic certificates, early releases want each one handed over with its key. */
const missing: readonly Check[] = PROVIDED.map((name) => ({
  id: `cluster-mesh/no-${name}`,
  level: 'error',
  when: (ctx) => {
    const values = ctx.v.clustermesh.apiserver.tls[name];
    return wantsProvided(ctx) && (!isTruthy(values?.cert) || !isTruthy(values.key));
  },
  paths: [`${TLS}.${name}.cert`, `${TLS}.${name}.key`],
  message: 'Certificates are not made automatically, and this one or its key is not handed over.',
  hint: `Set both (base64), or ${TLS}.enableSecrets to false and bring Secrets, or ${TLS}.auto.enabled to true.`,
  docs: DOCS,
  chart: `clustermesh-apiserver/tls-provided/${name}-secret.yaml`,
  examples: {
    bad: { values: layered([HANDED_OVER, valuesWith(`${TLS}.${name}.key`, '')]) },
    good: { values: HANDED_OVER },
  },
}));

const nothingRenews: Check = {
  id: 'cluster-mesh/nothing-renews',
  level: 'warning',
  when: (ctx) =>
    madeBy(ctx) === 'cronJob' && keepsOwnStore(ctx) && !isTruthy(ctx.v.clustermesh.apiserver.tls.auto.schedule),
  paths: [`${TLS}.auto.schedule`],
  message: 'Without a schedule nothing makes the certificates anew before they expire.',
  hint: `Set ${TLS}.auto.schedule, in the spelling of cron.`,
  docs: DOCS,
  examples: {
    bad: { values: CERTGEN },
    good: { values: layered([CERTGEN, valuesWith(`${TLS}.auto.schedule`, '0 3 1 */2 *')]) },
  },
};

const unused: Check = {
  id: 'cluster-mesh/values-unused',
  level: 'warning',
  when: (ctx) => {
    const { tls } = ctx.v.clustermesh.apiserver;
    return madeBy(ctx) !== undefined && PROVIDED.some((name) => isTruthy(tls[name]?.cert) || isTruthy(tls[name]?.key));
  },
  paths: [`${TLS}.auto.enabled`],
  message: 'A certificate is handed over among the values, but certificates are made automatically: it is not used.',
  hint: `Set ${TLS}.auto.enabled to false.`,
  docs: DOCS,
  examples: { bad: { values: layered([MESH, valuesWith(`${TLS}.admin`, PAIR)]) }, good: { values: HANDED_OVER } },
};

/** What must be there for every certificate of the mesh to come from somewhere. */
export const meshCertificateChecks: readonly Check[] = [
  madeWhileRendering,
  madeByNobody,
  ...missing,
  nothingRenews,
  unused,
];
