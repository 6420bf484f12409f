import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CILIUM_KINDS, ciliumApiVersion, ciliumKindFindings } from '../../lib/kubernetes/cilium-api';
import type { CiliumKind } from '../../lib/kubernetes/cilium-api';
import { identity } from '../../lib/kubernetes/order';
import { judgeAdoption } from './adoption';
import { judgeApplied } from './applied';
import { define, environment } from './definitions';
import type { Definition } from './definitions';
import { clusterOf, findClusters, podOf, readDefinitions } from './manifests';
import type { Cluster, Manifest } from './manifests';
import { ownObjects } from './own';
import { judgeSchemas } from './schemas';
import { goodExamples } from './rule-examples';
import { judgeObjects, judgeShapes } from './shapes';
import { startServer, taken } from './server';
import type { Server } from './server';
import { MISTAKES } from './wrong';

/*
 * Applies manifests to a real kube-apiserver with strict field validation: one server per Cilium minor, with that minor's
 * CRDs. Namespaces and CRDs are stored, the rest is tried out, so that clusters do not meet. Of every workload a pod is tried, too.
 */

const BUILT_IN: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** What was judged: a line per refusal. */
interface Verdict {
  readonly judged: number;
  readonly refused: readonly string[];
}

async function main(): Promise<number> {
  const crds = environment('CILIUM_CRDS');
  const paths = process.argv.slice(2);
  const minors = readdirSync(crds)
    .flatMap((folder) => /^cilium-(\d+\.\d+)$/.exec(folder)?.[1] ?? [])
    .sort();
  const given = paths.length === 0 ? [] : findClusters(paths);
  const newest = minors[minors.length - 1];
  let [passed, failed] = [0, 0];
  for (const minor of minors) {
    const clusters = given.filter(({ ciliumMinor }) => (ciliumMinor ?? newest) === minor);
    const own = clusterOf(`what the library makes, Cilium ${minor}`, minor, ownObjects(minor));
    const examples = clusterOf(
      `what the rules of custom resources call good, Cilium ${minor}`,
      minor,
      goodExamples(minor),
    );
    const server = await startServer(environment('SERVER'));
    try {
      await define(server, minor);
      const verdicts: (readonly [string, Verdict])[] = [
        [`versions of custom resources, Cilium ${minor}`, judgeKinds(minor, join(crds, `cilium-${minor}`))],
        [`mistakes that are refused, Cilium ${minor}`, await judgeMistakes(server)],
        [
          `our own judgement of custom resources, Cilium ${minor}`,
          await judgeSchemas(server, minor, join(crds, `cilium-${minor}`)),
        ],
      ];
      for (const cluster of [own, examples, ...clusters])
        verdicts.push([cluster.name, await judgeCluster(server, cluster)]);
      // What does not depend on Cilium's minor is checked once.
      if (minor === newest) {
        verdicts.push(['values of Kubernetes that are called right or wrong', await judgeShapes(server)]);
        verdicts.push(['objects that are called right or wrong', await judgeObjects(server)]);
      }
      verdicts.push([`value sets, read back as they were applied, Cilium ${minor}`, await judgeApplied(server, minor)]);
      // The last, because it stores what it tries.
      verdicts.push([`taken over by Helm, Cilium ${minor}`, await judgeAdoption(server, minor)]);
      for (const [name, { judged, refused }] of verdicts) {
        console.log(
          `${refused.length === 0 ? 'ok' : 'not ok'} ${name}: ${String(judged)} judged, ${String(refused.length)} wrong`,
        );
        for (const line of refused) console.log(`    ${line}`);
        passed += judged - refused.length;
        failed += refused.length;
      }
    } finally {
      await server.stop();
    }
  }
  const foreign = given.filter(({ ciliumMinor }) => ciliumMinor !== undefined && !minors.includes(ciliumMinor));
  if (foreign.length > 0)
    throw new Error(
      `No CRDs for ${foreign.map(({ name, ciliumMinor }) => `${name} (Cilium ${String(ciliumMinor)})`).join(', ')}.`,
    );
  console.log(`conformance/apiserver: ${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** The library's table of kinds must have the stored version of each kind of this minor, and no other kind. */
function judgeKinds(minor: string, folder: string): Verdict {
  const definitions = readDefinitions(folder).map((definition) => (definition as unknown as Definition).spec);
  const refused = (Object.keys(CILIUM_KINDS) as CiliumKind[]).flatMap((kind) => {
    const stored = definitions.find(({ names }) => names.kind === kind)?.versions.find(({ storage }) => storage)?.name;
    const known = ciliumKindFindings('', kind, minor).length === 0;
    if (stored === undefined) return known ? [`${kind} is not in Cilium ${minor}`] : [];
    const ours = known ? ciliumApiVersion(kind, minor) : 'unknown';
    return ours === `cilium.io/${stored}` ? [] : [`${kind} is stored as ${stored}, and ${ours} here`];
  });
  return { judged: Object.keys(CILIUM_KINDS).length, refused };
}

/** Every mistake must be refused for the right reason, and taken once it is mended. */
async function judgeMistakes(server: Server): Promise<Verdict> {
  const refused: string[] = [];
  for (const { name, right, wrong, message } of MISTAKES) {
    const [good, bad] = [await server.apply(right, { dryRun: true }), await server.apply(wrong, { dryRun: true })];
    if (!taken(good)) refused.push(`${name}, mended: ${good.message}`);
    if (taken(bad)) refused.push(`${name}: the server takes it`);
    else if (!message.test(bad.message)) refused.push(`${name}: refused for another reason: ${bad.message}`);
  }
  return { judged: MISTAKES.length * 2, refused };
}

async function judgeCluster(server: Server, { manifests }: Cluster): Promise<Verdict> {
  const refused: string[] = [];
  let judged = 0;
  const namespaces = [
    ...BUILT_IN,
    ...manifests.flatMap(({ object }) => (object.kind === 'Namespace' ? [object.metadata.name] : [])),
  ];
  const rank = ({ object }: Manifest): number =>
    ['Namespace', 'CustomResourceDefinition'].indexOf(object.kind) + 1 || 3;
  for (const { where, text, object } of [...manifests].sort((a, b) => rank(a) - rank(b))) {
    const stored = ['Namespace', 'CustomResourceDefinition'].includes(object.kind);
    const pod = podOf(object);
    const tries = [
      await server.apply(object, { text, dryRun: !stored }),
      ...(pod === undefined ? [] : [await server.apply(pod, { dryRun: true })]),
    ];
    judged += tries.length;
    const { namespace } = object.metadata;
    if (namespace !== undefined && !namespaces.includes(namespace))
      refused.push(`${where}: ${identity(object)}: no object creates the namespace ${namespace}`);
    for (const [i, answer] of tries.entries()) {
      if (!taken(answer))
        refused.push(
          `${where}: ${i === 0 ? identity(object) : `a pod of ${identity(object)}`}: ${String(answer.status)} ${answer.message}`,
        );
    }
  }
  return { judged, refused };
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
