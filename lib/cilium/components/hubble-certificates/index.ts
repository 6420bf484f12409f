import { isTruthy } from '../../../helm/truth';
import type { Component } from '../../feature';
import { certificates } from './certificate';
import { certgenObjects } from './certgen';
import { HUBBLE_CERTIFICATE_RULES } from './rules';
import { secrets } from './secret';

/** The source of Hubble's certificates: a Job in the cluster, cert-manager, or the user. Rendering generates none. */
export const hubbleCertificates: Component = {
  name: 'hubble-certificates',
  objects: (ctx) => {
    const { enabled, tls } = ctx.v.hubble;
    if (!isTruthy(enabled)) return [];
    if (!isTruthy(tls.auto.enabled)) return secrets(ctx);
    if (tls.auto.method === 'certmanager') return certificates(ctx);
    return tls.auto.method === 'cronJob' && isTruthy(tls.enabled) ? certgenObjects(ctx) : [];
  },
  rules: HUBBLE_CERTIFICATE_RULES,
};
