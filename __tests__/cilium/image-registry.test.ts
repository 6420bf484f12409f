import { App, Chart } from 'cdk8s';
import { valueSets } from '../../conformance/helm/cases';
import { digestedVersions, digestsOf, readDigests } from '../../conformance/helm/digests';
import {
  Cilium,
  CiliumError,
  ExampleWorkload,
  KubeSpanRoutes,
  TalosCluster,
  helmReleaseValues,
  renderCilium,
} from '../../lib';
import type { CiliumValues, KubernetesObject } from '../../lib';
import { forUs } from '../../lib/releases/declared-differences';
import { isMap } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import { sample } from '../speed';
import { imageIn, imageName, imagesOf } from '../../lib/kubernetes/images';

const imageRegistry = 'harbor.example.org:8443/mirror';

/** Every `image:` of some data, whatever kind of object it is in. */
function imagesIn(data: unknown): readonly string[] {
  if (Array.isArray(data)) return data.flatMap(imagesIn);
  if (!isMap(data)) return [];
  return Object.entries(data).flatMap(([name, value]) =>
    name === 'image' && typeof value === 'string' ? [value] : imagesIn(value),
  );
}

function withoutRepositories(data: unknown): unknown {
  if (!isMap(data)) return data;
  return Object.fromEntries(
    Object.entries(data)
      .filter(([name]) => name !== 'repository')
      .map(([name, value]) => [name, withoutRepositories(value)]),
  );
}

const images = (values: CiliumValues, registry?: string): readonly string[] =>
  imagesOf(renderCilium({ version: '1.20.0', values, imageRegistry: registry }).objects).map(({ image }) => image);

const mirrored = valueSets().find(({ id }) => id === '50-mirrored');

describe.each(sample(digestedVersions(), 10))('Cilium %s', (version) => {
  it('renders with imageRegistry what Helm prints with every repository set by hand', () => {
    const { values = {}, namespace } = mirrored ?? {};
    const input = { version, namespace, unknownValues: 'warn' } as const;
    const { objects } = renderCilium({
      ...input,
      values: forUs(withoutRepositories(values) as JsonObject),
      imageRegistry,
    });
    expect(digestsOf({ objects })).toEqual(readDigests(version)['50-mirrored']);
    // Written by hand as well, they stay.
    expect(renderCilium({ ...input, values: forUs(values), imageRegistry }).objects).toEqual(objects);
  });
});

it('every image of every value set is in the registry, with the path, tag and digest that it had', () => {
  const isMoved = (image: string, i: number, usual: readonly string[]): void => {
    const { registry: _, ...name } = imageName(usual[i] ?? '');
    expect(image.startsWith(`${imageRegistry}/`)).toBe(true);
    expect(imageName(image)).toEqual({
      ...name,
      registry: 'harbor.example.org:8443',
      repository: `mirror/${name.repository}`,
    });
  };
  let seen = 0;
  for (const { values, namespace, kubeVersion, apiVersions } of sample(valueSets(), 6)) {
    if (JSON.stringify(values).includes('harbor.example.org')) continue;
    const render = (registry?: string): readonly string[] =>
      imagesIn(
        renderCilium({
          version: '1.20.0',
          values: forUs(values),
          namespace,
          kubeVersion,
          apiVersions,
          unknownValues: 'warn',
          imageRegistry: registry,
        }).objects,
      );
    let usual: readonly string[];
    try {
      usual = render();
    } catch {
      continue;
    }
    const moved = render(imageRegistry);
    expect(moved).toHaveLength(usual.length);
    moved.forEach((image, i) => {
      isMoved(image, i, usual);
    });
    seen += moved.length;
  }
  expect(seen).toBeGreaterThan(50);
});

it('images that the values set, and containers and volumes that they add, move too; those in the registry stay', () => {
  const found = images(
    {
      image: { override: 'registry.example/cilium:dev' },
      envoy: { image: { repository: `${imageRegistry}/own/envoy` } },
      operator: { image: { repository: 'operator' } },
      extraContainers: [{ name: 'side', image: 'busybox' }],
      extraInitContainers: [{ name: 'first', image: 'ghcr.io/tools/first@sha256:0000' }],
      extraVolumes: [{ name: 'data', image: { reference: 'registry.example/data:1' } }],
    } as unknown as CiliumValues,
    imageRegistry,
  );
  expect(found).toEqual(
    expect.arrayContaining([
      `${imageRegistry}/cilium:dev`,
      `${imageRegistry}/library/busybox`,
      `${imageRegistry}/tools/first@sha256:0000`,
      `${imageRegistry}/data:1`,
    ]),
  );
  expect(found.filter((image) => image.startsWith(`${imageRegistry}/own/envoy:v`))).toHaveLength(1);
  expect(found.filter((image) => image.startsWith(`${imageRegistry}/library/operator-generic:v`))).toHaveLength(1);
});

it('explicit values and no registry leave every image as the chart has it', () => {
  expect(images({}).every((image) => image.startsWith('quay.io/cilium/'))).toBe(true);
});

