import { isSet, isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { certificateSources, certificateVolume } from '../parts/certificate-volume';
import { hubbleCertificates, secretOf } from '../parts/hubble-certificates';

const FOLDER = '/var/lib/cilium/tls/hubble';

/** TLS between agents, relay and peers. The certificates are in `hubble-certificates`. */
export const hubbleTls: Feature = {
  name: 'hubble-tls',
  contribute: (ctx) => {
    const { hubble } = ctx.v;
    if (!isTruthy(hubble.enabled) || !isSet(hubble.listenAddress)) return {};
    if (!isTruthy(hubble.tls.enabled)) return { config: { 'hubble-disable-tls': true } };
    return {
      config: {
        'hubble-disable-tls': false,
        'hubble-tls-cert-file': `${FOLDER}/server.crt`,
        'hubble-tls-key-file': `${FOLDER}/server.key`,
        'hubble-tls-client-ca-files': `${FOLDER}/client-ca.crt`,
      },
      agent: {
        volumes: [certificateVolume('hubble-tls', sources(ctx))],
        mounts: [{ name: 'hubble-tls', mountPath: FOLDER, readOnly: true }],
      },
    };
  },
};

function sources(ctx: Context): ReturnType<typeof certificateSources> {
  return certificateSources(ctx, {
    secret: secretOf(hubbleCertificates(ctx.v).server),
    files: { 'tls.crt': 'server.crt', 'tls.key': 'server.key' },
    authority: 'client-ca.crt',
  });
}
