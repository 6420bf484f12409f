import { isTruthy } from '../../helm/truth';
import { addressFamily, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { talosCheck } from '../parts/talos-check';

const GUIDE = 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium';
const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '::1'];
/** Names by which pods know the API server: a Service too. */
const SERVICE_NAME = /^kubernetes(\.default(\.svc(\..+)?)?)?$/;

/** How Cilium reaches the API server of a Talos cluster, beside what is said of every cluster. It says nothing to Cilium, it only looks. */
export const talosApiServer: Feature = {
  name: 'talos-api-server',
  contribute: () => ({}),
  checks: [
    talosCheck({
      id: 'talos/api-server-is-a-service',
      level: 'error',
      when: (ctx) => ctx.facts.kubeProxyReplacement === 'true' && namesService(ctx),
      paths: ['k8sServiceHost', 'kubeProxyReplacement', 'talos.serviceSubnets'],
      message: ({ v }) =>
        `${String(v.k8sServiceHost)} is the Service of the API server, for which nobody but Cilium would answer, and Cilium needs the API server before it can.`,
      hint: 'Set k8sServiceHost to localhost and k8sServicePort to the port of KubePrism, or give the address of the control plane.',
      docs: GUIDE,
      bad: { kubeProxyReplacement: true, k8sServiceHost: '10.96.0.1', k8sServicePort: 443 },
      good: { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 },
    }),
    talosCheck({
      id: 'talos/kube-prism-address',
      level: 'error',
      when: ({ v, talos }) => v.k8sServiceHost === '::1' && talos?.kubePrism.enabled === true,
      paths: ['k8sServiceHost', 'talos.kubePrism'],
      message: 'KubePrism listens on 127.0.0.1, also where nodes have IPv6 addresses only, and on no other address.',
      hint: 'Set k8sServiceHost to localhost or 127.0.0.1.',
      bad: { k8sServiceHost: '::1', k8sServicePort: 7445 },
      good: { k8sServiceHost: '127.0.0.1', k8sServicePort: 7445 },
    }),
    talosCheck({
      id: 'talos/kube-prism-elsewhere',
      level: 'warning',
      when: ({ v, talos }) =>
        isTruthy(v.k8sServiceHost) &&
        !LOOPBACK.includes(v.k8sServiceHost) &&
        talos?.kubePrism.enabled === true &&
        Number(v.k8sServicePort) === talos.kubePrism.port,
      paths: ['k8sServiceHost', 'k8sServicePort', 'talos.kubePrism.port'],
      message: ({ v }) =>
        `${String(v.k8sServicePort)} is the port of KubePrism, which listens on the loopback address of each node alone, not on ${String(v.k8sServiceHost)}.`,
      hint: 'Set k8sServiceHost to localhost, or k8sServicePort to the port of the control plane, 6443 unless it is set otherwise.',
      bad: { k8sServiceHost: '192.168.1.10', k8sServicePort: 7445 },
      good: { k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 },
    }),
    talosCheck({
      id: 'talos/kube-prism-url',
      level: 'error',
      when: (ctx) => deadUrls(ctx).length > 0,
      paths: ['k8s.apiServerURLs', 'talos.kubePrism'],
      message: (ctx) =>
        `On the loopback address of a node only KubePrism answers for the API server, and not at ${deadUrls(ctx).join(' or ')}.`,
      hint: 'Write https://localhost: and the port of KubePrism, 7445 unless it is set otherwise, or the address of the control plane.',
      bad: { k8s: { apiServerURLs: 'https://localhost:6443' } },
      good: { k8s: { apiServerURLs: 'https://localhost:7445' } },
    }),
    talosCheck({
      id: 'talos/host-with-more',
      level: 'error',
      when: ({ v }) => isTruthy(v.k8sServiceHost) && /[/\s]|^[^:]*:[^:]*$/.test(String(v.k8sServiceHost)),
      paths: ['k8sServiceHost', 'k8sServicePort'],
      message: ({ v }) =>
        `'${String(v.k8sServiceHost)}' is no name or address of a host, so nobody finds the API server.`,
      hint: 'Write the host alone, localhost or 192.168.1.10, and its port as k8sServicePort.',
      bad: { k8sServiceHost: 'https://localhost', k8sServicePort: 7445 },
      good: { k8sServiceHost: 'localhost', k8sServicePort: 7445 },
    }),
    talosCheck({
      id: 'talos/operator-without-kube-prism',
      level: 'error',
      when: ({ v }) =>
        isTruthy(v.operator.enabled) &&
        !isTruthy(v.operator.hostNetwork) &&
        LOOPBACK.includes(String(v.k8sServiceHost)),
      paths: ['operator.hostNetwork', 'k8sServiceHost'],
      message:
        'KubePrism listens on the loopback address of nodes, which is not that of a pod with a network of its own: the operator never reaches the API server.',
      hint: 'Leave operator.hostNetwork on, or set k8sServiceHost to the address of the control plane.',
      bad: { operator: { hostNetwork: false }, k8sServiceHost: 'localhost', k8sServicePort: 7445 },
      good: { k8sServiceHost: 'localhost', k8sServicePort: 7445 },
    }),
  ],
};

/** URLs of the API server on the node itself at which nobody listens. */
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
