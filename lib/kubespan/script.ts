import { refuseErrors } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { actual } from '../rules/words';

/** Settings of the script. */
export interface ScriptSettings {
  /** Pod ranges in the spelling that `ip` prints, each with the mask of one node's share: `{ cidr: '10.244.0.0/16', nodeMask: 24 }`. */
  readonly podSubnets: readonly { readonly cidr: string; readonly nodeMask: number }[];
  /** Keep a route to every pod range through KubeSpan. */
  readonly route: boolean;
  /** Keep a second address on `cilium_host` that has the node's mask, so that KubeSpan announces the node's pod CIDR. */
  readonly announce: boolean;
  /** Seconds between two checks of the node. */
  readonly interval: number;
  /** Folder for the files that the probes read; must be writable. */
  readonly stateFolder: string;
}

/**
 * Marks by which the script recognizes its own routes and addresses, even after it was killed: routes have this protocol number,
 * which is unregistered, and addresses this metric. The script never changes anything without a mark.
 */
export const MARKS = { routeProtocol: 203, addressMetric: 20312 } as const;

/**
 * The bash script of the route pods: needs bash 5 and `ip` of iproute2, and the capability NET_ADMIN in the network of the host.
 * It checks the node, adds what is missing, removes what it added and is no longer wanted, and waits; it prints only changes and
 * new errors. On SIGTERM it removes everything it added.
 * The text holds no `$$` and reads no `$(NAME)`, because Kubernetes replaces both in commands.
 */
export function kubeSpanScript(settings: ScriptSettings): string {
  refuseErrors(scriptFindings(settings), 'The KubeSpan routes are refused');
  const { podSubnets, route, announce, interval, stateFolder } = settings;
  const lines = [
    `pods=(${podSubnets.map(({ cidr, nodeMask }) => `'${cidr} ${String(nodeMask)}'`).join(' ')})`,
    `route=${String(route)} announce=${String(announce)} interval=${String(interval)} state=${stateFolder}`,
    `protocol=${String(MARKS.routeProtocol)} metric=${String(MARKS.addressMetric)}`,
  ];
  return ['set -uf', ...lines, LOG, ARITHMETIC, ROUTES, ADDRESSES, LOOP].map((part) => part.trim()).join('\n') + '\n';
}

/** Root runs the script in the network of the host, so all that enters it is checked, from any caller. */
function scriptFindings({ podSubnets, route, announce, interval, stateFolder }: ScriptSettings): readonly Finding[] {
  const isMask = (mask: unknown): boolean => Number.isInteger(mask) && Number(mask) >= 0 && Number(mask) <= 128;
  const entries = [
    ...podSubnets.flatMap(({ cidr, nodeMask }, i): [string, unknown, boolean][] => [
      [`podSubnets[${String(i)}].cidr`, cidr, typeof cidr === 'string' && /^[\da-f.:]+\/\d+$/i.test(cidr)],
      [`podSubnets[${String(i)}].nodeMask`, nodeMask, isMask(nodeMask)],
    ]),
    ['route', route, typeof route === 'boolean'],
    ['announce', announce, typeof announce === 'boolean'],
    ['interval', interval, Number.isFinite(interval) && interval > 0],
    ['stateFolder', stateFolder, typeof stateFolder === 'string' && /^[\w./-]+$/.test(stateFolder)],
  ] as const;
  return entries
    .filter(([, , isSound]) => !isSound)
    .map(([path, value]) => ({
      id: 'kubespan-routes/type',
      level: 'error',
      paths: [path],
      message: `The script of the route pods cannot hold ${actual(value)}.`,
      hint: 'Correct the value.',
    }));
}

/**
 * `say` prints what is news about a subject; `change` runs a command and says what it did, or why it failed;
 * `look` puts a command's output into `seen`. A failure leaves the node unfinished until the next look.
 */
const LOG = `
declare -A said=()
say() {
  if [[ \${said[$1]-} != "$2" ]]; then
    said[$1]=$2
    if [[ $2 ]]; then printf '%s\\n' "$2"; fi
  fi
}
change() {
  local what=$1 error IFS=' '
  shift
  if error=$("$@" 2>&1); then
    said[$*]=
    printf '%s\\n' "$what"
  else
    say "$*" "failed: $*: $error"
    finished=false
  fi
}
look() {
  local IFS=' '
  if seen=$("$@" 2>&1); then
    said[$*]=
  else
    say "$*" "failed: $*: $seen"
    finished=false
    return 1
  fi
}
linked() {
  local error
  if error=$(ip link show dev "$1" 2>&1 >/dev/null); then
    say "link $1" ''
  else
    say "link $1" "waiting for link $1: $error"
    finished=false
    return 1
  fi
}`;

/** Addresses as 8 or 32 hexadecimal digits, left in REPLY, so that both families are masked and compared in one way. */
const ARITHMETIC = `
digits() {
  local IFS=:. part n
  REPLY=
  if [[ $1 != *:* ]]; then
    for part in $1; do printf -v REPLY '%s%02x' "$REPLY" "$part"; done
    return
  fi
  local -a front=(\${1%%::*}) back=()
  if [[ $1 == *::* ]]; then back=(\${1#*::}); fi
  for part in "\${front[@]}"; do printf -v REPLY '%s%04x' "$REPLY" "0x$part"; done
  for ((n = \${#front[@]} + \${#back[@]}; n < 8; n++)); do REPLY+=0000; done
  for part in "\${back[@]}"; do printf -v REPLY '%s%04x' "$REPLY" "0x$part"; done
}
network() {
  local whole=$(($2 / 4)) rest=$(($2 % 4)) digit=
  if ((rest)); then printf -v digit '%x' "$((0x\${1:whole:1} & (15 << (4 - rest)) & 15))"; fi
  REPLY=\${1:0:whole}$digit
  while ((\${#REPLY} < \${#1})); do REPLY+=0; done
}
within() {
  local own
  digits "$1"
  network "$REPLY" "\${2#*/}"
  own=$REPLY
  digits "\${2%/*}"
  [[ $own == "$REPLY" ]]
}
of_family() {
  [[ $1 == -6 && $2 == *:* || $1 == -4 && $2 != *:* ]]
}`;

