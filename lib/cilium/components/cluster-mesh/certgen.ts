import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { role, roleBinding, serviceAccount } from '../../parts/access';
import { certgenCronJob, certgenJob, certgenPermissions, certgenSpec } from '../../parts/certgen';
import type { CertgenRun } from '../../parts/certgen';
import { joined, partOfCilium } from '../../parts/metadata';
import { keepsOwnStore } from '../../parts/mesh-store';
import { CERTIFICATES, meshCertificates } from './certificates';
import { meshMetadata } from './labels';

const NAME = 'clustermesh-apiserver-generate-certs';

/** A Job that generates the certificates, a CronJob that renews them, and their permissions. */
export function certgenObjects(ctx: Context): readonly KubernetesObject[] {
  const { clustermesh, certgen, commonLabels } = ctx.v;
  const run = certgenRun(ctx);
  const spec = certgenSpec(ctx, run);
  const own = { 'k8s-app': NAME };
  const now = {
    labels: joined(own, commonLabels, partOfCilium(ctx)),
    annotations: joined(certgen.annotations.job, clustermesh.annotations),
  };
  const again = meshMetadata(ctx, NAME, { labels: joined(own, partOfCilium(ctx), commonLabels) });
  const { schedule } = clustermesh.apiserver.tls.auto;
  return [
    ...access(ctx),
    ...(keepsOwnStore(ctx) ? [certgenJob(ctx, run, spec, now)] : []),
    ...(isTruthy(schedule) ? [certgenCronJob(ctx, again, spec, schedule)] : []),
  ];
}

function certgenRun(ctx: Context): CertgenRun {
  const { clustermesh, serviceAccounts } = ctx.v;
  const { podLabels, tls } = clustermesh.apiserver;
  return {
    name: NAME,
    // As in the chart: those of the API server, not of certgen.
    podLabels,
    account: serviceAccounts.clustermeshcertgen,
    certificates: meshCertificates(ctx),
    validity: tls.auto.certValidityDuration,
    confined: ctx.has('mesh-certgen-confined'),
  };
}

function access(ctx: Context): readonly KubernetesObject[] {
  const { clustermesh, serviceAccounts } = ctx.v;
  const account = serviceAccounts.clustermeshcertgen;
  if (!isTruthy(account.create)) return [];
  const metadata = meshMetadata(ctx, NAME);
  const secrets = [
    ...Object.values(CERTIFICATES),
    ...(ctx.has('mesh-client-certificate') ? ['clustermesh-apiserver-client-cert'] : []),
  ];
  return [
    serviceAccount(ctx, { name: account.name, annotations: joined(account.annotations, clustermesh.annotations) }),
    role(metadata, certgenPermissions(secrets)),
    roleBinding(ctx, metadata, NAME, account.name ?? ''),
  ];
}
