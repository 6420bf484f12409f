import { canRollOut, isOnePerNode, unmatchedSelector, untolerated } from '../../lib/kubernetes/scheduling';
import type { PossibleLabels } from '../../lib/kubernetes/scheduling';

const GPU = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };

describe('tolerations', () => {
  it.each<readonly [tolerates: boolean, toleration: object]>([
    [true, { operator: 'Exists' }],
    [true, { key: 'gpu', operator: 'Exists' }],
    [true, { key: 'gpu', operator: 'Equal', value: 'yes' }],
    [true, { key: 'gpu', value: 'yes' }],
    [true, { key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
    [true, { key: 'gpu', operator: 'Exists', effect: '' }],
    [false, { key: 'gpu', operator: 'Exists', effect: 'NoExecute' }],
    [false, { key: 'gpu', operator: 'Equal', value: 'no' }],
    [false, { key: 'gpu' }],
    [false, { key: 'gpus', operator: 'Exists' }],
  ])('%s: %j', (tolerates, toleration) => {
    expect(untolerated({ tolerations: [toleration as never] }, [GPU])).toEqual(tolerates ? [] : [GPU]);
  });

  it('are not needed for a preference', () => {
    expect(untolerated({}, [{ ...GPU, effect: 'PreferNoSchedule' }])).toEqual([]);
  });

  it('are added to DaemonSets, but not that of nodes that are not ready yet', () => {
    const taints = ['NoSchedule', 'NoExecute'].map((effect) => ({
      key: 'node.kubernetes.io/not-ready',
      value: '',
      effect,
    }));
    expect(untolerated({}, taints, true)).toEqual(taints.slice(0, 1));
    expect(untolerated({}, taints)).toEqual(taints);
  });
});

const LABELS: PossibleLabels = new Map([
  ['os', ['linux']],
  ['arch', ['amd64', 'arm64']],
  ['role', ['', undefined]],
  ['worker', [undefined]],
]);

describe('selectors of nodes', () => {
  it.each<readonly [unmatched: string | undefined, pod: object]>([
    [undefined, {}],
    [undefined, { nodeSelector: { os: 'linux', unknown: 'x' } }],
    ['os=windows', { nodeSelector: { os: 'windows' } }],
    ['role=true', { nodeSelector: { role: 'true' } }],
    [undefined, terms([{ key: 'arch', operator: 'In', values: ['arm64', 's390x'] }])],
    ['arch In s390x', terms([{ key: 'arch', operator: 'In', values: ['s390x'] }])],
    ['arch NotIn amd64,arm64', terms([{ key: 'arch', operator: 'NotIn', values: ['amd64', 'arm64'] }])],
    [undefined, terms([{ key: 'role', operator: 'DoesNotExist' }])],
    ['worker Exists', terms([{ key: 'worker', operator: 'Exists' }])],
    [undefined, terms([{ key: 'worker', operator: 'Exists' }], [{ key: 'os', operator: 'Exists' }])],
    [
      'worker Exists or os DoesNotExist',
      terms([{ key: 'worker', operator: 'Exists' }], [{ key: 'os', operator: 'DoesNotExist' }]),
    ],
    [undefined, terms([{ key: 'cores', operator: 'Gt', values: ['4'] }])],
  ])('%s: %j', (unmatched, pod) => {
    expect(unmatchedSelector(pod as never, LABELS)).toBe(unmatched);
  });
});

function terms(...expressions: readonly (readonly object[])[]): object {
  const nodeSelectorTerms = expressions.map((matchExpressions) => ({ matchExpressions }));
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

describe('pods that need a node each', () => {
  const apart = (matchLabels: object, topologyKey = 'kubernetes.io/hostname'): object => ({
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels }, topologyKey }],
      },
    },
  });

  it.each<readonly [isOne: boolean, pod: object]>([
    [true, { containers: [{ ports: [{ containerPort: 1, hostPort: 1 }] }] }],
    [true, { hostNetwork: true, containers: [{ ports: [{ containerPort: 1 }] }] }],
    [false, { hostNetwork: true, containers: [{}] }],
    [true, apart({ app: 'a' })],
    [false, apart({ app: 'b' })],
    [false, apart({ app: 'a' }, 'topology.kubernetes.io/zone')],
    [false, {}],
  ])('%s: %j', (isOne, pod) => {
    expect(isOnePerNode(pod as never, { app: 'a' })).toBe(isOne);
  });
});

describe('rollouts', () => {
  const rolling = (rollingUpdate: object): object => ({ strategy: { type: 'RollingUpdate', rollingUpdate } });
  // The first three were seen with the real controllers: Cilium's operator on one node.
  it.each<readonly [ends: boolean, replicas: number, nodes: number, spec: object]>([
    [false, 2, 1, rolling({ maxUnavailable: '50%', maxSurge: '25%' })],
    [true, 2, 1, rolling({ maxUnavailable: '100%', maxSurge: '25%' })],
    [true, 1, 1, rolling({ maxUnavailable: '100%', maxSurge: '25%' })],
    [true, 2, 1, { strategy: { type: 'Recreate' } }],
    [true, 2, 2, rolling({ maxUnavailable: '50%', maxSurge: '25%' })],
    [false, 2, 2, rolling({ maxUnavailable: 0, maxSurge: 1 })],
    [true, 2, 3, rolling({ maxUnavailable: 0, maxSurge: 1 })],
    [true, 1, 1, rolling({ maxUnavailable: '25%', maxSurge: 0 })],
    [false, 1, 1, {}],
  ])('%s: %i pods on %i nodes, %j', (ends, replicas, nodes, spec) => {
    expect(canRollOut(spec as never, replicas, nodes)).toBe(ends);
  });
});