/** Keeps one route per pod range of a family; foreign routes to the same range are kept and logged. */
const ROUTES = `
keep_routes() {
  local family=$1 pod cidr line link IFS=$'\\n'
  local -A wanted=()
  if $route; then
    for pod in "\${pods[@]}"; do
      if of_family "$family" "$pod"; then wanted[\${pod% *}]=1; fi
    done
  fi
  look ip -o "$family" route show table main proto "$protocol" || return
  for line in $seen; do
    cidr=\${line%% *} link=\${line#* dev } link=\${link%% *}
    if [[ \${wanted[$cidr]-} && $link == kubespan ]]; then
      unset "wanted[$cidr]"
    else
      change "removed route $cidr dev $link" ip "$family" route del "$cidr" dev "$link" proto "$protocol"
    fi
  done
  if ((\${#wanted[@]} == 0)) || ! linked kubespan; then return; fi
  for cidr in "\${!wanted[@]}"; do
    look ip -o "$family" route show table main exact "$cidr" || continue
    if [[ -z $seen ]]; then
      say "route $cidr" ''
      change "set route $cidr dev kubespan" ip "$family" route replace "$cidr" dev kubespan proto "$protocol"
    elif [[ "$seen " == *' dev kubespan '* ]]; then
      say "route $cidr" "route $cidr dev kubespan exists already, set by another program"
    else
      say "route $cidr" "left alone, set by another program: $seen"
      finished=false
    fi
  done
}`;

/**
 * Keeps the extra address of a family. IPv4 takes Cilium's own address with the node's mask. Linux gives an IPv6
 * address one mask only, so there it is the first address of the node's range, which is the router's and never a pod's.
 * The old one goes first: an IPv4 address of the same range would be its secondary and vanish with it.
 */
const ADDRESSES = `
keep_addresses() {
  local family=$1 pod mask line key address rest awaited='' IFS=$'\\n'
  local -A wanted=() own=() others=()
  if $announce; then
    for pod in "\${pods[@]}"; do
      if of_family "$family" "$pod"; then awaited=1; fi
    done
    if [[ -z $awaited ]] || ! linked cilium_host; then return; fi
  elif ! ip link show dev cilium_host >/dev/null 2>&1; then
    return
  fi
  look ip -o "$family" addr show dev cilium_host || return
  for line in $seen; do
    line=\${line#* inet} rest=\${line#* } address=\${rest%% *}
    if [[ $address != */* ]]; then continue; fi
    digits "\${address%/*}"
    key=$REPLY/\${address#*/}
    if [[ $rest == *" metric $metric "* ]]; then
      own[$key]=$address
      continue
    fi
    others[$key]=$address
    if [[ -z $awaited || $address != */32 && $address != */128 ]]; then continue; fi
    for pod in "\${pods[@]}"; do
      if ! of_family "$family" "$pod" || ! within "\${address%/*}" "\${pod% *}"; then continue; fi
      mask=\${pod##* }
      digits "\${address%/*}"
      if [[ $family == -6 ]]; then network "$REPLY" "$mask"; fi
      wanted[$REPLY/$mask]=\${address%/*}/$mask
    done
  done
  for key in "\${!own[@]}"; do
    if [[ -z \${wanted[$key]-} ]]; then
      change "removed address \${own[$key]} from cilium_host" ip "$family" addr del "\${own[$key]}" dev cilium_host
    fi
  done
  if [[ $awaited ]] && ((\${#wanted[@]} == 0)); then
    say "address $family" "waiting for an address of the pod range on cilium_host (ip $family)"
    finished=false
    return
  fi
  say "address $family" ''
  for key in "\${!wanted[@]}"; do
    if [[ \${own[$key]-}\${others[$key]-} ]]; then continue; fi
    address=\${wanted[$key]}
    if [[ $family == -6 ]]; then
      address=
      for ((mask = 0; mask < 32; mask += 4)); do printf -v address '%s:%x' "$address" "0x\${key:mask:4}"; done
      if [[ $address == *:0 ]]; then
        while [[ $address == *:0 ]]; do address=\${address%:0}; done
        address+=::
      fi
      address=\${address:1}/\${key#*/}
    fi
    change "set address $address on cilium_host" ip "$family" addr add "$address" dev cilium_host metric "$metric" noprefixroute
  done
}`;

/** Applies, updates the files of the probes, sleeps so that a signal is handled at once. On SIGTERM it removes what it set. */
const LOOP = `
keep() {
  finished=true
  keep_routes -4
  keep_routes -6
  keep_addresses -4
  keep_addresses -6
  if printf '%s %s\\n' "$EPOCHSECONDS" "$finished" 2>/dev/null >"$state/status"; then
    say state ''
  else
    say state "cannot write $state/status"
  fi
}
stop() {
  trap '' TERM INT
  if [[ \${pause-} ]]; then kill "$pause" 2>/dev/null; fi
  route=false announce=false
  keep
  printf 'stopped\\n'
  exit 0
}
trap stop TERM INT
printf 'keeping routes: %s, addresses: %s, pods: %s\\n' "$route" "$announce" "\${pods[*]}"
while true; do
  keep
  sleep "$interval" &
  pause=$!
  wait "$pause"
done`;
