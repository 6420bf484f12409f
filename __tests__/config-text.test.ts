import { alwaysText, emptyWhenNull, filledList, integer, wordList } from '../lib/cilium/parts/config-text';
import { durationRules } from '../lib/cilium/parts/duration-rules';
import { renderCilium } from '../lib/cilium/render';
import type { Context } from '../lib/cilium/context';
import { runRules } from '../lib/rules/rule';

describe('the text of a config key', () => {
  it('distinguishes absent, null and empty', () => {
    expect([undefined, null, '', 0, false].map(emptyWhenNull)).toEqual([undefined, '', '', 0, false]);
    expect([undefined, null, '', 0, false].map(alwaysText)).toEqual(['', '', '', 0, false]);
  });

  it('joins lists and keeps a single value', () => {
    expect(wordList(['eth0', 'eth1'])).toBe('eth0 eth1');
    expect(wordList(['eth0', 'eth1'], ',')).toBe('eth0,eth1');
    expect(wordList('eth0')).toBe('eth0');
    expect(wordList([])).toBe('');
    expect(wordList(null)).toBe('');
    expect(wordList(undefined)).toBeUndefined();
  });

  it('leaves empty lists out where the chart does', () => {
    expect([undefined, null, [], ''].map((list) => filledList(list))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(filledList(['a', 'b'], ',')).toBe('a,b');
  });

  it('cuts numbers and counts booleans', () => {
    expect([1.9, true, false, null, undefined].map(integer)).toEqual([1, 1, 0, 0, undefined]);
  });
});

describe('rules about durations', () => {
  const { context } = renderCilium({ version: '1.18.4' });
  const rules = durationRules(['bpf.monitorInterval']);
  const isFound = (monitorInterval: string | null | undefined, facts = context.facts): boolean => {
    const v = { ...context.v, bpf: { ...context.v.bpf, monitorInterval } };
    return runRules(rules, { ...context, facts, v } as Context).length > 0;
  };

  it('accept what Go accepts, and a missing value', () => {
    expect(['5s', '1h30m', '.5s', '-1m', '0', '', null, undefined].map((text) => isFound(text))).toEqual(
      Array<boolean>(8).fill(false),
    );
  });

  it('refuse numbers without units, days and words', () => {
    expect(['5', '1d', 'soon', '5 s'].map((text) => isFound(text))).toEqual(Array<boolean>(4).fill(true));
  });

  it('report nothing where no ConfigMap is written', () => {
    expect(isFound('soon', { ...context.facts, hasConfigMap: false })).toBe(false);
  });
});
