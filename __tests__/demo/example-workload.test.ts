import { App, Chart, Yaml } from 'cdk8s';
import type { ChartProps } from 'cdk8s';
import { CiliumError } from '../../lib/rules/finding';
import { ExampleWorkload } from '../../lib/demo/example-workload';
import { exampleSettings } from '../../lib/demo/settings';
import type { ExampleWorkloadProps } from '../../lib/demo/settings';
import { PlusWorkload } from './with-cdk8s-plus';

interface Made {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: object;
    readonly annotations?: object;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

function make(props?: ExampleWorkloadProps, path = 'c'): readonly [Made, Made, Made] {
  const chart = new Chart(new App(), path);
  new ExampleWorkload(chart, 'example', props);
  return chart.toJson() as unknown as readonly [Made, Made, Made];
}

describe('ExampleWorkload', () => {
  it('has stable names in its own namespace', () => {
    const objects = make();
    expect(objects.map(({ kind, metadata: { name, namespace } }) => [kind, namespace, name])).toEqual([
      ['Namespace', undefined, 'example'],
      ['Deployment', 'example', 'example'],
      ['Service', 'example', 'example'],
    ]);
    expect(make(undefined, 'elsewhere')).toEqual(objects);
  });

  it('finds its pods by one label, and spreads them', () => {
    const [, deployment, service] = make({ name: 'web' });
    const labels = { 'app.kubernetes.io/name': 'web' };
    expect(deployment.spec).toMatchObject({
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels } },
    });
    expect((deployment.spec.template as Made).metadata.labels).toEqual(labels);
    expect(service.spec.selector).toEqual(labels);
    expect(deployment.spec).toMatchObject({
      template: { spec: { topologySpreadConstraints: [{ labelSelector: { matchLabels: labels } }] } },
    });
  });

  it('runs restricted pods in a namespace that admits no others', () => {
    const [namespace, deployment] = make();
    expect(namespace.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(deployment.spec).toMatchObject({
      template: {
        spec: {
          automountServiceAccountToken: false,
          hostNetwork: false,
          securityContext: { runAsNonRoot: true, runAsUser: 65532 },
          containers: [
            {
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                seccompProfile: { type: 'RuntimeDefault' },
              },
            },
          ],
        },
      },
    });
  });

  it('is a load balancer of the given class', () => {
    expect(make()[2].spec).toEqual({
      type: 'LoadBalancer',
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      selector: { 'app.kubernetes.io/name': 'example' },
    });
    expect(make({ loadBalancerClass: 'io.cilium/node' })[2].spec.loadBalancerClass).toBe('io.cilium/node');
    const [, , service] = make({
      dualStack: true,
      port: 8000,
      annotations: { 'lbipam.cilium.io/ips': '192.168.1.201' },
    });
    expect(service.spec).toMatchObject({
      ipFamilyPolicy: 'RequireDualStack',
      ports: [{ port: 8000, targetPort: 8080 }],
    });
    expect(service.metadata.annotations).toEqual({ 'lbipam.cilium.io/ips': '192.168.1.201' });
  });

  it('accepts another image; the default is pinned by digest', () => {
    const image = (props?: ExampleWorkloadProps): unknown =>
      (make(props)[1].spec.template as { spec: { containers: { image: string }[] } }).spec.containers[0]?.image;
    expect(image()).toMatch(/^docker\.io\/traefik\/whoami:v[\d.]+@sha256:[0-9a-f]{64}$/);
    expect(image({ image: 'example.test/web:1' })).toBe('example.test/web:1');
  });

  it('reports everything that no cluster accepts at once', () => {
    const attempt = (): unknown =>
      make({
        name: 'My_Web',
        port: 0,
        replicas: 1.5,
        annotations: { 'a b': 'c', d: 5 as never },
        loadBalancerClas: 'x',
      } as ExampleWorkloadProps);
    expect(attempt).toThrow(CiliumError);
    expect(attempt).toThrow(
      /Did you mean `loadBalancerClass`[^]*annotations\.d[^]*got 0[^]*got 1\.5[^]*My_Web[^]*annotations\['a b'\]/,
    );
  });

  it.each<readonly [string, ExampleWorkloadProps, ChartProps]>([
    ['by default', {}, {}],
    ['in a chart with labels and a namespace', {}, { namespace: 'web', labels: { team: 'net' } }],
    ['with no replicas on both families', { replicas: 0, dualStack: true, port: 8000 }, {}],
    ['with a class and annotations', { loadBalancerClass: 'io.cilium/node', annotations: { 'a.example/b': 'c' } }, {}],
    ['elsewhere, with another image', { name: 'web', namespace: 'shop', image: 'example.test/web:1' }, {}],
  ])('writes what cdk8s-plus writes, byte for byte: %s', (_, props, chartProps) => {
    const written = (fill: (chart: Chart) => void): string => {
      const chart = new Chart(new App(), 'c', chartProps);
      fill(chart);
      const objects = chart.toJson() as unknown as readonly Made[];
      return Yaml.stringify(...objects.filter(({ kind }) => kind !== 'Namespace'));
    };
    const ours = written((chart) => new ExampleWorkload(chart, 'example', props));
    const { namespace } = chartProps;
    const plus = written((chart) => new PlusWorkload(chart, 'example', exampleSettings('example', props, namespace)));
    expect(ours).toBe(plus);
  });
});
