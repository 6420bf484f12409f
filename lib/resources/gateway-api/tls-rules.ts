import { versionFeatures } from '../../cilium/version-features';
import { problem } from '../../rules/rule';
import { GATEWAY_DOCS, HTTP, HTTPS, PASS, gatewayWith, grantOf, listening } from './examples';
import type { GatewayRule, ListenerRules, ListenersOf, ListenersProps } from './examples';
import { grantProblem } from './grants';

const withHttps = { props: gatewayWith(HTTPS) };

/** Rules about TLS of listeners. */
export const tlsRules: ListenerRules = <P extends ListenersProps>(of: ListenersOf) => {
  const { subject: id } = of;
  const foreign = listening<P>(of, {
    ...HTTPS,
    tls: { certificateRefs: [{ name: 'home-tls', namespace: 'certificates' }] },
  });
  return [
    {
      id: `${id}/tls-missing`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        model.listeners
          .filter(({ protocol, tls }) => (protocol === 'HTTPS' || protocol === 'TLS') && tls === undefined)
          .map(({ at, protocol }) =>
            problem(
              `${at}.tls`,
              `An ${protocol === 'TLS' ? 'TLS' : 'HTTPS'} listener without \`tls\` is served unencrypted.`,
              "Write `tls: { certificateRefs: ['my-tls'] }`.",
            ),
          ),
      examples: {
        bad: listening<P>(of, { name: 'https', port: 443, protocol: 'HTTPS' }),
        good: listening<P>(of, HTTPS),
      },
    },
    {
      id: `${id}/tls-on-plain`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        model.listeners
          .filter(({ protocol, tls }) => tls !== undefined && ['HTTP', 'TCP', 'UDP'].includes(protocol))
          .map(({ at, protocol }) =>
            problem(
              [`${at}.tls`, `${at}.protocol`],
              `${protocol} does not use TLS, and the API server rejects \`tls\`.`,
              'Write HTTPS or TLS, or leave `tls` out.',
            ),
          ),
      examples: {
        bad: listening<P>(of, { ...HTTP, tls: { certificateRefs: ['home-tls'] } }),
        good: listening<P>(of, HTTPS),
      },
    },
    {
      id: `${id}/tls-mode`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        model.listeners.flatMap(({ at, protocol, tls }) => {
          const mode = tls?.mode ?? 'Terminate';
          if (protocol === 'HTTPS' && mode !== 'Terminate')
            return problem(
              `${at}.tls.mode`,
              'HTTPS listeners terminate TLS, and the API server rejects any other mode.',
              'Write the protocol TLS to pass connections through.',
            );
          return protocol === 'TLS' && tls !== undefined && mode !== 'Passthrough'
            ? problem(
                `${at}.tls.mode`,
                'Cilium passes TLS connections through, and cannot terminate them for TLSRoutes.',
                'Write `mode: Passthrough`, or the protocol HTTPS.',
              )
            : [];
        }),
      examples: {
        bad: listening<P>(of, { ...HTTPS, tls: { mode: 'Passthrough' } }),
        good: listening<P>(of, PASS),
      },
    },
    {
      id: `${id}/certificate-missing`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        model.listeners
          .filter(
            ({ protocol, tls, terminates, certificates }) =>
              protocol === 'HTTPS' && tls !== undefined && terminates && certificates.length === 0,
          )
          .map(({ at }) =>
            problem(
              `${at}.tls.certificateRefs`,
              'There is no certificate to terminate TLS with.',
              "Write `certificateRefs: ['my-tls']`, the name of a Secret of type kubernetes.io/tls.",
            ),
          ),
      examples: { bad: listening<P>(of, { ...HTTPS, tls: {} }), good: listening<P>(of, HTTPS) },
    },
    {
      id: `${id}/certificate-kind`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        model.listeners
          .flatMap(({ certificates }) => certificates)
          .filter(({ kind, group }) => kind !== 'Secret' || group !== '')
          .map(({ at, kind }) =>
            problem(
              at,
              `Cilium reads certificates from Secrets, not from a ${kind}.`,
              'Name the Secret that holds the certificate.',
            ),
          ),
      examples: {
        bad: listening<P>(of, {
          ...HTTPS,
          tls: { certificateRefs: [{ kind: 'Certificate', group: 'cert-manager.io', name: 'home' }] },
        }),
        good: listening<P>(of, HTTPS),
      },
    },
    {
      id: `${id}/certificate-elsewhere`,
      level: 'warning',
      docs: GATEWAY_DOCS,
      find: (subject) =>
        subject.model.listeners
          .flatMap(({ certificates }) => certificates)
          .flatMap(({ at, group, kind, name, namespace }) => {
            const { namespace: own = 'default' } = subject;
            if (namespace === undefined || namespace === own) return [];
            const reference = {
              from: { kind: of.kind, namespace: own },
              to: { group, kind, name, namespace },
            } as const;
            return grantProblem(`${at}.namespace`, 'A certificate', reference, subject) ?? [];
          }),
      examples: {
        bad: foreign,
        good: {
          ...foreign,
          grants: [
            grantOf({ name: 'gateways', namespace: 'certificates' }, of.kind, { kind: 'Secret', name: 'home-tls' }),
          ],
        },
      },
    },
    {
      id: `${id}/tls-options`,
      level: 'warning',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        model.listeners
          .filter(({ tls }) => Object.keys(tls?.options ?? {}).length > 0)
          .map(({ at }) => problem(`${at}.tls.options`, 'Cilium ignores TLS options.', 'Leave them out.')),
      examples: {
        bad: listening<P>(of, {
          ...HTTPS,
          tls: { certificateRefs: ['home-tls'], options: { 'example.test/min-version': '1.3' } },
        }),
        good: listening<P>(of, HTTPS),
      },
    },
  ];
};

/** Rules about TLS of gateways. */
export const TLS_RULES: readonly GatewayRule[] = [
  {
    id: 'gateway/certificates',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ model, ciliumVersion }) =>
      versionFeatures(ciliumVersion)('gateway-admission-policy') &&
      model.listeners
        .filter(({ terminates, certificates }) => terminates && certificates.length > 1)
        .map(({ at }) =>
          problem(
            `${at}.tls.certificateRefs`,
            "Cilium's admission policy allows exactly one certificate per listener.",
            'Write a listener for each hostname.',
          ),
        ),
    examples: {
      bad: { version: '1.20.0', props: gatewayWith({ ...HTTPS, tls: { certificateRefs: ['a', 'b'] } }) },
      good: { version: '1.20.0', ...withHttps },
    },
  },
  {
    id: 'gateway/client-certificates',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props: { tls } }) => [
      ...(tls?.frontend === undefined
        ? []
        : [
            problem(
              'tls.frontend',
              'Cilium does not verify client certificates: every client is accepted.',
              'Leave it out, and verify clients behind the gateway.',
            ),
          ]),
      ...(tls?.backend === undefined
        ? []
        : [problem('tls.backend', 'Cilium does not present a client certificate to backends.', 'Leave it out.')]),
    ],
    examples: {
      bad: {
        version: '1.20.0',
        props: { ...withHttps.props, tls: { backend: { clientCertificateRef: { name: 'home-tls' } } } },
      },
      good: { version: '1.20.0', ...withHttps },
    },
  },
];
