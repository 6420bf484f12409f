import { execFileSync } from 'node:child_process';
import { helmLines } from '../../lib/inputs/helm-line';

/** What a real shell passes to `helm`. */
function shellArguments(script: string): readonly string[] {
  const helm = 'helm() { for a in "$@"; do printf "%s\\0" "$a"; done; }\n';
  return execFileSync('sh', ['-c', helm + script], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

it.each([
  'helm template cilium cilium/cilium --set a=1,b=2',
  `helm template cilium cilium/cilium --set 'x={A,B}' --set "y=a b" --set=z='"q"'`,
  'helm template \\\n  cilium \\\n  cilium/cilium --version 1.18.4 # the newest\n',
  `helm template cilium cilium/cilium --set a\\.b=1 --set 'a\\.b=2' --set "c\\"d"`,
  'helm template cilium cilium/cilium --set a=1 2>/dev/null; true',
  'VERSION=1.18.4\nexport NS=kube-system\nhelm template cilium cilium/cilium --version $VERSION -n "${NS}" --set a=${A:-b}',
  '#!/bin/sh\nset -e\n# helm template other/cilium\ntrue && helm template cilium cilium/cilium --set ""',
  `helm template cilium cilium/cilium --set k='it'"'"'s'`,
])('reads the line as a shell does: %j', (script) => {
  const lines = helmLines(script);
  expect(lines).toHaveLength(1);
  expect(['template', ...(lines[0]?.args ?? [])]).toEqual(shellArguments(script));
  expect(lines[0]?.open).toEqual([]);
});

it('finds install and upgrade, with the line, and only lines about Cilium', () => {
  const script = `helm repo add cilium https://helm.cilium.io
helm upgrade --install coredns coredns/coredns
/usr/local/bin/helm upgrade --install cilium cilium/cilium --set a=1
kubectl get pods | grep cilium`;
  expect(helmLines(script)).toEqual([
    { line: 3, command: 'upgrade', args: ['--install', 'cilium', 'cilium/cilium', '--set', 'a=1'], open: [] },
  ]);
});

it('names what only the shell knows', () => {
  expect(helmLines('helm template cilium cilium/cilium --version $V --set "a=$(cat x)" --set b=${C}')[0]?.open).toEqual(
    ['$V', '$(cat x)', '${C}'],
  );
  expect(helmLines("helm template cilium cilium/cilium --set 'a=$V'")[0]?.open).toEqual([]);
});
