import { CiliumError, renderCilium } from '../../lib';

/** What rendering throws; '' where it does not. */
function refusal(values: object | readonly object[], unknownValues: 'error' | 'warn' = 'error'): string {
  try {
    renderCilium({ version: '1.19.6', values: values as object, unknownValues });
    return '';
  } catch (error) {
    if (error instanceof CiliumError) return error.message;
    throw error;
  }
}

test.each(['IPv6', 'constructor', '__proto__', 'toString', 'ipv7'])(
  'the word %s for an address family is refused, or passed on as Helm does',
  (underlayProtocol) => {
    expect(refusal({ underlayProtocol })).toContain('underlayProtocol');
    expect(() => refusal({ underlayProtocol }, 'warn')).not.toThrow();
  },
);

test('a reserved name is refused in every layer, and a name of JavaScript is data', () => {
  const reserved = JSON.parse('{"podLabels": {"__proto__": "x"}}') as object;
  expect(refusal([{ podLabels: { a: 'b' } }, reserved])).toContain('podLabels.__proto__');
  const { objects } = renderCilium({ version: '1.19.6', values: { extraConfig: { constructor: 'x' } } });
  expect(objects.find(({ metadata }) => metadata.name === 'cilium-config')?.data).toHaveProperty('constructor', 'x');
});

test('a name of the user does not write into a log', () => {
  const message = refusal({ 'a\nERROR\u001b[31m': 1 });
  expect(message).toContain("['a\\u000aERROR\\u001b[31m']");
  expect(message).not.toContain('\u001b');
});
