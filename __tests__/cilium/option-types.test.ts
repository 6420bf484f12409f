import { optionTypesOf } from '../../lib/cilium/option-types';

describe('the options of the operator', () => {
  it.each(['1.18.12', '1.19.6'])('are those of its own package in Cilium %s, which viper reads', (version) => {
    const { operator } = optionTypesOf(version);
    expect(operator.get('cilium-endpoint-gc-interval')).toEqual({ type: 'duration', isLenient: true });
    // A constant of the same name in the package of the agent.
    expect(operator.has('endpoint-gc-interval')).toBe(false);
  });
});
