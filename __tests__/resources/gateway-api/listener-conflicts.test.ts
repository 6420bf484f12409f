import { listenerConflict } from '../../../lib/resources/gateway-api/listener-rules';

type Listener = Parameters<typeof listenerConflict>[0];

const listener = (name: string, port: number, protocol: string, rest: Partial<Listener> = {}): Listener =>
  ({ at: `listeners.${name}`, name, port, protocol, ...rest }) as Listener;
const passthrough = { tls: { mode: 'Passthrough' } } as Partial<Listener>;

it.each([
  ['TCP and UDP of one port', listener('a', 53, 'TCP'), listener('b', 53, 'UDP'), undefined],
  ['two of TCP', listener('a', 53, 'TCP'), listener('b', 53, 'TCP'), 'both use port 53'],
  ['TCP and HTTP', listener('a', 80, 'TCP'), listener('b', 80, 'HTTP'), 'both use port 80'],
  ['TCP on two ports', listener('a', 53, 'TCP'), listener('b', 54, 'TCP'), undefined],
  ['two of HTTP', listener('a', 80, 'HTTP'), listener('b', 80, 'HTTP'), 'the same port, protocol and hostname'],
  ['HTTP on two ports', listener('a', 80, 'HTTP'), listener('b', 81, 'HTTP'), undefined],
  ['HTTP and HTTPS of one port', listener('a', 80, 'HTTP'), listener('b', 80, 'HTTPS'), undefined],
  ['HTTP of two names', listener('a', 80, 'HTTP', { hostname: 'a.example' }), listener('b', 80, 'HTTP'), undefined],
  [
    'HTTPS and TLS that passes',
    listener('a', 443, 'HTTPS'),
    listener('b', 443, 'TLS', passthrough),
    'overlapping hostnames',
  ],
] as const)('judges %s', (_, one, other, words) => {
  const conflict = listenerConflict(one, other);
  if (words === undefined) expect(conflict).toBeUndefined();
  else expect(conflict).toContain(words);
});
