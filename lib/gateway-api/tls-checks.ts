import { versionFeatures } from '../cilium/version-features';
import type { ResourceCheck } from '../custom-resource/check';
import type { GatewayListener, GatewayProps } from './gateway';
import { GATEWAY_DOCS, HTTP, HTTPS, PASS, certificatesOf, eachListener, gatewayWith } from './gateway-parts';

type Check = ResourceCheck<GatewayProps>;

const withHttps = { props: gatewayWith(HTTPS) };

const endsTls = ({ protocol, tls }: GatewayListener): boolean =>
  (protocol === 'HTTPS' || protocol === 'TLS') && (tls?.mode ?? 'Terminate') === 'Terminate';

/** How listeners end TLS, or pass it on. */
export const TLS_CHECKS: readonly Check[] = [
  {
    id: 'gateway/tls-missing',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachListener(props, ({ protocol, tls }, path) =>
        (protocol === 'HTTPS' || protocol === 'TLS') && tls === undefined
          ? [
              {
                at: [`${path}.tls`],
                says: `${protocol} without a word about TLS is served in plain.`,
                fix: "Write `tls: { certificateRefs: ['my-tls'] }`.",
              },
            ]
          : [],
      ),
    examples: { bad: { props: gatewayWith({ name: 'https', port: 443, protocol: 'HTTPS' }) }, good: withHttps },
  },
  {
    id: 'gateway/tls-on-plain',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachListener(props, ({ protocol, tls }, path) =>
        tls !== undefined && ['HTTP', 'TCP', 'UDP'].includes(protocol)
          ? [
              {
                at: [`${path}.tls`, `${path}.protocol`],
                says: `${protocol} has no TLS, and the API server refuses it.`,
                fix: 'Take HTTPS or TLS, or leave `tls` out.',
              },
            ]
          : [],
      ),
    examples: { bad: { props: gatewayWith({ ...HTTP, tls: { certificateRefs: ['home-tls'] } }) }, good: withHttps },
  },
  {
    id: 'gateway/tls-mode',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachListener(props, ({ protocol, tls }, path) => {
        const mode = tls?.mode ?? 'Terminate';
        if (tls === undefined) return [];
        if (protocol === 'HTTPS' && mode !== 'Terminate')
          return [
            {
              at: [`${path}.tls.mode`],
              says: 'HTTPS ends TLS here, and the API server refuses anything else.',
              fix: 'Take the protocol TLS to pass connections on.',
            },
          ];
        if (protocol === 'TLS' && mode !== 'Passthrough')
          return [
            {
              at: [`${path}.tls.mode`],
              says: 'Cilium passes TLS connections on as they are, and cannot end them for TLSRoutes.',
              fix: 'Write `mode: Passthrough`, or take the protocol HTTPS.',
            },
          ];
        return [];
      }),
    examples: {
      bad: { props: gatewayWith({ ...HTTPS, tls: { mode: 'Passthrough' } }) },
      good: { props: gatewayWith(PASS) },
    },
  },
  {
    id: 'gateway/certificate-missing',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachListener(props, (listener, path) =>
        endsTls(listener) &&
        listener.protocol === 'HTTPS' &&
        listener.tls !== undefined &&
        certificatesOf(listener).length === 0
          ? [
              {
                at: [`${path}.tls.certificateRefs`],
                says: 'There is no certificate to end TLS with.',
                fix: "Write `certificateRefs: ['my-tls']`, the name of a Secret of type kubernetes.io/tls.",
              },
            ]
          : [],
      ),
    examples: { bad: { props: gatewayWith({ ...HTTPS, tls: {} }) }, good: withHttps },
  },
  {
    id: 'gateway/certificates',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props, ciliumVersion }) =>
      versionFeatures(ciliumVersion)('gateway-admission-policy')
        ? eachListener(props, (listener, path) =>
            endsTls(listener) && certificatesOf(listener).length > 1
              ? [
                  {
                    at: [`${path}.tls.certificateRefs`],
                    says: "Cilium's admission policy takes exactly one certificate per listener.",
                    fix: 'Make a listener for each hostname.',
                  },
                ]
              : [],
          )
        : [],
    examples: {
      bad: { version: '1.20.0', props: gatewayWith({ ...HTTPS, tls: { certificateRefs: ['a', 'b'] } }) },
      good: { version: '1.20.0', ...withHttps },
    },
  },
  {
    id: 'gateway/certificate-kind',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachListener(props, (listener, path) =>
        certificatesOf(listener).flatMap(({ kind = 'Secret', group = '' }, i) =>
          kind === 'Secret' && group === ''
            ? []
            : [
                {
                  at: [`${path}.tls.certificateRefs[${String(i)}]`],
                  says: `Cilium takes certificates from Secrets, not from a ${kind}.`,
                  fix: 'Name the Secret that holds the certificate.',
                },
              ],
        ),
      ),
    examples: {
      bad: {
        props: gatewayWith({
          ...HTTPS,
          tls: { certificateRefs: [{ kind: 'Certificate', group: 'cert-manager.io', name: 'home' }] },
        }),
      },
      good: withHttps,
    },
  },
  {
    id: 'gateway/certificate-elsewhere',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props, namespace }) =>
      eachListener(props, (listener, path) =>
        certificatesOf(listener).flatMap(({ namespace: theirs }, i) =>
          theirs === undefined || theirs === namespace
            ? []
            : [
                {
                  at: [`${path}.tls.certificateRefs[${String(i)}].namespace`],
                  says: `A certificate of ${theirs} may be used only when a ReferenceGrant there allows it.`,
                  fix: 'Make one, or keep the Secret beside the gateway.',
                },
              ],
        ),
      ),
    examples: {
      bad: {
        props: gatewayWith({ ...HTTPS, tls: { certificateRefs: [{ name: 'home-tls', namespace: 'certificates' }] } }),
      },
      good: withHttps,
    },
  },
  {
    id: 'gateway/tls-options',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachListener(props, ({ tls }, path) =>
        Object.keys(tls?.options ?? {}).length === 0
          ? []
          : [
              {
                at: [`${path}.tls.options`],
                says: 'Cilium knows no options of TLS, and passes over them.',
                fix: 'Leave them out.',
              },
            ],
      ),
    examples: {
      bad: {
        props: gatewayWith({
          ...HTTPS,
          tls: { certificateRefs: ['home-tls'], options: { 'example.test/min-version': '1.3' } },
        }),
      },
      good: withHttps,
    },
  },
  {
    id: 'gateway/client-certificates',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props: { tls } }) => [
      ...(tls?.frontend === undefined
        ? []
        : [
            {
              at: ['tls.frontend'],
              says: 'Cilium asks no client for a certificate, and lets everybody in.',
              fix: 'Leave it out, and check clients behind the gateway.',
            },
          ]),
      ...(tls?.backend === undefined
        ? []
        : [{ at: ['tls.backend'], says: 'Cilium shows no certificate of its own to backends.', fix: 'Leave it out.' }]),
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
