import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { Cilium, LoadBalancerIPPool, TalosCluster, TalosPatch } from '../../lib';
import type { ICilium } from '../../lib';
import { clustersOf, objectsOf, servicesOf } from '../../lib/app/picture';

/* Which cluster an object of an app belongs to. */

const talos = new TalosCluster({ talosVersion: '1.13.5', kubernetesVersion: '1.34.0' });

function service(scope: Construct, name: string): ApiObject {
  return new ApiObject(scope, name, { apiVersion: 'v1', kind: 'Service', metadata: { name } });
}

function ciliumIn(scope: Construct, version = '1.19.6'): ICilium {
  return Cilium.fromVersion(scope, 'cilium', version);
}

const servicesFor = (construct: Construct): readonly string[] =>
  servicesOf(construct).map(({ metadata }) => metadata.name);

it('an object belongs to the only Cilium of the app', () => {
  const app = new App();
  const cilium = ciliumIn(new Chart(app, 'cilium'));
  const web = service(new Chart(app, 'web'), 'web');
  expect(clustersOf(web)).toEqual([cilium]);
  expect(servicesFor(web)).toEqual(['web']);
});

it('an object belongs to the Cilium of its own chart, or of the nearest scope in which all constructs are for one', () => {
  const app = new App();
  const [one, two] = ['one', 'two'].map((name) => {
    const chart = new Chart(app, name);
    const cilium = ciliumIn(chart);
    const group = new Construct(app, `${name}-apps`);
    const apps = new Chart(group, 'apps');
    new LoadBalancerIPPool(apps, 'pool', { cilium, blocks: ['192.0.2.8/29'] });
    return { cilium, own: service(chart, `${name}-own`), other: service(new Chart(group, 'web'), `${name}-web`) };
  });
  expect([one?.own, one?.other].map((object) => clustersOf(object as ApiObject))).toEqual([
    [one?.cilium],
    [one?.cilium],
  ]);
  expect(servicesFor(two?.own as ApiObject)).toEqual(['two-own', 'two-web']);
});

it('an object of a chart that a patch carries belongs to the Cilium of the patch', () => {
  const app = new App();
  const chart = new Chart(app, 'cilium');
  const [home, lab] = ['home', 'lab'].map((name) => Cilium.fromVersion(chart, name, '1.19.6'));
  const apps = new Chart(app, 'apps');
  const web = service(apps, 'web');
  const shared = service(new Chart(app, 'shared'), 'shared');
  const plain = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'plain', namespace: 'shop' } };
  const unknown = service(new Chart(app, 'elsewhere'), 'elsewhere');
  const patch = new TalosPatch(app, 'home', {
    talos,
    cilium: home as ICilium,
    manifests: [apps, Chart.of(shared), { name: '91-plain', objects: [plain] }],
    outdir: 'home',
  });
  new TalosPatch(app, 'lab', { talos, cilium: lab as ICilium, manifests: [Chart.of(shared)], outdir: 'lab' });
  expect(clustersOf(web)).toEqual([home]);
  expect(clustersOf(shared)).toEqual([home, lab]);
  expect(clustersOf(unknown)).toEqual([]);
  expect(servicesFor(web)).toEqual(['web', 'shared', 'plain']);
  expect(servicesFor(lab as ICilium as Construct)).toEqual(['shared']);
  expect(servicesFor(unknown)).toEqual([]);
  expect(objectsOf(patch).at(-1)).toEqual({
    object: plain,
    source: patch,
    given: plain,
    manifest: 'manifests.91-plain',
  });
});

it('an object that cannot be made is left out', () => {
  const chart = new Chart(new App(), 'web');
  ciliumIn(chart);
  const web = service(chart, 'web');
  const broken = { produce: () => JSON.parse('{') as unknown };
  new ApiObject(chart, 'lazy', { apiVersion: 'v1', kind: 'Service', spec: Lazy.any(broken) as object });
  new ApiObject(chart, 'instance', { apiVersion: 'v1', kind: 'Service', spec: new Map() });
  expect(servicesFor(web)).toEqual(['web']);
});
