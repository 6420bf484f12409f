import type { Finding } from '../rules/finding';
import type { KubeCapabilities } from './context';

/** The oldest Kubernetes the chart accepts. */
const OLDEST = [1, 21] as const;

/**
 * What is known of the API server.
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
    findings.push(finding('kube-version/syntax', `'${kubeVersion}' is no Kubernetes version.`, 'Write it as 1.34.0.'));
  } else if (!atLeast(...OLDEST)) {
    findings.push(
      finding(
        'kube-version/too-old',
        `Kubernetes ${kubeVersion} is older than ${OLDEST.join('.')}.`,
        'Cilium needs a newer Kubernetes.',
      ),
    );
  }
  return { atLeast, has: (api) => apiVersions.includes(api), findings };
}

function finding(id: string, message: string, hint: string): Finding {
  return { id, level: 'error', paths: ['kubeVersion'], message, hint };
}
