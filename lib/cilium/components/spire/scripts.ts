import type { Context } from '../../context';
import { spireServerAddress } from '../../parts/spire';
import { spireNamespace } from './place';

/** Waits for the server before an agent starts; gives up after a minute, so that the pod reports the error. */
export function waitForServer(ctx: Context): string {
  return `server=${shellText(spireServerAddress(ctx))}
give_up=$(($(date +%s) + 60))
until nc -z -w 3 "$server"; do
  if [ "$(date +%s)" -gt "$give_up" ]; then
    echo "No answer from $server for a minute."
    exit 1
  fi
  echo "No answer from $server yet."
  sleep 1
done
echo "$server answers."
`;
}

/**
 * Runs next to the server and keeps its registration entries up to date: those of SPIRE's agents, Cilium's agents and
 * operator, by their ServiceAccounts. The image lacks SPIRE's programs, so the server's own one runs from
 * the file system of its process.
 */
export function keepEntries(ctx: Context): string {
  const { serviceAccounts, authentication } = ctx.v;
  const { trustDomain, install } = authentication.mutual.spire;
  const own = spireNamespace(ctx);
  const account = install.agent.serviceAccount.name ?? '';
  const id = (path: string): string => shellText(`spiffe://${trustDomain ?? ''}/${path}`);
  const cilium = (name: string | undefined): string =>
    [`k8s:ns:${ctx.namespace}`, `k8s:sa:${name ?? ''}`].map((selector) => `-selector ${shellText(selector)}`).join(' ');
  const node = [`k8s_psat:agent_ns:${own}`, `k8s_psat:agent_sa:${account}`]
    .map((selector) => `-selector ${shellText(selector)}`)
    .join(' ');
  return `set -u
root() {
  echo "/proc/$(pgrep -o spire-server)/root"
}
lives() {
  pgrep spire-server > /dev/null
}
entry() {
  action=$1
  shift
  "$(root)/opt/spire/bin/spire-server" entry "$action" -socketPath "$(root)/tmp/spire-server/private/api.sock" "$@"
}
ensure() {
  id=$1
  below=$2
  shift 2
  if entry show -spiffeID "$id" "$@" | grep -q 'Found 0 entries'; then
    echo "Adding $id."
    case $below in
      node) entry create -spiffeID "$id" "$@" -node ;;
      *) entry create -spiffeID "$id" "$@" -parentID "$below" ;;
    esac
  fi
}
until lives && entry show > /dev/null 2>&1; do
  echo 'The server does not answer yet.'
  sleep 5
done
nodes=${id(`ns/${own}/sa/${account}`)}
while lives; do
  ensure "$nodes" node ${node}
  ensure ${id('cilium-agent')} "$nodes" ${cilium(serviceAccounts.cilium.name)}
  ensure ${id('cilium-operator')} "$nodes" ${cilium(serviceAccounts.operator.name)}
  sleep 30
done
`;
}

/** A string as one word of a shell script. */
function shellText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
