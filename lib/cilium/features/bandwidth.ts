import type { Feature } from '../feature';
import { given } from '../../helm/truth';

const HOST_ROUTED = { kubeProxyReplacement: true, bpf: { masquerade: true } } as const;

/** Fair queueing and rate limits for pods, and the BBR congestion control on top. */
export const bandwidth: Feature = {
  name: 'bandwidth',
  contribute: ({ v: { bandwidthManager } }) => {
    if (!given(bandwidthManager.enabled)) return {};
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
        given(bandwidthManager.enabled) &&
        given(bandwidthManager.bbr) &&
        !given(bandwidthManager.bbrHostNamespaceOnly) &&
        !facts.bpfHostRouting,
      at: ['bandwidthManager.bbr', 'bpf.hostLegacyRouting'],
      says: "BBR for pods needs BPF host routing: the host's network stack forgets which socket a packet is from, and the agent refuses to start.",
      fix: 'Set kubeProxyReplacement and bpf.masquerade to true and leave bpf.hostLegacyRouting out, or leave bandwidthManager.bbr out.',
      examples: {
        bad: { values: { bandwidthManager: { enabled: true, bbr: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true }, ...HOST_ROUTED } },
      },
    },
    {
      id: 'bandwidth/bbr-alone',
      level: 'warning',
      when: ({ v: { bandwidthManager } }) => !given(bandwidthManager.enabled) && given(bandwidthManager.bbr),
      at: ['bandwidthManager.bbr', 'bandwidthManager.enabled'],
      says: 'BBR is a part of the bandwidth manager, which is off: nothing comes of it.',
      fix: 'Set bandwidthManager.enabled to true as well, or leave bbr out.',
      examples: {
        bad: { values: { bandwidthManager: { bbr: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true }, ...HOST_ROUTED } },
      },
    },
    {
      id: 'bandwidth/bbr-of-host-alone',
      level: 'warning',
      when: ({ v: { bandwidthManager } }) =>
        given(bandwidthManager.enabled) && given(bandwidthManager.bbrHostNamespaceOnly) && !given(bandwidthManager.bbr),
      at: ['bandwidthManager.bbrHostNamespaceOnly', 'bandwidthManager.bbr'],
      says: 'BBR is limited to the host and is off.',
      fix: 'Set bandwidthManager.bbr to true as well, or leave bbrHostNamespaceOnly out.',
      examples: {
        bad: { values: { bandwidthManager: { enabled: true, bbrHostNamespaceOnly: true } } },
        good: { values: { bandwidthManager: { enabled: true, bbr: true, bbrHostNamespaceOnly: true } } },
      },
    },
    {
      id: 'bandwidth/ipsec',
      level: 'warning',
      when: ({ v: { bandwidthManager, encryption } }) =>
        given(bandwidthManager.enabled) && given(encryption.enabled) && encryption.type === 'ipsec',
      at: ['bandwidthManager.enabled', 'encryption.type'],
      says: 'The agent switches the bandwidth manager off by itself when IPsec is on.',
      fix: 'Encrypt with WireGuard, or leave the bandwidth manager out.',
      examples: {
        bad: { values: { bandwidthManager: { enabled: true }, encryption: { enabled: true, type: 'ipsec' } } },
        good: { values: { bandwidthManager: { enabled: true }, encryption: { enabled: true, type: 'wireguard' } } },
      },
    },
  ],
};
