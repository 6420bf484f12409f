import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';

const HOST_ROUTED = { kubeProxyReplacement: true, bpf: { masquerade: true } } as const;

/** Fair queueing and rate limits for pods, and the BBR congestion control on top. */
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
      level: 'warning',
      find: ({ v: { bandwidthManager }, facts }) =>
        isTruthy(bandwidthManager.enabled) &&
        isTruthy(bandwidthManager.bbr) &&
        !isTruthy(bandwidthManager.bbrHostNamespaceOnly) &&
        !facts.bpfHostRouting &&
        problem(
          ['bandwidthManager.bbr', 'bpf.hostLegacyRouting'],
          "BBR for pods needs BPF host routing: the host's network stack forgets which socket a packet is from, and the agent refuses to start.",
          'Set kubeProxyReplacement and bpf.masquerade to true and leave bpf.hostLegacyRouting out, or leave bandwidthManager.bbr out.',
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
          'BBR is a part of the bandwidth manager, which is off: nothing comes of it.',
          'Set bandwidthManager.enabled to true as well, or leave bbr out.',
        ),
      examples: {
        bad: { values: { bandwidthManager: { bbr: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true }, ...HOST_ROUTED } },
      },
    },
    {
      id: 'bandwidth/bbr-of-host-alone',
      level: 'warning',
      find: ({ v: { bandwidthManager } }) =>
        isTruthy(bandwidthManager.enabled) &&
        isTruthy(bandwidthManager.bbrHostNamespaceOnly) &&
        !isTruthy(bandwidthManager.bbr) &&
        problem(
          ['bandwidthManager.bbrHostNamespaceOnly', 'bandwidthManager.bbr'],
          'BBR is limited to the host and is off.',
          'Set bandwidthManager.bbr to true as well, or leave bbrHostNamespaceOnly out.',
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
          'The agent switches the bandwidth manager off by itself when IPsec is on.',
          'Encrypt with WireGuard, or leave the bandwidth manager out.',
        ),
      examples: {
        bad: { values: { bandwidthManager: { enabled: true }, encryption: { enabled: true, type: 'ipsec' } } },
        good: { values: { bandwidthManager: { enabled: true }, encryption: { enabled: true, type: 'wireguard' } } },
      },
    },
  ],
};
