import { isTruthy, defaultTo } from '../../../helm/truth';
import type { Context } from '../../context';
import type { CertificateRequest } from '../../parts/certificates';

/** The Secrets with the mesh's certificates. */
export const CERTIFICATES = {
  server: 'clustermesh-apiserver-server-cert',
  admin: 'clustermesh-apiserver-admin-cert',
  remote: 'clustermesh-apiserver-remote-cert',
  local: 'clustermesh-apiserver-local-cert',
} as const;

/**
 * The certificates of the mesh, in a fixed order: that of its etcd, then those with which the API server, remote
 * clusters and, through KVStoreMesh, this cluster's agents log in; the common name is the etcd user.
 */
export function meshCertificates(ctx: Context): readonly CertificateRequest[] {
  const { cluster, clustermesh } = ctx.v;
  const { tls, kvstoremesh } = clustermesh.apiserver;
  const name = cluster.name ?? '';
  const client = (secret: string, commonName: string): CertificateRequest => ({
    name: secret,
    commonName,
    uses: ['client auth'],
  });
  return [
    server(ctx),
    client(CERTIFICATES.admin, `admin-${name}`),
    client(CERTIFICATES.remote, tls.authMode === 'cluster' ? `remote-${name}` : 'remote'),
    ...(isTruthy(kvstoremesh.enabled) ? [client(CERTIFICATES.local, `local-${name}`)] : []),
  ];
}

function server({ v, namespace, has }: Context): CertificateRequest {
  const { auto, server: old } = v.clustermesh.apiserver.tls;
  // The newest release still reads the old names, but has no defaults for them.
  const extra = {
    names: defaultTo(auto.server?.extraDnsNames, { ...old }.extraDnsNames),
    addresses: defaultTo(auto.server?.extraIpAddresses, { ...old }.extraIpAddresses),
  };
  const inCluster = `clustermesh-apiserver.${namespace}.svc`;
  const everywhere = 'clustermesh-apiserver.cilium.io';
  const remote = '*.mesh.cilium.io';
  const names = has('mesh-server-named-by-service') ? [inCluster, remote] : [everywhere, remote, inCluster];
  return {
    name: CERTIFICATES.server,
    commonName: names[0] ?? '',
    dnsNames: [...names, ...(extra.names ?? [])],
    ipAddresses: ['127.0.0.1', '::1', ...(extra.addresses ?? [])],
    uses: ['server auth'],
  };
}
