import { App, Chart } from 'cdk8s';
import { CiliumError } from '../../lib/rules/finding';
import { kubeSpanRoutesFindings } from '../../lib/kubespan/rules';
import { kubeSpanRoutesObjects } from '../../lib/kubespan/objects';
import { KubeSpanRoutes } from '../../lib/kubespan/routes';
import type { KubeSpanRoutesProps } from '../../lib/kubespan/settings';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { ciliumWith, released } from '../../upstream/rules/released';

const KUBESPAN = { enabled: true, advertiseKubernetesNetworks: true };
const talos = (props: Partial<TalosClusterProps> = {}): TalosCluster =>
  new TalosCluster({ talosVersion: '1.11.5', kubeSpan: KUBESPAN, ...props });
const IMAGE = 'example.test/tools:1';

/** The pod of the DaemonSet. */
function podSpec(
  props: Partial<KubeSpanRoutesProps> = {},
): Readonly<Record<string, unknown>> & { readonly containers: readonly Readonly<Record<string, unknown>>[] } {
  const [daemonSet] = kubeSpanRoutesObjects({ talos: talos(), cilium: released('1.18.4'), ...props });
  return (daemonSet?.spec as { readonly template: { readonly spec: ReturnType<typeof podSpec> } }).template.spec;
}

function script(props: Partial<KubeSpanRoutesProps> = {}): string {
  return (podSpec(props).containers[0]?.command as readonly string[])[2] ?? '';
}

describe('the DaemonSet', () => {
  it('lives in kube-system under a stable name', () => {
    const [daemonSet] = kubeSpanRoutesObjects({ talos: talos(), cilium: released('1.18.4') });
    expect(daemonSet).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'kubespan-routes', namespace: 'kube-system' },
    });
    const spec = daemonSet?.spec as { selector: { matchLabels: object }; template: { metadata: { labels: object } } };
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
  });

  it('may only change the network of its node', () => {
    const pod = podSpec();
    expect(pod).toMatchObject({
      hostNetwork: true,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: 'system-node-critical',
      tolerations: [{ operator: 'Exists' }],
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod.containers).toHaveLength(1);
    expect(pod.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsUser: 0,
      runAsGroup: 0,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
    });
    // With a variable, Kubernetes could replace a $(NAME) of the script.
    expect(pod.containers[0]?.env).toBeUndefined();
    expect(JSON.stringify(pod)).not.toMatch(/hostPath|hostPID|privileged/);
  });

  it('runs the agent image of that Cilium, pinned by digest, or another', () => {
    expect(podSpec().containers[0]?.image).toMatch(/^quay\.io\/cilium\/cilium:v1\.18\.4@sha256:[0-9a-f]{64}$/);
    const cilium = ciliumWith('1.18.4', {
      values: { image: { override: IMAGE }, routingMode: 'native', ipam: { mode: 'kubernetes' } },
    });
    expect(podSpec({ cilium }).containers[0]?.image).toBe(IMAGE);
    expect(podSpec({ image: 'example.test/other:2' }).containers[0]?.image).toBe('example.test/other:2');
  });

  it.each<[TalosClusterProps['talosVersion'], boolean]>([
    ['1.11', true],
    ['1.11.5', true],
    ['1.12', true],
    ['1.12.3', true],
    ['1.12.4', false],
    ['1.13', false],
    ['1.14', false],
  ])('announces pod ranges on Talos %s: %s', (talosVersion, announces) => {
    expect(script({ talos: talos({ talosVersion }) })).toContain(`route=true announce=${String(announces)} interval=5`);
  });

  it('passes the ranges as ip prints them, with the masks of the nodes', () => {
    const dual = talos({
      podSubnets: ['10.200.0.0/14', 'FD00:10:244:0::/56'],
      serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
      nodeCIDRMaskSizeIPv4: 25,
      nodeCIDRMaskSizeIPv6: 66,
    });
    expect(script({ talos: dual })).toContain("pods=('10.200.0.0/14 25' 'fd00:10:244::/56 66')");
  });
});

