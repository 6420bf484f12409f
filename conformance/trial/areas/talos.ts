import { App } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { ROWS, errorsIn, talos as goodTalos } from '../../../__tests__/exports/table';
import { TalosCluster, TalosPatch, renderTalosPatch } from '../../../lib';
import type { RenderedTalosPatch, TalosClusterProps } from '../../../lib';
import type { Fault } from '../area';
import { treeOf } from '../tree';
import type { TreeMap } from '../tree';
import { findingsFault } from '../verdict';
import { spoiltArea } from './spoilt';
import type { Outcome, Sample } from './spoilt';

const OUTPUTS = ['all', 'controlplane', 'worker'] as const;

/** The texts of a patch, and what is wrong with them. */
function outcomeOf(rendered: RenderedTalosPatch): Outcome {
  const texts = OUTPUTS.map((output) => rendered[output] ?? '');
  return {
    findings: rendered.findings,
    text: texts.join('\n=====\n'),
    fault: findingsFault(rendered.findings) ?? texts.map(textFault).find((fault) => fault !== undefined),
  };
}

function textFault(text: string): Fault | undefined {
  if (text === '') return undefined;
  const documents = parseAllDocuments(text);
  const broken = (Array.isArray(documents) ? documents : []).flatMap(({ errors }) => errors)[0];
  if (broken !== undefined)
    return { kind: 'a patch that is not YAML', detail: `${broken.message}\n${text.slice(0, 600)}` };
  const internal = /\bundefined\b|\[object \w+\]|: NaN\b/.exec(text)?.[0];
  return internal === undefined ? undefined : { kind: `a patch holds ${internal}`, detail: text.slice(0, 600) };
}

const row = (name: string): object => ROWS.find((one) => one.name === name)?.good ?? {};

const CLUSTERS = ['TalosCluster', 'TalosCluster with BGP'].flatMap((name) =>
  (['1.11', '1.12.4', '1.13', '1.14'] as const).map((talosVersion): readonly [string, TreeMap] => [
    `${name} ${talosVersion}`,
    { ...(treeOf(row(name)) as TreeMap), talosVersion },
  ]),
);

/** Every prop of a Talos cluster, and the patch that comes of it. */
export const talosCluster = spoiltArea({
  name: 'talos-cluster',
  about: 'TalosCluster with hostile props of every release, and the patch that it gives',
  samples: CLUSTERS.map(([name, good]): Sample => ({
    name,
    good,
    call: (given) =>
      outcomeOf(renderTalosPatch({ talos: new TalosCluster(given as TalosClusterProps), manifests: [] })),
    code: (given) => `lib.renderTalosPatch({ talos: new lib.TalosCluster(${given}), manifests: [] });`,
  })),
});

const OBJECTS: readonly TreeMap[] = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'default', labels: { a: 'b' }, annotations: { c: 'd' } },
    data: { a: 'b' },
    binaryData: { e: 'eA==' },
  },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'a:1',
              ports: [{ containerPort: 80 }],
              env: [{ name: 'A', value: 'b' }],
              volumeMounts: [{ name: 'v', mountPath: '/v' }],
            },
          ],
          volumes: [{ name: 'v', configMap: { name: 'a' } }],
          nodeSelector: { a: 'b' },
          tolerations: [{ key: 'a', operator: 'Exists' }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      type: 'LoadBalancer',
      ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }],
      selector: { app: 'web' },
    },
  },
  {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'p', namespace: 'default' },
    spec: { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] },
  },
  {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumLoadBalancerIPPool',
    metadata: { name: 'pool' },
    spec: { blocks: [{ cidr: '192.0.2.0/24' }] },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'default' },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'n', namespace: 'default' },
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 80 }] }] },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'j', namespace: 'default' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a:1' }] } } },
      },
    },
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.test' },
    spec: {
      group: 'example.test',
      scope: 'Namespaced',
      names: { kind: 'Thing', plural: 'things' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  },
];

const PATCHES: readonly (readonly [string, TreeMap])[] = [
  ...['renderTalosPatch', 'TalosPatch', 'TalosPatch with a chart'].map(
    (name) => [name, treeOf(row(name)) as TreeMap] as const,
  ),
  ...OBJECTS.map(
    (object) =>
      [
        `renderTalosPatch with ${String(object.kind)}`,
        {
          manifests: [{ name: '10-own', objects: [object] }],
          externalManifests: [
            { name: '50-fetched', url: 'https://example.test/a.yaml', headers: { Accept: 'text/yaml' } },
          ],
        },
      ] as const,
  ),
];

/** Hostile manifests: objects of Kubernetes' own kinds, external manifests, props. */
export const talosPatch = spoiltArea({
  name: 'talos-patch',
  about: 'TalosPatch and renderTalosPatch with hostile objects, external manifests and props',
  samples: PATCHES.map(([name, good]): Sample => {
    const withTalos: TreeMap = 'talos' in good ? good : { talos: treeOf(goodTalos, 'talos'), ...good };
    const isConstruct = name.startsWith('TalosPatch');
    return {
      name,
      good: withTalos,
      call: (given) => {
        if (!isConstruct) return outcomeOf(renderTalosPatch(given as never));
        const app = new App({ outdir: '/tmp/never-written' });
        const patch = new TalosPatch(app, 'talos', given as never);
        const errors = errorsIn(app);
        return errors.length > 0 ? { findings: errors } : outcomeOf(patch.render());
      },
      code: (given) =>
        `const talos = new lib.TalosCluster({ talosVersion: '1.13' });\nlib.renderTalosPatch(${given}); // ${name}`,
    };
  }),
});
