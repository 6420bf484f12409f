import type { Context } from '../../lib/cilium/context';
import { layered } from '../../lib/cilium/layers';
import { renderCilium } from '../../lib/cilium/render';
import { talosValues } from '../../lib/cilium/talos-values';
import type { Finding } from '../../lib/rules/finding';
import { runRules } from '../../lib/rules/rule';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import {
  COMMANDS_RULES,
  MIGRATION_RULES,
  PATCH_NODE_RULES,
  migrationFindings,
  patchNodeFindings,
} from '../../lib/talos/commands/rules';
import type { CommandsExample } from '../../lib/talos/commands/rules';
import { commandsPropFindings, migrationPropFindings } from '../../lib/talos/commands/shape';
import type { TalosPatchInput } from '../../lib/talos/patch/input';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { PatchExample } from '../../lib/talos/patch/rule';
import { TALOS_PATCH_RULES } from '../../lib/talos/patch/rules';
import { PATCH_PROP_IDS, omniPropFindings, patchPropFindings } from '../../lib/talos/patch/shape';
import { SIZE_RULES } from '../../lib/talos/patch/size-rules';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

const VERSION = '1.19.6';

function judgePatch(example: PatchExample): readonly Finding[] {
  const { props, omni, size } = example;
  const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1', ...example.talos });
  if (props !== undefined)
    return [
      ...patchPropFindings({ talos, ...props }, () => false),
      ...(omni === undefined ? [] : omniPropFindings(omni)),
    ];
  const input = inputOf(talos, example);
  if (size !== undefined)
    return runRules(SIZE_RULES, { output: 'controlplane', target: input.target ?? 'plain', ...size });
  return findingsOf(() => renderTalosPatch(input).findings);
}

function inputOf(talos: TalosCluster, { values, cilium, objects, patch }: PatchExample): TalosPatchInput {
  const rendered =
    values === undefined
      ? undefined
      : renderCilium({ version: VERSION, values: layered([talosValues(talos, VERSION), values]), talos });
  // Rules read only these two: writing all objects of Cilium takes most of the time.
  const carried = rendered?.objects.filter(({ metadata: { name } }) => ['cilium', 'cilium-config'].includes(name));
  const isCarried = carried !== undefined && cilium !== 'prop';
  return {
    talos,
    cilium:
      rendered === undefined || cilium === 'manifest'
        ? undefined
        : { kubeProxyReplacement: rendered.context.facts.kubeProxyReplacement === 'true', rendered },
    ciliumManifest: isCarried ? '10-cilium' : undefined,
    manifests: [
      ...(isCarried ? [{ name: '10-cilium', objects: carried }] : []),
      ...(objects === undefined ? [] : [{ name: '20-app', objects }]),
    ],
    ...patch,
  };
}

function judgeCommands({ commands, migration, cilium, objects = [] }: CommandsExample): readonly Finding[] {
  const context = objects.length === 0 ? undefined : patchedContext();
  return [
    ...commandsPropFindings(commands),
    ...patchNodeFindings(commands, 'commands', context, objects),
    ...(migration === undefined
      ? []
      : [...migrationPropFindings(migration), ...migrationFindings(migration.from, cilium)]),
  ];
}

function patchedContext(): Context {
  return renderCilium({ version: '1.19.6', values: { kubeProxyReplacement: true } }).context;
}

export const talosPatches: RuleBook = book<PatchExample>({
  name: 'Talos patches',
  over: 'A Talos patch: its Talos cluster, its Cilium, and the objects of its manifests.',
  rules: listed<PatchExample>([...TALOS_PATCH_RULES, ...PATCH_PROP_IDS]),
  judge: judgePatch,
  input: (example) => plain(example),
});

export const commands: RuleBook = book<CommandsExample>({
  name: 'Commands',
  over: 'The props of commands and migrations of a Talos patch.',
  rules: listed<CommandsExample>([...COMMANDS_RULES, ...PATCH_NODE_RULES, ...MIGRATION_RULES]),
  judge: judgeCommands,
  input: (example) => plain(example),
});
