import type { Feature } from '../feature';
import { filledList } from '../parts/config-text';

/** Which switches and security groups a node's interfaces use on Alibaba Cloud. */
export const cloudAlibaba: Feature = {
  name: 'cloud-alibaba',
  contribute: ({ v: { alibabacloud } }) => ({
    config: {
      'alibabacloud-security-group-tags': filledList(alibabacloud.nodeSpec?.securityGroupTags, ','),
      'alibabacloud-security-groups': filledList(alibabacloud.nodeSpec?.securityGroups, ','),
      'alibabacloud-vswitch-tags': filledList(alibabacloud.nodeSpec?.vSwitchTags, ','),
      'alibabacloud-vswitches': filledList(alibabacloud.nodeSpec?.vSwitches, ','),
    },
  }),
};
