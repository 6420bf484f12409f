import type { Container } from '../../../kubernetes/types';
import { whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { containerImage } from '../../parts/image';

/** Delays the agent until kube-proxy has written its rules, so that both use the same iptables variant. */
export function waitForKubeProxy(ctx: Context): Container {
  return {
    name: 'wait-for-kube-proxy',
    ...containerImage(ctx.v.image),
    resources: whenTruthy(ctx.v.initResources),
    securityContext: { privileged: true },
    command: ['bash', '-c', SCRIPT],
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

const SCRIPT = `canary='^:KUBE-PROXY-CANARY'
hint='^:(KUBE-IPTABLES-HINT|KUBE-PROXY-CANARY)'
holds() {
  local chain=$1
  shift
  "$@" | grep -E "$chain"
}
until
  holds "$hint" iptables-nft-save -t mangle ||
    holds "$hint" ip6tables-nft-save -t mangle ||
    holds "$canary" iptables-legacy-save ||
    holds "$canary" ip6tables-legacy-save
do
  echo 'kube-proxy has not written its iptables rules yet.'
  sleep 1
done
echo 'kube-proxy has written its iptables rules.'
`;
