import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { errorOnTalos } from '../values-rule';

const HOST_ROUTED = { kubeProxyReplacement: true, bpf: { masquerade: true } } as const;

/** Fair queueing and rate limits for pods, and BBR congestion control. */
export const bandwidth: Feature = {
  name: 'bandwidth',
  contribute: ({ v: { bandwidthManager } }) => {
    if (!isTruthy(bandwidthManager.enabled)) return {};
    return {
      config: {
        'enable-bandwidth-manager': bandwidthManager.enabled,
        'enable-bbr': bandwidthManager.bbr,
        'enable-bbr-hostns-only': bandwidthManager.bbrHostNamespaceOnly,
      },
    };
  },
  rules: [
    {
      id: 'bandwidth/bbr-in-host-stack',
      level: (ctx) => (isTruthy(ctx.v.bpf.hostLegacyRouting) ? errorOnTalos(ctx) : 'warning'),
      find: ({ v: { bandwidthManager, bpf }, facts }) =>
        isTruthy(bandwidthManager.enabled) &&
        isTruthy(bandwidthManager.bbr) &&
        !isTruthy(bandwidthManager.bbrHostNamespaceOnly) &&
        !facts.bpfHostRouting &&
        problem(
          ['bandwidthManager.bbr', 'bpf.hostLegacyRouting'],
          isTruthy(bpf.hostLegacyRouting)
            ? 'BBR for pods needs BPF host routing; with legacy host routing the agent refuses to start.'
            : "BBR has no effect for pods without BPF host routing, because the host's network stack loses the socket of a packet.",
          'Set kubeProxyReplacement and bpf.masquerade to true and remove bpf.hostLegacyRouting, or remove bandwidthManager.bbr.',
        ),
      examples: {
        bad: { values: { bandwidthManager: { enabled: true, bbr: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true }, ...HOST_ROUTED } },
      },
    },
    {
      id: 'bandwidth/bbr-alone',
      level: 'warning',
      find: ({ v: { bandwidthManager } }) =>
        !isTruthy(bandwidthManager.enabled) &&
        isTruthy(bandwidthManager.bbr) &&
        problem(
          ['bandwidthManager.bbr', 'bandwidthManager.enabled'],
          'BBR needs the bandwidth manager, which is off: it has no effect.',
          'Set bandwidthManager.enabled to true, or remove bbr.',
        ),
      examples: {
        bad: { values: { bandwidthManager: { bbr: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true }, ...HOST_ROUTED } },
      },
    },
    {
      id: 'bandwidth/bbr-of-host-alone',
      level: errorOnTalos,
      find: ({ v: { bandwidthManager } }) =>
        isTruthy(bandwidthManager.enabled) &&
        isTruthy(bandwidthManager.bbrHostNamespaceOnly) &&
        !isTruthy(bandwidthManager.bbr) &&
        problem(
          ['bandwidthManager.bbrHostNamespaceOnly', 'bandwidthManager.bbr'],
          'bbrHostNamespaceOnly is set, but BBR is off; the agent refuses to start.',
          'Set bandwidthManager.bbr to true, or remove bbrHostNamespaceOnly.',
        ),
      examples: {
        bad: { values: { bandwidthManager: { enabled: true, bbrHostNamespaceOnly: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true, bbrHostNamespaceOnly: true } } },
      },
    },
    {
      id: 'bandwidth/ipsec',
      level: 'warning',
      find: ({ v: { bandwidthManager, encryption } }) =>
        isTruthy(bandwidthManager.enabled) &&
        isTruthy(encryption.enabled) &&
        encryption.type === 'ipsec' &&
        problem(
          ['bandwidthManager.enabled', 'encryption.type'],
          'The agent disables the bandwidth manager when IPsec is on.',
          'Use WireGuard, or remove the bandwidth manager.',
        ),
      examples: {
        bad: { values: { bandwidthManager: { enabled: true }, encryption: { enabled: true, type: 'ipsec' } } },
        good: { values: { bandwidthManager: { enabled: true }, encryption: { enabled: true, type: 'wireguard' } } },
      },
    },
  ],
};
