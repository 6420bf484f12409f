import type { Context } from '../context';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { emptyWhenNull } from '../parts/config-text';

const LONGEST_NAME = 32;
const SKB_OVERRIDE = 'allow-unsafe-policy-skb-usage';

/** The cluster's name and id. */
export const cluster: Feature = {
  name: 'cluster',
  contribute: ({ v }) => ({
    config: { 'cluster-name': v.cluster.name, 'cluster-id': emptyWhenNull(v.cluster.id) },
  }),
  rules: [
    nameRule({
      id: 'cluster/name-empty',
      level: 'error',
      when: (name) => name === '',
      message: 'The cluster has no name.',
      bad: '',
    }),
    nameRule({
      id: 'cluster/name-too-long',
      level: 'error',
      when: (name) => name.length > LONGEST_NAME,
      message: `The cluster's name is longer than ${String(LONGEST_NAME)} characters.`,
      bad: 'a-name-that-nobody-would-ever-type-twice',
    }),
    nameRule({
      id: 'cluster/name-characters',
      level: 'error',
      when: (name) => name !== '' && !/^([a-z0-9][-a-z0-9]*)?[a-z0-9]$/.test(name),
      message:
        "The cluster's name may contain only lower-case letters, digits and dashes, and may not begin or end with a dash.",
      bad: 'Home_Lab',
    }),
    {
      id: 'cluster/default-name-with-id',
      level: 'error',
      find: ({ v }) =>
        v.cluster.name === 'default' &&
        clusterId(v) !== 0 &&
        problem(
          ['cluster.name', 'cluster.id'],
          'The cluster has an id, but still the default name.',
          'Give the cluster a unique name, or leave cluster.id at 0.',
        ),
      chart: 'validate.yaml',
      examples: { bad: { values: { cluster: { id: 7 } } }, good: { values: { cluster: { id: 7, name: 'home' } } } },
    },
    {
      id: 'cluster/id-in-packet-mark',
      level: 'error',
      find: (ctx) =>
        idMeetsCloudMark(ctx) &&
        ctx.v.extraConfig?.[SKB_OVERRIDE] !== 'true' &&
        problem(
          'cluster.id',
          'With ENI, Alibaba Cloud or chaining to aws-cni, a cluster id of 128 to 255 or 384 to 511 shares a bit of the packet mark, and policies drop allowed traffic.',
          `Use an id of 0 to 127 or 256 to 383, or accept the risk with extraConfig "${SKB_OVERRIDE}": "true".`,
        ),
      docs: 'https://github.com/cilium/cilium/issues/21330',
      chart: 'validate.yaml',
      examples: {
        bad: { values: { cluster: { id: 200, name: 'home' }, cni: { chainingMode: 'aws-cni' } } },
        good: { values: { cluster: { id: 100, name: 'home' }, cni: { chainingMode: 'aws-cni' } } },
      },
    },
  ],
};

/** A rule about the cluster's name. */
interface NameRule extends Pick<ValuesRule, 'id' | 'level'> {
  readonly when: (name: string) => boolean;
  readonly message: string;
  /** A name that trips it. */
  readonly bad: string;
}

function nameRule({ id, level, when, message, bad }: NameRule): ValuesRule {
  return {
    id,
    level,
    find: ({ v }) =>
      when(v.cluster.name ?? '') &&
      problem(
        'cluster.name',
        message,
        'Use 1 to 32 lower-case letters, digits and dashes, with a letter or digit at both ends.',
      ),
    chart: 'validate.yaml',
    examples: { bad: { values: { cluster: { name: bad } } }, good: { values: { cluster: { name: 'home-1' } } } },
  };
}

function clusterId({ cluster: { id } }: Context['v']): number {
  return Math.trunc(Number(id ?? 0));
}

function idMeetsCloudMark({ v }: Context): boolean {
  const id = clusterId(v);
  const marked = (id >= 128 && id <= 255) || (id >= 384 && id <= 511);
  return marked && (isTruthy(v.eni.enabled) || isTruthy(v.alibabacloud.enabled) || v.cni.chainingMode === 'aws-cni');
}
