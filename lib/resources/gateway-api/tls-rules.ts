import type { GatewayListener, GatewayProps } from './props';
import { versionFeatures } from '../../cilium/version-features';
import type { ResourceRule } from '../../resource/kind';
import { GATEWAY_DOCS, HTTP, HTTPS, PASS, certificatesOf, eachListener, gatewayWith } from './gateway-model';

type Check = ResourceRule<GatewayProps>;

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
                paths: [`${path}.tls`],
                message: `${protocol} without a word about TLS is served in plain.`,
                hint: "Write `tls: { certificateRefs: ['my-tls'] }`.",
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
                paths: [`${path}.tls`, `${path}.protocol`],
                message: `${protocol} has no TLS, and the API server refuses it.`,
                hint: 'Take HTTPS or TLS, or leave `tls` out.',
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
              paths: [`${path}.tls.mode`],
              message: 'HTTPS ends TLS here, and the API server refuses anything else.',
              hint: 'Take the protocol TLS to pass connections on.',
            },
          ];
        if (protocol === 'TLS' && mode !== 'Passthrough')
          return [
            {
              paths: [`${path}.tls.mode`],
              message: 'Cilium passes TLS connections on as they are, and cannot end them for TLSRoutes.',
              hint: 'Write `mode: Passthrough`, or take the protocol HTTPS.',
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
                paths: [`${path}.tls.certificateRefs`],
                message: 'There is no certificate to end TLS with.',
                hint: "Write `certificateRefs: ['my-tls']`, the name of a Secret of type kubernetes.io/tls.",
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
                    paths: [`${path}.tls.certificateRefs`],
                    message: "Cilium's admission policy takes exactly one certificate per listener.",
                    hint: 'Make a listener for each hostname.',
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
                  paths: [`${path}.tls.certificateRefs[${String(i)}]`],
                  message: `Cilium takes certificates from Secrets, not from a ${kind}.`,
                  hint: 'Name the Secret that holds the certificate.',
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
                  paths: [`${path}.tls.certificateRefs[${String(i)}].namespace`],
                  message: `A certificate of ${theirs} may be used only when a ReferenceGrant there allows it.`,
                  hint: 'Make one, or keep the Secret beside the gateway.',
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
                paths: [`${path}.tls.options`],
                message: 'Cilium knows no options of TLS, and passes over them.',
                hint: 'Leave them out.',
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
              paths: ['tls.frontend'],
              message: 'Cilium asks no client for a certificate, and lets everybody in.',
              hint: 'Leave it out, and check clients behind the gateway.',
            },
          ]),
      ...(tls?.backend === undefined
        ? []
        : [
            {
              paths: ['tls.backend'],
              message: 'Cilium shows no certificate of its own to backends.',
              hint: 'Leave it out.',
            },
          ]),
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
