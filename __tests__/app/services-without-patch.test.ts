import { ApiObject, App, Chart } from 'cdk8s';
import { Cilium, LoadBalancerIPPool, TalosCluster, TalosPatch } from '../../lib';

const talos = new TalosCluster({
  talosVersion: '1.13',
  kubernetesVersion: '1.34.1',
  vip: { ip: '192.0.2.5', link: 'eth0' },
});

interface Made {
  readonly app: App;
  readonly network: Chart;
  readonly apps: Chart;
  readonly cilium: Cilium;
}

/** An app with a pool and Services that GitOps applies. */
function made(blocks: readonly string[], names: readonly string[]): Made {
  const app = new App();
  const network = new Chart(app, 'network');
  const apps = new Chart(app, 'apps');
  const cilium = new Cilium(network, 'cilium', {
    version: '1.19.6',
    talos,
    values: { l2announcements: { enabled: true } },
  });
  new LoadBalancerIPPool(apps, 'pool', { cilium, blocks: [...blocks] });
  for (const name of names)
    new ApiObject(apps, name, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }] },
    });
  return { app, network, apps, cilium };
}

const ofServices = (cilium: Cilium): readonly string[] =>
  cilium.findings.filter(({ id }) => id.startsWith('service/')).map(({ id, paths: [path] }) => `${id} ${path ?? ''}`);

describe('Services of an app without a patch', () => {
  it('are judged at the Cilium of their cluster', () => {
    expect(ofServices(made(['192.0.2.71'], ['web', 'game']).cilium)).toEqual([
      'service/too-few-addresses apps: Service shop/web',
      'service/no-l2-policy apps: Service shop/web',
    ]);
  });

  it('are judged by the patch alone where one carries the Cilium', () => {
    const { app, network, apps, cilium } = made(['192.0.2.71'], ['web', 'game']);
    const patch = new TalosPatch(app, 'talos', { talos, manifests: [network, apps] });
    expect(ofServices(cilium)).toEqual([]);
    expect(patch.findings.map(({ id }) => id)).toContain('service/too-few-addresses');
  });

  it('an address of the API server in a pool is an error', () => {
    const { cilium } = made(['192.0.2.0/28'], []);
    expect(ofServices(cilium)).toEqual(['service/node-address apps/pool: cilium.io/CiliumLoadBalancerIPPool pool']);
    expect(cilium.findings.map(({ level }) => level)).toContain('error');
  });
});
