import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { role, roleBinding, serviceAccount } from '../../parts/access';
import { certgenCronJob, certgenJob, certgenPermissions, certgenSpec } from '../../parts/certgen';
import type { CertgenRun } from '../../parts/certgen';
import type { CertificateRequest } from '../../parts/certificates';
import { hubbleCertificates } from '../../parts/hubble-certificates';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

const NAME = 'hubble-generate-certs';

/** A Job that generates the certificates, a CronJob that renews them, and their permissions. */
export function certgenObjects(ctx: Context): readonly KubernetesObject[] {
  const { hubble, certgen, commonLabels } = ctx.v;
  const run = certgenRun(ctx);
  const spec = certgenSpec(ctx, run);
  const labels = joined({ 'k8s-app': NAME, 'app.kubernetes.io/name': NAME }, partOfCilium(ctx), commonLabels);
  const { schedule } = hubble.tls.auto;
  const again = namespaced(ctx, NAME, { labels, annotations: joined(hubble.annotations, certgen.annotations.cronJob) });
  return [
    ...access(ctx),
    certgenJob(ctx, run, spec, { labels, annotations: joined(certgen.annotations.job, hubble.annotations) }),
    ...(isTruthy(schedule) ? [certgenCronJob(ctx, again, spec, schedule)] : []),
  ];
}

function certgenRun({ v }: Context): CertgenRun {
  return {
    name: NAME,
    podLabels: v.certgen.podLabels,
    account: v.serviceAccounts.hubblecertgen,
    certificates: requests(v),
    validity: v.hubble.tls.auto.certValidityDuration,
  };
}

function requests(v: Context['v']): readonly CertificateRequest[] {
  const { server, relayClient, relayServer, metricsServer, uiClient } = hubbleCertificates(v);
  // The chart ignores that dynamic metrics are served, too.
  const measured = { ...misnamed(metricsServer), wanted: metricsServer.wanted && isTruthy(v.hubble.metrics.enabled) };
  return [server, relayClient, relayServer, measured, uiClient].filter(({ wanted }) => wanted);
}

/** The chart's template ends too early here: the rest of its line becomes part of the certificate's name. */
function misnamed<T extends CertificateRequest>(request: T): T {
  const name = `${request.commonName} | quote }}`;
  return { ...request, commonName: name, dnsNames: [name, ...(request.dnsNames ?? []).slice(1)] };
}

function access(ctx: Context): readonly KubernetesObject[] {
  const { hubble, serviceAccounts, rbac, commonLabels } = ctx.v;
  const account = serviceAccounts.hubblecertgen;
  if (!isTruthy(account.create)) return [];
  const metadata = namespaced(ctx, NAME, {
    labels: joined(partOfCilium(ctx), commonLabels),
    annotations: joined(hubble.annotations),
  });
  const secrets = Object.values(hubbleCertificates(ctx.v)).map(({ name }) => name);
  return [
    serviceAccount(ctx, account, hubble.annotations),
    ...(isTruthy(rbac.create)
      ? [role(metadata, certgenPermissions(secrets)), roleBinding(ctx, metadata, NAME, account.name ?? '')]
      : []),
  ];
}
