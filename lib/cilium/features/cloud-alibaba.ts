import { isTruthy } from '../../helm/truth';
import type { Feature } from '../feature';
import { cloudCredentials } from '../parts/cloud-credentials';
import { filledList } from '../parts/config-text';

const ALIBABA = ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'] as const;

/** The vSwitches and security groups of a node's interfaces on Alibaba Cloud. */
export const cloudAlibaba: Feature = {
  name: 'cloud-alibaba',
  contribute: ({ v: { alibabacloud } }) => ({
    config: {
      'alibabacloud-security-group-tags': filledList(alibabacloud.nodeSpec?.securityGroupTags, ','),
      'alibabacloud-security-groups': filledList(alibabacloud.nodeSpec?.securityGroups, ','),
      'alibabacloud-vswitch-tags': filledList(alibabacloud.nodeSpec?.vSwitchTags, ','),
      'alibabacloud-vswitches': filledList(alibabacloud.nodeSpec?.vSwitches, ','),
    },
    operator: isTruthy(alibabacloud.enabled) ? { env: cloudCredentials('cilium-alibabacloud', ALIBABA) } : undefined,
  }),
};