describe('the rules', () => {
  const good: KubeSpanRoutesProps = { talos: talos(), image: IMAGE, cilium: released('1.18.4') };
  const facts = (props: object): KubeSpanRoutesProps['talos'] =>
    ({ ...talos(), ...props }) as KubeSpanRoutesProps['talos'];
  const rendered = (values: object): KubeSpanRoutesProps['cilium'] => ciliumWith('1.18.4', { values });

  it('report nothing for correct props', () => {
    expect(kubeSpanRoutesFindings(good)).toEqual([]);
    const cilium = rendered({
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.244.0.0/16',
      ipam: { mode: 'kubernetes' },
    });
    expect(kubeSpanRoutesFindings({ talos: talos({ talosVersion: '1.13' }), cilium })).toEqual([]);
  });

  it.each<[string, 'error' | 'warning', Partial<KubeSpanRoutesProps>]>([
    ['kubespan-off', 'error', { talos: facts({ kubeSpan: undefined }) }],
    ['kubespan-off', 'error', { talos: facts({ kubeSpan: { ...KUBESPAN, enabled: false, mtu: 1420 } }) }],
    [
      'networks-not-advertised',
      'error',
      { talos: facts({ kubeSpan: { enabled: true, advertiseKubernetesNetworks: false, mtu: 1420 } }) },
    ],
    ['no-pod-subnets', 'error', { talos: facts({ podSubnets: [] }) }],
    ['bad-pod-subnet', 'error', { talos: facts({ podSubnets: ['10.244.0.0/16', 'everything'] }) }],
    ['bad-pod-subnet', 'error', { talos: facts({ podSubnets: ["10.244.0.0/16'; reboot #"] }) }],
    ['one-node-range', 'error', { talos: facts({ podSubnets: ['10.244.1.0/24'] }) }],
    ['nothing-to-do', 'error', { routePodSubnets: false, announcePodSubnets: false }],
    ['nobody-announces', 'warning', { announcePodSubnets: false }],
    ['announced-twice', 'warning', { talos: talos({ talosVersion: '1.13' }), announcePodSubnets: true }],
    ['interval', 'error', { intervalSeconds: 0 }],
    ['interval', 'error', { intervalSeconds: 2.5 }],
    ['missing', 'error', { cilium: undefined }],
    ['tunnel-mode', 'warning', { cilium: rendered({ ipam: { mode: 'kubernetes' } }) }],
    [
      'ipam',
      'error',
      {
        cilium: rendered({
          routingMode: 'native',
          ipv4NativeRoutingCIDR: '10.244.0.0/16',
          ipam: { mode: 'cluster-pool' },
        }),
      },
    ],
    ['name', 'error', { name: 'Routes' }],
    ['unknown-prop', 'error', { namespace: 'default' } as object],
    ['unknown-prop', 'error', { resources: { memory: '64Mi' } }],
    ['floating-image', 'warning', { image: 'example.test:5000/tools' }],
    ['floating-image', 'warning', { image: 'tools:latest' }],
    ['type', 'error', { image: '' }],
    ['type', 'error', { image: 'tools :1' }],
    ['type', 'error', { resources: '64Mi' } as object],
    ['type', 'error', { resources: { limits: '64Mi' } }],
    ['type', 'error', { routePodSubnets: 'false' } as object],
    ['type', 'error', { talos: undefined } as object],
    ['type', 'error', { talos: { talosVersion: '1.13' } } as object],
    ['type', 'error', { talos: null } as object],
  ])('report %s (%s)', (rule, level, change) => {
    const found = kubeSpanRoutesFindings({ ...good, ...change }).filter(({ id }) => id === `kubespan-routes/${rule}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ level });
  });

  it.each(['tools:1', 'example.test:5000/tools:1', 'tools@sha256:0000', 'tools:latest@sha256:0000'])(
    'accept the image %s',
    (image) => {
      expect(kubeSpanRoutesFindings({ ...good, image })).toEqual([]);
    },
  );

  it('need a Talos cluster', () => {
    for (const props of [{}, undefined]) {
      const attempt = (): unknown => new KubeSpanRoutes(new Chart(new App(), 'c'), 'r', props as KubeSpanRoutesProps);
      expect(attempt).toThrow(CiliumError);
      expect(attempt).toThrow(/talos: Required property is missing[^]*new TalosCluster/);
    }
  });

  it('are thrown all at once, with hints', () => {
    const attempt = (): unknown =>
      new KubeSpanRoutes(new Chart(new App(), 'c'), 'r', {
        ...good,
        talos: facts({ kubeSpan: undefined, podSubnets: [] }),
        intervalSeconds: 0,
      });
    expect(attempt).toThrow(CiliumError);
    expect(attempt).toThrow(/kubespan-off[^]*Set `kubeSpan[^]*no-pod-subnets[^]*interval/);
  });
});

describe('KubeSpanRoutes', () => {
  it('makes the object in its chart, and reports warnings that are not acknowledged', () => {
    const chart = new Chart(new App(), 'c');
    const one = new KubeSpanRoutes(chart, 'r', {
      talos: talos(),
      cilium: released('1.18.4'),
      announcePodSubnets: false,
    });
    expect(chart.toJson()).toEqual(
      JSON.parse(
        JSON.stringify(
          kubeSpanRoutesObjects({ talos: talos(), cilium: released('1.18.4'), announcePodSubnets: false }),
        ),
      ),
    );
    expect(one.daemonSet.name).toBe('kubespan-routes');
    expect(one.findings.map(({ id }) => id)).toEqual(['kubespan-routes/nobody-announces']);
    const silent = new KubeSpanRoutes(chart, 's', {
      talos: talos(),
      cilium: released('1.18.4'),
      announcePodSubnets: false,
      acknowledge: { 'kubespan-routes/nobody-announces': 'Accepted.' },
    });
    expect(silent.findings).toEqual([]);
  });
});
