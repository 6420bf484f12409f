import { relative } from 'node:path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { outdirOf } from '../app/app';
import { contentsOf, isBeingRead, once } from '../app/contents';
import { defaultPatchFolder } from '../app/folders';
import { findingsOf } from '../app/findings';
import { reportFindings } from '../app/join';
import { dataHash, hashOf } from '../kubernetes/content';
import { markPatch, propsOfPatch } from '../app/patches';
import { chartsIn, ciliumsIn, pictureOf } from '../app/picture';
import { setFindings } from '../app/set-check';
import { isCiliumOfApp } from '../cilium/reference';
import type { ICilium } from '../cilium/reference';
import type { Acknowledgements } from '../rules/acknowledge';
import { CiliumError, refuseErrors } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { isMap } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import type { TalosCluster } from './cluster/cluster';
import type { Manifest } from './patch/manifest';
import { plainObjectFindings } from '../resources/objects/in-app';
import { talosCommands } from './commands/describe';
import type { CommandsInput, CommandsProps, TalosCommands } from './commands/describe';
import { migrationOf } from './commands/migration';
import type { Migration, MigrationProps } from './commands/migration';
import { migrationFindings, patchNodeFindings } from './commands/rules';
import { commandsPropFindings, migrationPropFindings } from './commands/shape';
import { omniPatches } from './patch/omni';
import { omniPropFindings, patchPropFindings } from './patch/shape';
import { REFUSED, judgedPatch } from './patch/render';
import type { OmniProps, SizeTarget, TalosPatchInput } from './patch/input';
import type { PatchedCilium } from './patch/patched-cilium';
import type { RenderedTalosPatch } from './patch/render';
import type { ExternalManifest } from './cluster/setting';

/**
 * One inline manifest: a chart, or plain objects. Without a name it is `10-<chart id>`, `20-<chart id>`, … by position.
 * `splitAt` splits it into several of at most so many bytes each: `10-cilium-01`, `10-cilium-02`, …
 */
export type TalosManifest =
  | Chart
  | { readonly name: string; readonly chart: Chart; readonly splitAt?: number }
  | { readonly name: string; readonly objects: readonly KubernetesObject[]; readonly splitAt?: number };

/** Props of {@link TalosPatch}. */
export interface TalosPatchProps {
  readonly talos: TalosCluster;
  /** In the order in which they apply. Talos applies manifests in name order, so names must sort in that order. */
  readonly manifests: readonly TalosManifest[];
  /**
   * The cluster's Cilium, where no chart of the manifests has it: `Cilium.fromVersion()` for one that Helm or the Cilium CLI installs.
   * @default - the `Cilium` construct in one of the charts
   */
  readonly cilium?: ICilium;
  /** Manifests that Talos fetches from URLs. @default - none */
  readonly externalManifests?: readonly ExternalManifest[];
  /**
   * Empty `cluster.inlineManifests` and `cluster.extraManifests` first, so that the patch can be applied to a config that has it
   * already. Manifests from other patches are removed too. Documents replace each other by name and do not need this; one that is
   * renamed or left out stays in the configs that have it.
   * @default false
   */
  readonly replace?: boolean;
  /** Allow Secrets with data and private keys in the machine config. @default false */
  readonly allowSecrets?: boolean;
  /**
   * How the machine configs reach the nodes. For a cloud that accepts them as user data: a warning where they must be compressed, an
   * error where that is not enough.
   * @default plain
   */
  readonly target?: SizeTarget;
  /** Warnings that are accepted: the id of each with the reason. @default - none */
  readonly acknowledge?: Acknowledgements;
  /**
   * Folder of the files, outside the app's output folder. Two patches need two folders.
   * @default - `talos` beside the app's output folder
   */
  readonly outdir?: string;
  /**
   * Treat all warnings of the app as errors, for CI; `CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS=1` in the environment does the same.
   * @default false
   */
  readonly failOnWarnings?: boolean;
}

/**
 * Talos machine-config patches with the charts as inline manifests: `controlplane.patch.yaml` for control planes, `all.patch.yaml`
 * for every node, `worker.patch.yaml` for workers, and `report.json` (sizes, hashes, warnings). `app.synth()` writes them; an output
 * without content is not written. A thin shell around {@link renderTalosPatch}.
 */
