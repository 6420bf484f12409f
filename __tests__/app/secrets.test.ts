import { ApiObject, App, Chart } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import {
  Cilium,
  HelmRelease,
  TalosCluster,
  TalosPatch,
  changesBetween,
  describeChanges,
  renderCilium,
} from '../../lib';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import { checkApp } from '../../lib/app/run';
import type { CiliumProps } from '../../lib';

const AZURE = { azure: { enabled: true, clientID: 'client', clientSecret: 'hunter2' } };
const MESH = {
  cluster: { name: 'home', id: 1 },
  clustermesh: { config: { enabled: true, clusters: [{ name: 'away', address: '192.0.2.1', port: 2379 }] } },
};

function found(make: (app: App) => void): readonly string[] {
  const app = new App();
  make(app);
  const line = ({ id, level, paths }: Finding): string => `${level} ${id} ${paths.join()}`;
  try {
    return checkApp(app).map(line);
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    expect(error.message).not.toContain('hunter2');
    return error.findings.map(line);
  }
}

const cilium = (app: App, props: Partial<CiliumProps>): Cilium =>
  new Cilium(new Chart(app, 'cilium'), 'cilium', { version: '1.19.6', ...props } as CiliumProps);
const add = (app: App, object: object): ApiObject =>
  new ApiObject(new Chart(app, 'app'), 'object', object as ApiObjectProps);
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'default' } };

describe('secrets in the files of an app', () => {
  it('are reported where Cilium makes them, and can be acknowledged', () => {
    const values = AZURE as unknown as CiliumProps['values'];
    const ids = (props: Partial<CiliumProps>): readonly string[] =>
      found((app) => void cilium(app, props)).filter((one) => one.includes('app/secret'));
    expect(ids({ values })).toEqual(["warning app/secret data['AZURE_CLIENT_ID'],data['AZURE_CLIENT_SECRET']"]);
    expect(ids({ values, acknowledge: { 'app/secret': 'dist is not committed.' } })).toEqual([]);
  });

  it('are reported in plain objects', () => {
    const objects = [
      { ...secret, stringData: { a: 'hunter2' } },
      { ...secret, kind: 'ConfigMap', data: { a: JSON.stringify({ ...secret, stringData: { a: 'hunter2' } }) } },
    ];
    const ids = objects.map((object) =>
      found((app) => {
        cilium(app, {});
        add(app, object);
      }),
    );
    expect(ids).toEqual([["warning app/secret stringData['a']"], ['warning app/secret data.a']]);
  });

  it('are none without key material: addresses of other clusters alone', () => {
    expect(found((app) => void cilium(app, { values: MESH })).filter((one) => one.includes('secret'))).toEqual([]);
    const inPatch = found((app) => {
      const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1' });
      const { node } = cilium(app, { values: MESH, talos });
      new TalosPatch(app, 'talos', { talos, manifests: [Chart.of(node.scope as Chart)] });
    });
    expect(inPatch.filter((one) => one.includes('secret'))).toEqual([]);
  });
});

describe('values of a HelmRelease', () => {
  const release = (values: object): readonly string[] =>
    found((app) => void new HelmRelease(new Chart(app, 'flux'), 'release', { cilium: cilium(app, { values }) })).filter(
      (one) => one.includes('helm-release'),
    );

  it('are reported where they end in a Secret', () => {
    expect(release(AZURE)).toEqual(
      [
        'warning helm-release/secret cilium.values.azure.clientSecret',
        'warning helm-release/secret cilium.values.azure.clientID',
      ].sort((a, b) => (a.endsWith('ID') ? -1 : b.endsWith('ID') ? 1 : 0)),
    );
  });

  it('are quiet where they hold no secret', () => {
    expect(release(MESH)).toEqual([]);
    expect(release({ azure: { ...AZURE.azure, clientID: '${CLIENT}', clientSecret: '${SECRET}' } })).toEqual([]);
  });
});

describe('messages', () => {
  it('do not show a secret value of a wrong type', () => {
    const render = (): unknown =>
      renderCilium({ version: '1.19.6', values: { azure: { clientSecret: 1234567 } } as never });
    expect(render).toThrow(/azure\.clientSecret: Expected a string, got a number\./);
    expect(render).not.toThrow(/1234567/);
  });

  it('about changes state only that a secret changed', () => {
    const applied = (text: string): object => ({
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ stringData: { a: text } }) },
    });
    const objects = (text: string): readonly object[] => [
      { ...secret, data: { a: text }, stringData: { b: text }, metadata: { ...secret.metadata, ...applied(text) } },
      { ...secret, kind: 'ConfigMap', metadata: { ...secret.metadata, ...applied(text) } },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: secret.metadata,
        spec: { containers: [{ name: 'c', env: [{ name: 'DB_PASSWORD', value: text }] }], url: `https://b:${text}@c/` },
      },
    ];
    const changes = changesBetween(objects('hunter2old') as never, objects('hunter2new') as never);
    expect(JSON.stringify(changes)).not.toContain('hunter2');
    expect(changes.map(({ fields }) => fields.length)).toEqual([1, 2, 3]);
    expect(describeChanges(changes)).toContain('(hidden)');
    const raw = [
      { object: 'Secret a/b', change: 'changed', fields: [{ path: 'data.a', before: 'hunter2', after: 'x' }] },
    ] as const;
    expect(describeChanges(raw)).not.toContain('hunter2');
  });
});
