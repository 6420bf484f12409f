import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { valueSets } from '../../conformance/helm/cases';
import { readDigests } from '../../conformance/helm/digests';
import { writeDocuments } from '../../lib';
import { renderCilium } from '../../lib/cilium/render';
import { imageName, imagesOf } from '../../lib/kubernetes/images';
import type { UsedImage } from '../../lib/kubernetes/images';
import { forUs } from '../../lib/releases/declared-differences';
import { sample } from '../speed';
import { runCommand } from './run-command';

const folder = mkdtempSync(join(tmpdir(), 'images '));
const file = (text: string): string => {
  writeFileSync(join(folder, 'values.yaml'), text);
  return join(folder, 'values.yaml');
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What people do with the output of `helm template`. */
function grepped(manifests: string): readonly string[] {
  const found = [...manifests.matchAll(/^\s*(?:- )?image: "?([^"\s]+)"?$/gm)].map(([, image = '']) => image);
  return [...new Set(found)].sort();
}

// Helm refuses some on purpose.
const rendered = valueSets().filter(({ id }) => (readDigests('1.20.0')[id] ?? null) !== null);

it.each(sample(rendered, 5))('lists every image of value set $id, as grep does', ({ id: _, values, ...input }) => {
  const { objects } = renderCilium({ ...input, version: '1.20.0', values: forUs(values), unknownValues: 'warn' });
  const listed = imagesOf(objects).map(({ image }) => image);
  expect(listed).toEqual(grepped(writeDocuments(objects)));
  expect(listed.length).toBeGreaterThan(0);
});

it('prints one name for each image, sorted', async () => {
  const { exit, out } = await runCommand(
    'images',
    '--version',
    '1.20.0',
    '-f',
    file('hubble: {relay: {enabled: true}}\nenvoy: {enabled: false}\n'),
  );
  expect(exit).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines.map((line) => imageName(line).repository)).toEqual([
    'cilium/certgen',
    'cilium/cilium',
    'cilium/hubble-relay',
    'cilium/operator-generic',
  ]);
  for (const line of lines) expect(line).toMatch(/^quay\.io\/cilium\/[a-z-]+:v[0-9.]+@sha256:[0-9a-f]{64}$/);
});

it('prints with --json what uses each image, of the routes of KubeSpan too', async () => {
  const { out } = await runCommand('images', '--version', '1.20.0', '--json', '--kubespan-routes');
  const found = JSON.parse(out) as readonly UsedImage[];
  const agent = found.find(({ repository }) => repository === 'cilium/cilium');
  expect(agent).toMatchObject({
    registry: 'quay.io',
    tag: 'v1.20.0',
    digest: expect.stringMatching(/^sha256:/) as string,
  });
  const uses = agent?.usedBy.map(({ object, container }) => `${object} ${container}`);
  expect(uses).toEqual(
    expect.arrayContaining([
      'apps/DaemonSet kube-system/cilium cilium-agent',
      'apps/DaemonSet kube-system/cilium mount-cgroup',
      'apps/DaemonSet kube-system/kubespan-routes routes',
    ]),
  );
  expect(await runCommand('images', '--version', '1.20.0', '--json')).not.toMatchObject({
    out: expect.stringContaining('kubespan') as string,
  });
});

it('the routes are listed where no agent runs', async () => {
  const { out } = await runCommand(
    ...['images', '--version', '1.20.0', '--kubespan-routes', '-f'],
    file('agent: false\nenvoy: {enabled: false}\n'),
  );
  expect(out).toMatch(/^quay.io\/cilium\/cilium:v1.20.0@sha256:/m);
});

it('--image-registry lists the images of a mirror, and what is not a registry is refused', async () => {
  const mirrored = await runCommand('images', '--version', '1.20.0', '--image-registry', 'harbor.example.org/mirror');
  expect(
    mirrored.out
      .trimEnd()
      .split('\n')
      .every((line) => line.startsWith('harbor.example.org/mirror/cilium/')),
  ).toBe(true);
  const refused = await runCommand('images', '--version', '1.20.0', '--image-registry', 'https://harbor.example.org');
  expect(refused).toMatchObject({ exit: 1, out: '' });
  expect(refused.err).toContain('has a scheme');
});

it('--image-cache prints full names, as nodes request them', async () => {
  const { out } = await runCommand(
    ...['images', '--version', '1.20.0', '--image-cache', '-f'],
    file('extraContainers: [{name: a, image: busybox}, {name: b, image: docker.io/library/busybox:latest}]\n'),
  );
  expect(out.split('\n').filter((line) => line.includes('busybox'))).toEqual(['docker.io/library/busybox:latest']);
});

it('an error of the values prints no list', async () => {
  const { exit, out, err } = await runCommand('images', '--version', '1.20.0', '-f', file('hubble: {uii: {}}\n'));
  expect({ exit, out }).toEqual({ exit: 1, out: '' });
  expect(err).toContain('hubble.uii');
});

it('a wrong option is wrong use', async () => {
  const { exit, err } = await runCommand('images', '--nope');
  expect(exit).toBe(2);
  expect(err).toContain("unknown option '--nope'");
});