export class TalosPatch extends Construct {
  /** Folder of the files. */
  readonly outdir: string;
  private readonly props: TalosPatchProps;
  private readonly given: unknown;
  /** The last rendering: validation, report and files share it. */
  private last: { readonly of: string | undefined; readonly rendered: RenderedTalosPatch } | undefined;

  constructor(scope: Construct, id: string, props: TalosPatchProps) {
    super(scope, id);
    // JavaScript may pass anything; `render` reports it.
    this.given = props;
    this.props = isMap(props) ? (props as unknown as TalosPatchProps) : ({} as TalosPatchProps);
    const outdir: unknown = this.props.outdir;
    this.outdir = typeof outdir === 'string' ? outdir : defaultPatchFolder(outdirOf(this));
    markPatch(this, this.props);
    reportFindings(this, {
      subject: 'talos-patch',
      acknowledge: this.props.acknowledge,
      find: () => this.allFindings(),
      isQuiet: () => isBeingRead(this.node.root),
    });
  }

  /** Errors and warnings; acknowledged warnings are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }

  /**
   * The patches as text, with a report and the warnings.
   * @throws CiliumError with every error at once.
   */
  render(): RenderedTalosPatch {
    const rendered = this.rendered();
    const { findings } = this;
    refuseErrors(findings, REFUSED);
    return { ...rendered, findings };
  }

  /**
   * The inline manifests alone as YAML, as section or documents like those of the config, for pasting into one.
   * @throws CiliumError as {@link render}.
   */
  inlineManifests(): string {
    return this.render().inlineManifests();
  }

  /**
   * The patch as Omni's `ConfigPatches` resources, for `omnictl apply -f`.
   * @throws CiliumError as {@link render}.
   */
  omni(props: OmniProps): string {
    refuseErrors(omniPropFindings(props), REFUSED);
    return omniPatches(this.render(), props);
  }

  /**
   * The exact commands that create a cluster with the patch, apply a changed one to a running cluster, verify it, roll back,
   * and transfer the objects to GitOps, for this Talos release.
   * @throws CiliumError as {@link render}, and where the files in `outdir` are not the set that their report lists.
   */
  commands(props?: CommandsProps): TalosCommands {
    refuseErrors(commandsPropFindings(props), REFUSED);
    const input = this.commandsInput();
    refuseErrors(patchNodeFindings(props, 'commands', input.cilium?.rendered?.context, input.objects), REFUSED);
    return talosCommands(input, props);
  }

  /**
   * The steps that migrate a running cluster to the network of this patch, from Flannel or from kube-proxy: what each step interrupts,
   * its commands, and the rollback.
   * @throws CiliumError as {@link commands}, and when the patch does not lead to that network.
   */
  migration(props: MigrationProps): Migration {
    refuseErrors(migrationPropFindings(props), REFUSED);
    const input = this.commandsInput();
    refuseErrors(migrationFindings(props.from, input.cilium), REFUSED);
    refuseErrors(patchNodeFindings(props, 'migration', input.cilium?.rendered?.context, input.objects), REFUSED);
    return migrationOf(input, props);
  }

  private commandsInput(): CommandsInput {
    const { talos, manifests, cilium, replace = false, externalManifests = [] } = this.input();
    const rendered = this.render();
    refuseErrors(
      setFindings(
        this.outdir,
        rendered.report.map(({ file }) => file),
      ),
      'The files of the Talos patch are refused',
    );
    const objects = manifests.flatMap((manifest) => manifest.objects);
    const folder = relative('.', this.outdir) || '.';
    return { talos, rendered, objects, cilium, replace, fetches: externalManifests.length > 0, folder };
  }

  private allFindings(): readonly Finding[] {
    try {
      return [...this.rendered().findings, ...plainObjectFindings(this)];
    } catch (error) {
      if (error instanceof CiliumError) return error.findings;
      // The other constructs report their problems themselves.
      if (error instanceof Error && error.message.startsWith('Validation failed')) return [];
      throw error;
    }
  }

  /** The patch with all its findings. @throws CiliumError for props that cannot be read. */
  private rendered(): RenderedTalosPatch {
    return once(this, 'patch', () => {
      const input = this.input();
      const of = fingerprint(input);
      if (of === undefined || this.last?.of !== of) this.last = { of, rendered: judgedPatch(input) };
      return this.last.rendered;
    });
  }

