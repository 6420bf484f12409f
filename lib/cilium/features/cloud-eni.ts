import type { ChartValues } from '../../../imports/cilium-chart/values';
import type { ConfigValue, Feature } from '../feature';
import { cloudCredentials } from '../parts/cloud-credentials';
import { toJson } from '../../helm/json';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { filledList } from '../parts/config-text';

const AWS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_DEFAULT_REGION'] as const;

/** Pod addresses on AWS' elastic network interfaces. */
export const cloudEni: Feature = {
  name: 'cloud-eni',
  contribute: ({ v }) => ({
    config: {
      'eni-gc-interval': whenTruthy(v.eni.gcInterval),
      'eni-gc-tags': isTruthy(v.eni.gcTags) ? toJson(v.eni.gcTags) : undefined,
      ...(isTruthy(v.eni.enabled) ? { ...operatorKeys(v), ...nodeKeys(v) } : {}),
    },
    // With an IAM role the operator's ServiceAccount is enough.
    operator:
      isTruthy(v.eni.enabled) && !isTruthy(v.eni.iamRole) ? { env: cloudCredentials('cilium-aws', AWS) } : undefined,
  }),
  rules: [
    {
      id: 'cloud-eni/mode-alone',
      level: 'error',
      find: ({ v, has }) =>
        has('eni-mode-needs-eni') &&
        v.ipam.mode === 'eni' &&
        !isTruthy(v.eni.enabled) &&
        problem(
          ['ipam.mode', 'eni.enabled'],
          'The IPAM mode is eni, but ENI is off.',
          'Set eni.enabled to true; it sets the mode.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { version: '1.20.0', values: { ipam: { mode: 'eni' } } },
        good: { version: '1.20.0', values: { eni: { enabled: true } } },
      },
    },
  ],
};

/** Which interfaces and subnets the operator may use. */
function operatorKeys({ eni }: ChartValues): Readonly<Record<string, ConfigValue>> {
  return {
    'aws-enable-prefix-delegation': isTruthy(eni.awsEnablePrefixDelegation) ? true : undefined,
    'aws-release-excess-ips': isTruthy(eni.awsReleaseExcessIPs) ? true : undefined,
    'ec2-api-endpoint': eni.ec2APIEndpoint,
    'eni-tags': toJson(eni.eniTags ?? null),
    'instance-tags-filter': filledList(eni.instanceTagsFilter, ','),
    'subnet-ids-filter': filledList(eni.subnetIDsFilter, ' '),
    'subnet-tags-filter': filledList(eni.subnetTagsFilter, ','),
  };
}

/** The interfaces that a node requests. */
function nodeKeys({ eni: { nodeSpec } }: ChartValues): Readonly<Record<string, ConfigValue>> {
  return {
    'eni-delete-on-termination': nodeSpec?.deleteOnTermination,
    'eni-disable-prefix-delegation': isTruthy(nodeSpec?.disablePrefixDelegation) ? true : undefined,
    'eni-exclude-interface-tags': filledList(nodeSpec?.excludeInterfaceTags, ','),
    'eni-first-interface-index': nodeSpec?.firstInterfaceIndex,
    'eni-security-group-tags': filledList(nodeSpec?.securityGroupTags, ','),
    'eni-security-groups': filledList(nodeSpec?.securityGroups, ','),
    'eni-subnet-ids': filledList(nodeSpec?.subnetIDs, ','),
    'eni-subnet-tags': filledList(nodeSpec?.subnetTags, ','),
    'eni-use-primary-address': isTruthy(nodeSpec?.usePrimaryAddress) ? true : undefined,
  };
}
