/** What an adopted cluster adds to a new project: resources, other objects, and edits of rendered ones. */
import type { Adopted, AdoptLeft } from '../adopt/adopt';
import type { PatchOperation } from '../adopt/patches';
import type { KubernetesObject } from '../kubernetes/types';
import { writeDocuments } from '../kubernetes/yaml';
import { RESOURCE_KINDS } from '../resources/kinds';

/** Files and statements of a project. */
export interface Additions {
  /** Names that the statements import from cdk8s and from this library. */
  readonly imports: { readonly cdk8s: readonly string[]; readonly library: readonly string[] };
  /** What stands before the program; empty without resources. */
  readonly declarations: string;
  /** Statements after `chart` and `cilium`, without indentation. */
  readonly statements: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

const RESOURCES_FILE = 'resources.yaml';
const OTHERS_FILE = 'others.yaml';

/** The construct of each kind of resource; the kinds of Gateway API have its name. */
const CONSTRUCTS: Readonly<Record<string, string>> = {
  CiliumBGPAdvertisement: 'BgpAdvertisement',
  CiliumBGPClusterConfig: 'BgpClusterConfig',
  CiliumBGPNodeConfigOverride: 'BgpNodeConfigOverride',
  CiliumBGPPeerConfig: 'BgpPeerConfig',
  CiliumCIDRGroup: 'CidrGroup',
  CiliumClusterwideEnvoyConfig: 'ClusterwideEnvoyConfig',
  CiliumEgressGatewayPolicy: 'EgressGatewayPolicy',
  CiliumEnvoyConfig: 'EnvoyConfig',
  CiliumGatewayClassConfig: 'GatewayClassConfig',
  CiliumL2AnnouncementPolicy: 'L2AnnouncementPolicy',
  CiliumLoadBalancerIPPool: 'LoadBalancerIPPool',
  CiliumLocalRedirectPolicy: 'LocalRedirectPolicy',
  CiliumPodIPPool: 'PodIPPool',
};
const KINDS = new Set(RESOURCE_KINDS.map(({ api }) => api.kind));

/** The name of the construct of a kind; `undefined` for kinds without one. */
export function constructOf({ kind, apiVersion }: Pick<KubernetesObject, 'kind' | 'apiVersion'>): string | undefined {
  const isOurs = KINDS.has(kind) && /^(?:cilium\.io|gateway\.networking\.k8s\.io)\//.test(apiVersion);
  return isOurs ? (CONSTRUCTS[kind] ?? kind) : undefined;
}

/** What the values do not explain, as a project has it. */
export function additionsOf({ left }: Adopted): Additions {
  const others = left.flatMap((one) => (one.kind === 'other' && !one.isHook ? [one.manifest] : []));
  const resources = others.filter((one) => constructOf(one) !== undefined);
  const foreign = others.filter((one) => constructOf(one) === undefined);
  const constructs = [...new Set(resources.flatMap((one) => constructOf(one) ?? []))].sort();
  const edits = left.filter((one) => one.kind === 'edited');
  return {
    imports: {
      cdk8s: [
        ...(foreign.length > 0 ? ['Include'] : []),
        ...(edits.length > 0 ? ['JsonPatch'] : []),
        ...(resources.length > 0 ? ['Yaml'] : []),
      ],
      library: constructs,
    },
    declarations: constructs.length === 0 ? '' : declarations(constructs),
    statements: [
      ...edits.flatMap(editStatements),
      ...(resources.length === 0 ? [] : RESOURCE_STATEMENTS),
      ...(foreign.length === 0 ? [] : [`new Include(chart, 'others', { url: join(__dirname, '${OTHERS_FILE}') });`]),
    ],
    files: {
      ...(resources.length === 0 ? {} : { [RESOURCES_FILE]: writeDocuments(resources) }),
      ...(foreign.length === 0 ? {} : { [OTHERS_FILE]: writeDocuments(foreign) }),
    },
  };
}

const RESOURCE_STATEMENTS: readonly string[] = [
  `for (const manifest of Yaml.load(join(__dirname, '${RESOURCES_FILE}')) as Manifest[]) {`,
  '  const { kind, metadata } = manifest;',
  "  const id = [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('-').toLowerCase();",
  '  CONSTRUCTS[kind].fromManifest(chart, id, manifest, { cilium });',
  '}',
];

/** What the statements about resources need before the program. */
function declarations(constructs: readonly string[]): string {
  return `
const CONSTRUCTS = { ${constructs.map((name) => (kindOf(name) === name ? name : `${kindOf(name)}: ${name}`)).join(', ')} };

interface Manifest {
  readonly kind: keyof typeof CONSTRUCTS;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}
`;
}

function kindOf(construct: string): string {
  return Object.entries(CONSTRUCTS).find(([, name]) => name === construct)?.[0] ?? construct;
}

function editStatements({ object, patch }: Extract<AdoptLeft, { kind: 'edited' }>): readonly string[] {
  const [, kind = '', name = ''] = /(?:^|\/)(\w+) (?:[^/ ]+\/)?([^/ ]+)$/.exec(object) ?? [];
  return [
    '// Edited by hand in what was adopted: no value of the chart writes it.',
    `cilium.object('${kind}', '${name}').addJsonPatch(`,
    ...patch.map((operation) => `  ${patchCall(operation)},`),
    ');',
  ];
}

function patchCall(operation: PatchOperation): string {
  const path = JSON.stringify(operation.path);
  return operation.op === 'remove'
    ? `JsonPatch.remove(${path})`
    : `JsonPatch.${operation.op}(${path}, ${JSON.stringify(operation.value)})`;
}
