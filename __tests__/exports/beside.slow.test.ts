import { ApiObject, App, Chart } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';
import * as lib from '../../lib';
import { variants } from './junk';
import { RESOURCES, errorsIn } from './table';

type Kind = new (scope: Construct, id: string, props: unknown) => Construct;

/** An app with a good one of every kind; one of them may be another, and there may be a Service. */
function appWith({ spoilt, good, service }: { spoilt?: string; good?: unknown; service?: object }): App {
  const app = new App({ outdir: '/tmp/never-written' });
  const chart = new Chart(app, 'c');
  if (service !== undefined) new ApiObject(chart, 'service', service as ApiObjectProps);
  for (const { name, good: own } of RESOURCES) {
    const kind = (lib as unknown as Readonly<Record<string, Kind>>)[name];
    if (kind !== undefined) new kind(chart, name.toLowerCase(), name === spoilt ? good : own);
  }
  return app;
}

/** What is thrown; `undefined` when all is judged. */
function thrown(app: () => App): string | undefined {
  try {
    errorsIn(app());
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 3).join(' ') : String(error);
  }
}

const WRONG = [5, {}, [null]];

test.each(RESOURCES.map((row) => [row.name, row] as const))(
  'a wrong %s does not stop the rules of other constructs',
  (name, { good }) => {
    // The common props are the same everywhere.
    const own = Object.keys(good).filter((prop) => !['cilium', 'metadata', 'acknowledge'].includes(prop));
    const found = own.flatMap((prop) =>
      WRONG.map((value) => thrown(() => appWith({ spoilt: name, good: { ...good, [prop]: value } }))).flatMap(
        (error) => (error === undefined ? [] : [`${prop}: ${error}`]),
      ),
    );
    expect(found).toEqual([]);
  },
);

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'web',
    namespace: 'shop',
    labels: { app: 'web' },
    annotations: { 'lbipam.cilium.io/ips': '192.168.1.201', 'service.cilium.io/global': 'true' },
  },
  spec: {
    type: 'LoadBalancer',
    loadBalancerClass: 'io.cilium/l2-announcer',
    loadBalancerIP: '192.168.1.202',
    externalTrafficPolicy: 'Cluster',
    ipFamilyPolicy: 'RequireDualStack',
    ipFamilies: ['IPv4'],
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
  },
};

test('a Service of any shape causes no crash', () => {
  const found: string[] = [];
  const cases = [...variants(SERVICE, () => true)].filter(
    ({ what }) =>
      /^(metadata\.(labels|annotations)|spec)/.test(what) &&
      / is (null|-1|text|an empty list|an empty map|a list of null|another map)$/.test(what),
  );
  for (const { what, props } of cases) {
    const error = thrown(() => appWith({ service: props as object }));
    if (error !== undefined) found.push(`${what}: ${error}`);
  }
  expect(found).toEqual([]);
});
