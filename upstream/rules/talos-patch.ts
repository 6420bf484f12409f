import { layered } from '../../lib/cilium/layers';
import { renderCilium } from '../../lib/cilium/render';
import { talosValues } from '../../lib/cilium/talos-values';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import { runRules } from '../../lib/rules/rule';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { migrationFindings } from '../../lib/talos/commands/rules';
import type { CommandsExample } from '../../lib/talos/commands/rules';
import { commandsPropFindings, migrationPropFindings } from '../../lib/talos/commands/shape';
import type { TalosPatchInput } from '../../lib/talos/patch/input';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { PatchExample } from '../../lib/talos/patch/rule';
import { omniPropFindings, patchPropFindings } from '../../lib/talos/patch/shape';
import { SIZE_RULES } from '../../lib/talos/patch/size-rules';

const VERSION = '1.19.6';

/** The findings of an example of a rule about Talos patches. */
export function talosPatchFindings(example: PatchExample): readonly Finding[] {
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
  try {
    return renderTalosPatch(input).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
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

/** The findings of an example of a rule about commands and migrations. */
export function commandsFindings({ commands, migration, cilium }: CommandsExample): readonly Finding[] {
  return [
    ...commandsPropFindings(commands),
    ...(migration === undefined
      ? []
      : [...migrationPropFindings(migration), ...migrationFindings(migration.from, cilium)]),
  ];
}
