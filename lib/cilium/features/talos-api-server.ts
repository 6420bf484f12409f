import { isTruthy } from '../../helm/truth';
import { addressFamily, overlaps, parseCidr } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { talosRule } from '../parts/talos-rule';

const GUIDE = 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium';
const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '::1'];
/** DNS names of the API server's Service. */
const SERVICE_NAME = /^kubernetes(\.default(\.svc(\..+)?)?)?$/;

/** Cilium's access to the API server of a Talos cluster, in addition to the rules of every cluster. It contributes nothing and only has rules. */
export const talosApiServer: Feature = {
  name: 'talos-api-server',
  contribute: () => ({}),
  rules: [
    talosRule({
      id: 'talos/api-server-is-a-service',
      level: 'error',
      find: (ctx) =>
        ctx.facts.kubeProxyReplacement === 'true' &&
        namesService(ctx) &&
        problem(
          ['k8sServiceHost', 'kubeProxyReplacement', 'talos.serviceSubnets'],
          `${String(ctx.v.k8sServiceHost)} is the Service of the API server, which only Cilium serves, and Cilium needs the API server to start.`,
          'Set k8sServiceHost to localhost and k8sServicePort to the port of KubePrism, or use the address of the control plane.',
        ),
      docs: GUIDE,
      bad: { kubeProxyReplacement: true, k8sServiceHost: '10.96.0.1', k8sServicePort: 443 },
      good: { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 },
    }),
    talosRule({
      id: 'talos/kube-prism-address',
      level: 'error',
      find: ({ v, talos }) =>
        v.k8sServiceHost === '::1' &&
        talos?.kubePrism.enabled === true &&
        problem(
          ['k8sServiceHost', 'talos.kubePrism'],
          'KubePrism listens on 127.0.0.1 only, even where nodes have IPv6 addresses only.',
          'Set k8sServiceHost to localhost or 127.0.0.1.',
        ),
      bad: { k8sServiceHost: '::1', k8sServicePort: 7445 },
      good: { k8sServiceHost: '127.0.0.1', k8sServicePort: 7445 },
    }),
    talosRule({
      id: 'talos/kube-prism-elsewhere',
      level: 'warning',
      find: ({ v, talos }) =>
        isTruthy(v.k8sServiceHost) &&
        !LOOPBACK.includes(v.k8sServiceHost) &&
        talos?.kubePrism.enabled === true &&
        Number(v.k8sServicePort) === talos.kubePrism.port &&
        problem(
          ['k8sServiceHost', 'k8sServicePort', 'talos.kubePrism.port'],
          `${String(v.k8sServicePort)} is the port of KubePrism, which listens on the loopback address of each node only, not on ${String(v.k8sServiceHost)}.`,
          'Set k8sServiceHost to localhost, or k8sServicePort to the port of the control plane, 6443 by default.',
        ),
      bad: { k8sServiceHost: '192.168.1.10', k8sServicePort: 7445 },
      good: { k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 },
    }),
    talosRule({
      id: 'talos/kube-prism-url',
      level: 'error',
      find: (ctx) =>
        deadUrls(ctx).length > 0 &&
        problem(
          ['k8s.apiServerURLs', 'talos.kubePrism'],
          `On the loopback address of a node only KubePrism serves the API server, and not at ${deadUrls(ctx).join(' or ')}.`,
          'Use https://localhost: with the port of KubePrism, 7445 by default, or the address of the control plane.',
        ),
      bad: { k8s: { apiServerURLs: 'https://localhost:6443' } },
      good: { k8s: { apiServerURLs: 'https://localhost:7445' } },
    }),
    talosRule({
      id: 'talos/host-with-more',
      level: 'error',
      find: ({ v }) =>
        isTruthy(v.k8sServiceHost) &&
        /[/\s]|^[^:]*:[^:]*$/.test(String(v.k8sServiceHost)) &&
        problem(
          ['k8sServiceHost', 'k8sServicePort'],
          `'${String(v.k8sServiceHost)}' is not a host name or address, so no client finds the API server.`,
          'Write only the host, such as localhost or 192.168.1.10, and its port in k8sServicePort.',
        ),
      bad: { k8sServiceHost: 'https://localhost', k8sServicePort: 7445 },
      good: { k8sServiceHost: 'localhost', k8sServicePort: 7445 },
    }),
    talosRule({
      id: 'talos/operator-without-kube-prism',
      level: 'error',
      find: ({ v }) =>
        isTruthy(v.operator.enabled) &&
        !isTruthy(v.operator.hostNetwork) &&
        LOOPBACK.includes(String(v.k8sServiceHost)) &&
        problem(
          ['operator.hostNetwork', 'k8sServiceHost'],
          'KubePrism listens on the loopback address of nodes, which pods outside the host network cannot reach: the operator never reaches the API server.',
          'Enable operator.hostNetwork, or set k8sServiceHost to the address of the control plane.',
        ),
      bad: {
        operator: { hostNetwork: false },
        extraConfig: { 'operator-api-serve-addr': ':9234' },
        k8sServiceHost: 'localhost',
        k8sServicePort: 7445,
      },
      good: { k8sServiceHost: 'localhost', k8sServicePort: 7445 },
    }),
  ],
};

/** URLs of the API server on the node itself without a listener. */
function deadUrls({ v, talos }: Context): readonly string[] {
  const { enabled = false, port = 0 } = talos?.kubePrism ?? {};
  return (v.k8s.apiServerURLs ?? '').split(/[\s,]+/).filter((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return (
      LOOPBACK.includes(url.hostname.replace(/^\[|\]$/g, '')) &&
      !(enabled && url.port === String(port) && url.hostname !== '[::1]')
    );
  });
}

function namesService({ v, talos }: Context): boolean {
  const host = String(v.k8sServiceHost ?? '');
  if (SERVICE_NAME.test(host)) return true;
  const address = addressFamily(host) === undefined ? undefined : parseCidr(host);
  return (talos?.serviceSubnets ?? []).some((subnet) => {
    const network = parseCidr(subnet);
    return address !== undefined && network !== undefined && overlaps(address, network);
  });
}