describe('around Cilium', () => {
  const chart = new Chart(new App({ outdir: '/tmp/never-written' }), 'network');
  const talos = new TalosCluster({
    talosVersion: '1.13',
    hostDNS: { forwardKubeDNSToHost: false },
    kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
  });
  const values = {
    bpf: { masquerade: true },
    hubble: { relay: { enabled: true } },
    extraContainers: [{ name: 'side', image: 'registry.example/side:1' }],
  } as const;
  const cilium = new Cilium(chart, 'cilium', { version: '1.20.0', talos, imageRegistry, values });

  it('the routes of KubeSpan use the image of the agent', () => {
    const { daemonSet } = new KubeSpanRoutes(chart, 'routes', { cilium, talos });
    expect(imagesIn(daemonSet.toJson())).toEqual([
      expect.stringContaining(`${imageRegistry}/cilium/cilium:v1.20.0@sha256:`),
    ]);
  });

  it('the example workload moves its image when it has the registry', () => {
    const { deployment } = new ExampleWorkload(chart, 'web', { imageRegistry });
    expect(imagesIn(deployment.toJson())).toEqual([
      expect.stringContaining(`${imageRegistry}/traefik/whoami:v1.11.0@sha256:`),
    ]);
  });

  it('Helm and Flux get the repositories as values, of the images in use', () => {
    const own = helmReleaseValues(cilium);
    const render = (input: Partial<Parameters<typeof renderCilium>[0]>): readonly KubernetesObject[] =>
      renderCilium({ version: '1.20.0', talos, ...input }).objects;
    expect(render({ values: own })).toEqual(render({ values: cilium.values, imageRegistry }));
    expect(own).toMatchObject({ hubble: { relay: { image: { repository: `${imageRegistry}/cilium/hubble-relay` } } } });
    expect(own).not.toHaveProperty('preflight');
    expect(own).not.toHaveProperty('clustermesh');
    expect(renderCilium({ version: '1.20.0', values: own, talos }).findings).toEqual(cilium.rendered?.findings);
  });
});

describe('what is not a registry is refused', () => {
  it.each([
    ['https://harbor.example.org', 'has a scheme', 'Remove `https://`.'],
    ['oci://harbor.example.org/a', 'has a scheme', 'Remove `oci://`.'],
    ['harbor.example.org/mirror/', 'ends with a slash', 'Remove the slash'],
    ['harbor.example.org:0/mirror', 'no valid port: 0', 'from 1 to 65535'],
    ['harbor.example.org:65536', 'no valid port', 'from 1 to 65535'],
    ['harbor.example.org:', 'no valid port: it is empty', 'from 1 to 65535'],
    ['harbor.example.org/Mirror', "'Mirror'", 'lower-case'],
    ['harbor.example.org//mirror', "''", 'lower-case'],
    ['harbor.example.org/a:1', "'a:1'", 'lower-case'],
    ['harbor.example.org/a@sha256:00', 'has a digest', 'Write it as'],
    ['harbor .example.org', "'harbor .example.org' is not a host", 'Write it as'],
    ['', "'' is not a host", 'Write it as'],
    ['harbor', 'containerd pulls docker.io/harbor/', 'domain or its port'],
    ['mirror/team', 'containerd pulls docker.io/mirror/team/', 'domain or its port'],
  ])('%s', (registry, message, hint) => {
    const refused = (): unknown =>
      renderCilium({ version: '1.20.0', values: { cluster: { name: '' } }, imageRegistry: registry });
    expect(refused).toThrow(CiliumError);
    try {
      refused();
    } catch (error) {
      const { findings } = error as CiliumError;
      expect(findings).toContainEqual({
        id: 'cilium/image-registry',
        level: 'error',
        paths: ['imageRegistry'],
        message: expect.stringContaining(message) as string,
        hint: expect.stringContaining(hint) as string,
        docs: expect.any(String) as string,
      });
      // With what is wrong with the values.
      expect(findings.length).toBeGreaterThan(1);
    }
  });

  it.each([
    'harbor.example.org',
    'localhost:5000',
    'localhost',
    'harbor:5000/a',
    '10.0.0.1:443/a/b-c/d_e',
    '[::1]:5000/a',
  ])('%s is one', (registry) => {
    expect(images({}, registry).every((image) => image.startsWith(`${registry}/cilium/`))).toBe(true);
  });
});

it.each([
  ['busybox', 'docker.io', 'library/busybox', undefined, undefined],
  ['docker.io/busybox:1', 'docker.io', 'library/busybox', '1', undefined],
  ['traefik/whoami', 'docker.io', 'traefik/whoami', undefined, undefined],
  ['localhost/a', 'localhost', 'a', undefined, undefined],
  ['host:5000/a/b:1@sha256:00', 'host:5000', 'a/b', '1', 'sha256:00'],
  ['quay.io/cilium/cilium@sha256:00', 'quay.io', 'cilium/cilium', undefined, 'sha256:00'],
  ['${REGISTRY}/cilium/cilium:v1', '${REGISTRY}', 'cilium/cilium', 'v1', undefined],
])('containerd reads %s as %s, %s', (image, registry, repository, tag, digest) => {
  expect(imageName(image)).toEqual({ registry, repository, ...(tag && { tag }), ...(digest && { digest }) });
  expect(imageIn('r.example/m', image)).toBe(
    `r.example/m/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`,
  );
});
