import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';

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
  checks: [
    {
      id: 'bandwidth/bbr-in-host-stack',
      level: 'warning',
      when: ({ v: { bandwidthManager }, facts }) =>
        isTruthy(bandwidthManager.enabled) &&
        isTruthy(bandwidthManager.bbr) &&
        !isTruthy(bandwidthManager.bbrHostNamespaceOnly) &&
        !facts.bpfHostRouting,
      paths: ['bandwidthManager.bbr', 'bpf.hostLegacyRouting'],
      message:
        "BBR for pods needs BPF host routing: the host's network stack forgets which socket a packet is from, and the agent refuses to start.",
      hint: 'Set kubeProxyReplacement and bpf.masquerade to true and leave bpf.hostLegacyRouting out, or leave bandwidthManager.bbr out.',
      examples: {
        bad: { values: { bandwidthManager: { enabled: true, bbr: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true }, ...HOST_ROUTED } },
      },
    },
    {
      id: 'bandwidth/bbr-alone',
      level: 'warning',
      when: ({ v: { bandwidthManager } }) => !isTruthy(bandwidthManager.enabled) && isTruthy(bandwidthManager.bbr),
      paths: ['bandwidthManager.bbr', 'bandwidthManager.enabled'],
      message: 'BBR is a part of the bandwidth manager, which is off: nothing comes of it.',
      hint: 'Set bandwidthManager.enabled to true as well, or leave bbr out.',
      examples: {
        bad: { values: { bandwidthManager: { bbr: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true }, ...HOST_ROUTED } },
      },
    },
    {
      id: 'bandwidth/bbr-of-host-alone',
      level: 'warning',
      when: ({ v: { bandwidthManager } }) =>
        isTruthy(bandwidthManager.enabled) &&
        isTruthy(bandwidthManager.bbrHostNamespaceOnly) &&
        !isTruthy(bandwidthManager.bbr),
      paths: ['bandwidthManager.bbrHostNamespaceOnly', 'bandwidthManager.bbr'],
      message: 'BBR is limited to the host and is off.',
      hint: 'Set bandwidthManager.bbr to true as well, or leave bbrHostNamespaceOnly out.',
      examples: {
        bad: { values: { bandwidthManager: { enabled: true, bbrHostNamespaceOnly: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true, bbrHostNamespaceOnly: true } } },
      },
    },
    {
      id: 'bandwidth/ipsec',
      level: 'warning',
      when: ({ v: { bandwidthManager, encryption } }) =>
        isTruthy(bandwidthManager.enabled) && isTruthy(encryption.enabled) && encryption.type === 'ipsec',
      paths: ['bandwidthManager.enabled', 'encryption.type'],
      message: 'The agent switches the bandwidth manager off by itself when IPsec is on.',
      hint: 'Encrypt with WireGuard, or leave the bandwidth manager out.',
      examples: {
        bad: { values: { bandwidthManager: { enabled: true }, encryption: { enabled: true, type: 'ipsec' } } },
        good: { values: { bandwidthManager: { enabled: true }, encryption: { enabled: true, type: 'wireguard' } } },
      },
    },
  ],
};
