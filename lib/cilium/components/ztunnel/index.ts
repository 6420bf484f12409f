import { isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import type { Component } from '../../feature';
import { serviceAccount } from '../../parts/access';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { selectorLabelRule } from '../../parts/selector-label';
import { daemonSet, SELECTOR } from './daemon-set';
import { rootCertificate, secret } from './secret';

/** ztunnel: encrypts the traffic of the pods of its node. In older versions the operator creates its pods. */
export const ztunnel: Component = {
  name: 'ztunnel',
  objects: (ctx) => {
    if (!isOn(ctx)) return [];
    const { ztunnel: account } = ctx.v.serviceAccounts;
    const annotations = ctx.v.encryption.ztunnel?.annotations;
    return [
      isTruthy(account?.create) ? serviceAccount(ctx, account, annotations) : undefined,
      secret(ctx),
      daemonSet(ctx),
    ];
  },
  rules: [
    {
      id: 'ztunnel/root-certificate',
      level: 'warning',
      find: (ctx) =>
        isOn(ctx) &&
        isTruthy(rootCertificate(ctx)) &&
        !rootCertificate(ctx)?.includes('-----BEGIN CERTIFICATE-----') &&
        problem(
          'encryption.ztunnel.secrets.bootstrapRootCert',
          'This is not a PEM certificate, and it is written into the Secret as it is: base64 would be encoded twice.',
          'Set the PEM text, which begins with -----BEGIN CERTIFICATE-----, or create the Secret cilium-ztunnel-secrets yourself.',
        ),
      examples: {
        bad: { version: '1.19.6', values: on({ secrets: { bootstrapRootCert: 'LS0tLS1CRUdJTg==' } }) },
        good: {
          version: '1.19.6',
          values: on({ secrets: { bootstrapRootCert: '-----BEGIN CERTIFICATE-----\nAA==\n' } }),
        },
      },
    },
    ...neededValues([neededAccount('ztunnel', isOn, { on: on({}), good: 'ztunnel', version: '1.19.6' })]),
    selectorLabelRule({
      component: 'ztunnel',
      label: SELECTOR.app,
      key: 'app',
      path: 'encryption.ztunnel.podLabels',
      podLabels: ({ v }) => v.encryption.ztunnel?.podLabels,
      enabled: isOn,
      on: on({}),
      version: '1.19.6',
    }),
  ],
};

function isOn({ v, has }: Context): boolean {
  return has('ztunnel-daemon-set') && isTruthy(v.encryption.enabled) && v.encryption.type === 'ztunnel';
}

function on<T>(values: T): {
  readonly encryption: { readonly enabled: true; readonly type: 'ztunnel'; readonly ztunnel: T };
} {
  return { encryption: { enabled: true, type: 'ztunnel', ztunnel: values } };
}