  private input(): TalosPatchInput {
    refuseErrors(
      patchPropFindings(this.given, (value) => Chart.isChart(value)),
      REFUSED,
    );
    const { talos, manifests, cilium, externalManifests, replace, allowSecrets, target } = this.props;
    const entries = manifests.map((manifest, i) => entryOf(manifest, i));
    const ciliums = entries.flatMap(({ name, chart }) =>
      chart === undefined ? [] : ciliumIn(chart).map((construct) => ({ name, construct })),
    );
    if (ciliums.length > 1) throw new CiliumError([twoCiliums(ciliums.map(({ name }) => name))], REFUSED);
    return {
      talos,
      externalManifests,
      replace,
      allowSecrets,
      target,
      manifests: entries.map(({ name, chart, objects = [], splitAt }) => ({
        name,
        splitAt,
        ...(chart === undefined ? { objects } : contentsWithin(chart)),
      })),
      cilium: cilium === undefined ? ciliums[0]?.construct : patchedOf(cilium, ciliums[0]?.construct),
      ciliumManifest: ciliums[0]?.name,
      leftOut: ciliums.length > 0 || cilium !== undefined ? [] : this.ciliumsLeftOut(),
    };
  }

  /** Paths of the Ciliums for this cluster that no patch of the app contains or refers to. */
  private ciliumsLeftOut(): readonly string[] {
    const { talos } = this.props;
    const { ciliums, patches } = pictureOf(this);
    const known = patches
      .map((patch) => propsOfPatch(patch) as unknown as TalosPatchProps)
      .filter((props) => props.talos === talos && Array.isArray(props.manifests))
      .flatMap(({ manifests, cilium }) => [
        ...manifests
          .filter(isMap)
          .map((manifest, i) => entryOf(manifest, i))
          .flatMap(({ chart }) => (chart === undefined ? [] : ciliumIn(chart))),
        ...(cilium === undefined ? [] : [cilium]),
      ]);
    return (ciliums as readonly IConstruct[])
      .filter((one): one is ICilium => isCiliumOfApp(one) && one.rendered?.context.talos === talos)
      .flatMap((one) => (known.includes(one) ? [] : [one.node.path]));
  }
}

interface Entry {
  readonly name: string;
  readonly chart?: Chart;
  readonly objects?: readonly KubernetesObject[];
  readonly splitAt?: number;
}

function entryOf(manifest: TalosManifest, position: number): Entry {
  return Chart.isChart(manifest)
    ? { name: `${prefix(position)}-${manifest.node.id}`, chart: manifest }
    : (manifest as Entry);
}

/** 10, 20, … 90, then 91 to 99: one more manifest at the end never renames the others. */
function prefix(position: number): string {
  return String(position < 9 ? 10 * (position + 1) : 82 + position);
}

/** The objects of a chart and the charts in it, as they are written; problems of any construct of the app throw. */
function contentsWithin(chart: Chart): Omit<Manifest, 'name'> {
  const all = chartsIn(chart).map(contentsOf);
  return all.length === 1 && all[0] !== undefined ? all[0] : { objects: all.flatMap(({ objects }) => objects) };
}

function ciliumIn(chart: Chart): readonly ICilium[] {
  return ciliumsIn(chart).filter((construct) => isCiliumOfApp(construct)) as unknown as readonly ICilium[];
}

/** The given Cilium; without a rendering of its own it gets that of the construct among the manifests. */
function patchedOf({ kubeProxyReplacement, rendered }: ICilium, found: ICilium | undefined): PatchedCilium {
  return { kubeProxyReplacement, rendered: rendered ?? found?.rendered };
}

function twoCiliums(names: readonly string[]): CiliumError['findings'][number] {
  return {
    id: 'talos-patch/two-ciliums',
    level: 'error',
    paths: names.map((name) => `manifests.${name}`),
    message: 'There is more than one Cilium in the manifests.',
    hint: 'Make a patch for each cluster.',
  };
}

/** What a patch is made of: it is made again when that changes. `undefined` for what JSON cannot hold, which is judged each time. */
function fingerprint({ manifests, leftOut }: TalosPatchInput): string | undefined {
  try {
    const objects = manifests.map(({ objects: own, ...others }) => [others, own.map(dataHash)]);
    return hashOf(JSON.stringify([objects, leftOut]));
  } catch {
    return undefined;
  }
}
