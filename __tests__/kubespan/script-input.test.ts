import { CiliumError } from '../../lib';
import { kubeSpanScript } from '../../lib/kubespan/script';

const GOOD = {
  podSubnets: [{ cidr: '10.244.0.0/16', nodeMask: 24 }],
  route: true,
  announce: false,
  interval: 5,
  stateFolder: '/run/routes',
};
const BREAK_OUT = "24'); touch /tmp/PWN; pods=('10.244.0.0/16 24";

test.each<[string, unknown]>([
  ['a mask', { podSubnets: [{ cidr: '10.244.0.0/16', nodeMask: BREAK_OUT }] }],
  ['a mask that is not a number', { podSubnets: [{ cidr: '10.244.0.0/16', nodeMask: Number.NaN }] }],
  ['a mask beyond IPv6', { podSubnets: [{ cidr: '10.244.0.0/16', nodeMask: 1e9 }] }],
  ['a range', { podSubnets: [{ cidr: BREAK_OUT, nodeMask: 24 }] }],
  ['a range with a second line', { podSubnets: [{ cidr: '10.244.0.0/16\nid', nodeMask: 24 }] }],
  ['a switch', { route: 'true; id' }],
  ['another switch', { announce: '$(id)' }],
  ['an interval', { interval: '5; id' }],
  ['a folder', { stateFolder: '/tmp; id' }],
])('the script of the route pods refuses %s of another kind, from any caller', (_, wrong) => {
  expect(kubeSpanScript(GOOD)).toContain("pods=('10.244.0.0/16 24')");
  expect(() => kubeSpanScript({ ...GOOD, ...(wrong as Partial<typeof GOOD>) })).toThrow(CiliumError);
});
