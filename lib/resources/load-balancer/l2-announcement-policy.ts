import { parseGoRegexp } from '../../helm/go-regexp';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import { L2_POLICY_RULES } from './l2-announcement-policy-rules';
import type { L2PolicyModel } from './l2-announcement-policy-rules';
import type { L2AnnouncementPolicyProps } from './props';

/** The nodes that answer for the addresses of Services in the local network: CiliumL2AnnouncementPolicy. */
export const l2AnnouncementPolicy = resourceKind<L2AnnouncementPolicyProps, L2PolicyModel>({
  api: ciliumApi('CiliumL2AnnouncementPolicy'),
  construct: 'L2AnnouncementPolicy',
  subject: 'l2-policy',
  docs: 'https://docs.cilium.io/en/stable/network/l2-announcements/',
  example: {
    props: { loadBalancerIPs: true },
    values: { l2announcements: { enabled: true }, kubeProxyReplacement: true },
  },
  elsewhere: {
    namespace: 'Leave it out: policies are cluster-scoped.',
    loadBalancerClass: 'It belongs on the Service: `spec.loadBalancerClass: io.cilium/l2-announcer`.',
    blocks: 'They belong to a LoadBalancerIPPool.',
    ipPools: 'A policy is for Services, whichever pool their addresses come from: write `serviceSelector`.',
  },
  read: ({ interfaces }) => ({
    interfaces: (Array.isArray(interfaces) ? (interfaces as readonly unknown[]) : []).flatMap((text, i) =>
      typeof text === 'string' ? [{ at: `interfaces[${String(i)}]`, text, regexp: parseGoRegexp(text) }] : [],
    ),
  }),
  needs: [
    {
      rule: 'announcements-off',
      path: 'l2announcements.enabled',
      message: 'L2 announcements are off, so the policy has no effect.',
    },
    {
      rule: 'kube-proxy',
      path: 'kubeProxyReplacement',
      isMet: ({ facts }) => facts.kubeProxyReplacement === 'true',
      message: 'Announced addresses are served only when Cilium replaces kube-proxy.',
    },
  ],
  selectors: [
    { path: 'serviceSelector', over: 'services' },
    { path: 'nodeSelector', over: 'nodes' },
  ],
  rules: L2_POLICY_RULES,
});
