import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderRequest, requestOf } from '../../lib/cli/request';
import type { RequestOptions } from '../../lib/cli/request';
import { stepsOf } from '../../lib/inputs/places';
import { RELEASE, inside, plant, treeOf, writeBlock, writeJson } from './planted';
import type { Written } from './planted';
import { sample } from '../speed';

/* A hundred mistakes in each form of input: every finding has the line and the column where its mistake was planted. */

const PLANTED = plant(100);
const TREE = treeOf(PLANTED);
const folder = mkdtempSync(join(tmpdir(), 'planted-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const HELM_RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: cilium
  namespace: kube-system
spec:
  chart:
    spec:
      chart: cilium
      version: ${RELEASE}
`;
const APPLICATION = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: cilium }
spec:
  source:
    chart: cilium
    targetRevision: ${RELEASE}
    helm:
`;
const block = writeBlock(TREE);

const FORMS: Readonly<Record<string, { readonly text: string } & Pick<Written, 'places'>>> = {
  'values.yaml': inside('# values\n---\n', block, 0),
  'quoted.yaml': inside(
    '',
    writeBlock(TREE, (name) => JSON.stringify(name)),
    0,
  ),
  'values.json': inside('', writeJson(TREE), 0),
  'umbrella.yaml': inside('other:\n  port: 80\ncilium:\n', block, 2),
  'helm-release.yaml': inside(`kind: Namespace\napiVersion: v1\n---\n${HELM_RELEASE}  values:\n`, block, 4),
  'application-values.yaml': inside(`${APPLICATION}      values: |\n`, block, 8),
  'application-object.yaml': inside(`${APPLICATION}      valuesObject:\n`, block, 8),
  'config-map.yaml': inside('apiVersion: v1\nkind: ConfigMap\ndata:\n  values.yaml: |-\n', block, 4),
  'helm-chart.yaml': inside(
    `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: { name: cilium }\nspec:\n  chart: cilium\n  version: ${RELEASE}\n  valuesContent: |-\n`,
    block,
    4,
  ),
  'helm-chart-proxy.yaml': inside(
    `apiVersion: addons.cluster.x-k8s.io/v1alpha1\nkind: HelmChartProxy\nspec:\n  chartName: cilium\n  version: ${RELEASE}\n  valuesTemplate: |\n`,
    block,
    4,
  ),
  'kustomization.yaml': inside(`helmCharts:\n  - name: cilium\n    version: ${RELEASE}\n    valuesInline:\n`, block, 6),
  'helmfile.yaml': inside(
    `releases:\n  - name: cilium\n    chart: cilium/cilium\n    version: ${RELEASE}\n    values:\n      - MTU: 1420\n      -\n`,
    block,
    8,
  ),
  'template.yaml': inside('{% if true %}\n# ${NAME}\n{% endif %}\nMTU: ${SIZE:-1420}\n', block, 0),
};

/** The place of each planted mistake, as it was found. */
function found(options: RequestOptions, ...files: readonly string[]): ReadonlyMap<string, string> {
  const { findings } = renderRequest(requestOf({ settings: false, version: RELEASE, ...options }, files));
  const errors = findings.filter(({ id }) => PLANTED.some((one) => one.id === id));
  return new Map(
    errors.map(({ id, paths: [path = ''], place }) => [
      `${id} ${stepsOf(path).join('.')}`,
      place?.line === 0
        ? place.file
        : `${place?.file.replace(`${folder}/`, '') ?? ''}:${String(place?.line)}:${String(place?.column)}`,
    ]),
  );
}

function expected(placeOf: (path: string) => string): ReadonlyMap<string, string> {
  return new Map(PLANTED.map(({ id, path }) => [`${id} ${path.join('.')}`, placeOf(path.join('.'))]));
}

const sorted = (map: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

test('a hundred different mistakes are planted', () => {
  expect(PLANTED).toHaveLength(100);
  expect(new Set(PLANTED.map(({ path }) => path.join('.'))).size).toBe(100);
  expect([...new Set(PLANTED.map(({ id }) => id))]).toEqual(['values/unknown', 'values/type', 'values/removed']);
});

test.each(sample(Object.entries(FORMS), 3))('%s: each mistake has its place', (name, { text, places }) => {
  writeFileSync(join(folder, name), text);
  const at = (path: string): string => {
    const { line, column } = places.get(path) ?? { line: 0, column: 0 };
    return `${name}:${String(line)}:${String(column)}`;
  };
  expect(sorted(found({}, join(folder, name)))).toEqual(sorted(expected(at)));
});

test('each mistake of several layers has the place of the last one that writes it', () => {
  const layers = [0, 1, 2].map((layer) => {
    const written = inside('', writeBlock(treeOf(PLANTED.filter((_, i) => i % 3 >= layer))), 0);
    const file = join(folder, `layer-${String(layer)}.yaml`);
    writeFileSync(file, written.text);
    return { file, name: `layer-${String(layer)}.yaml`, ...written };
  });
  const at = (path: string): string => {
    const last = layers.findLast(({ places }) => places.has(path));
    const { line, column } = last?.places.get(path) ?? { line: 0, column: 0 };
    return `${last?.name ?? ''}:${String(line)}:${String(column)}`;
  };
  expect(sorted(found({ values: layers.slice(1).map(({ file }) => file) }, layers[0]?.file ?? ''))).toEqual(
    sorted(expected(at)),
  );
});

test('a value of --set has the option as its place', () => {
  const set = PLANTED.map(({ path, value }) =>
    typeof value === 'object' ? `${path.join('.')}.planted=1` : `${path.join('.')}=${String(value)}`,
  );
  expect(sorted(found({ set }))).toEqual(sorted(expected((path) => `--set ${path}`)));
});
