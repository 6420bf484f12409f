import type { Finding } from '../rules/finding';
import type { ReadingRule } from '../rules/rule';
import type { KubeCapabilities } from './context';
import type { ValuesExample } from './values-rule';

/** The oldest Kubernetes the chart accepts. */
const OLDEST = [1, 21] as const;

/** The findings about the Kubernetes version, which {@link kubeFrom} makes. */
export const KUBE_FINDINGS: readonly ReadingRule<unknown, ValuesExample>[] = [
  {
    id: 'kube-version/syntax',
    level: 'error',
    examples: { bad: { values: {}, kubeVersion: 'latest' }, good: { values: {}, kubeVersion: '1.34.0' } },
  },
  {
    id: 'kube-version/too-old',
    level: 'error',
    examples: { bad: { values: {}, kubeVersion: '1.20.0' }, good: { values: {}, kubeVersion: '1.34.0' } },
  },
];

/**
 * The capabilities of the API server.
 * @param kubeVersion `1.34.0`, `v1.34`, `1.34.2-rc.1+vendor`; anything else is a finding.
 * @param apiVersions `group/version` or `group/version/Kind`.
 */
export function kubeFrom(
  kubeVersion: string,
  apiVersions: readonly string[],
): KubeCapabilities & { readonly findings: readonly Finding[] } {
  const match = /^v?(\d+)\.(\d+)(\.\d+)?([-+].*)?$/.exec(kubeVersion);
  const [major, minor] = match === null ? OLDEST : [Number(match[1]), Number(match[2])];
  const atLeast = (otherMajor: number, otherMinor: number): boolean =>
    major > otherMajor || (major === otherMajor && minor >= otherMinor);
  const findings: Finding[] = [];
  if (match === null) {
    findings.push(
      finding('kube-version/syntax', `'${kubeVersion}' is not a Kubernetes version.`, 'Write it as 1.34.0.'),
    );
  } else if (!atLeast(...OLDEST)) {
    findings.push(
      finding(
        'kube-version/too-old',
        `Kubernetes ${kubeVersion} is older than ${OLDEST.join('.')}.`,
        'Use a newer Kubernetes.',
      ),
    );
  }
  return { atLeast, has: (api) => apiVersions.includes(api), findings };
}

function finding(id: string, message: string, hint: string): Finding {
  return { id, level: 'error', paths: ['kubeVersion'], message, hint };
}
