import type { JsonObject } from '../../../kubernetes/json';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';

/** The agent's postStart and preStop hooks; none when it does not install the CNI plugin. */
export function agentLifecycle({ v }: Context): JsonObject | undefined {
  const { install, iptablesRemoveAWSRules, chainingMode } = v.cni;
  if (!isTruthy(install)) return undefined;
  const removesRules = isTruthy(iptablesRemoveAWSRules) && chainingMode !== 'aws-cni';
  return {
    postStart: removesRules ? { exec: { command: ['bash', '-c', REMOVE_AWS_RULES] } } : undefined,
    preStop: { exec: { command: ['/cni-uninstall.sh'] } },
  };
}

/**
 * Removes iptables rules that the AWS VPC plugin may have left on the node: they drop packets.
 * Harmless elsewhere, and idempotent.
 */
const REMOVE_AWS_RULES = `set -eu -o pipefail
chains='AWS-SNAT-CHAIN|AWS-CONNMARK-CHAIN'
rules="$(iptables-save || true)"
if ! grep -qE "$chains" <<<"$rules"; then
  echo 'The AWS VPC plugin left no iptables rules here.'
  exit 0
fi
echo 'Removing the iptables rules of the AWS VPC plugin.'
grep -vE "$chains" <<<"$rules" | iptables-restore
echo 'Removed.'
`;
