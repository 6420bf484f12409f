import type { Finding } from '../findings';
import type { KubernetesObject } from '../kubernetes/types';
import type { Context } from './context';
import { imageReference } from './parts/image';
import { resolveValues } from './values';

/** What other constructs ask of the Cilium they belong to; the construct `Cilium` has this shape. */
export interface CiliumReference {
  /** The Cilium release, `1.18.4`. */
  readonly version: string;
  /** What was rendered, with the merged values; `undefined` when the values were refused. */
  readonly rendered?: { readonly context: Context; readonly objects?: readonly KubernetesObject[] } | undefined;
}

/** Whether something is a `Cilium`: by its shape, so that a second copy of this library among the dependencies does no harm. */
export function isCilium(construct: object): boolean {
  return 'kubeProxyReplacement' in construct && 'version' in construct && 'rendered' in construct;
}

/** The Cilium that something is for: the construct itself, or only its version. */
export interface CiliumChoice {
  /**
   * The Cilium that this belongs to; its settings are checked, too.
   * @default - `ciliumVersion` is used
   */
  readonly cilium?: CiliumReference;
  /**
   * The Cilium release, `1.18.4`, where its construct is not at hand.
   * @default - that of `cilium`
   */
  readonly ciliumVersion?: string;
}

/** The version that was chosen; '' when none was, see {@link choiceFindings}. */
export function chosenVersion({ cilium, ciliumVersion }: CiliumChoice): string {
  return cilium?.version ?? ciliumVersion ?? '';
}

/** What is wrong with the choice itself: nothing chosen, or two versions that differ. `subject` starts the ids. */
export function choiceFindings(subject: string, { cilium, ciliumVersion }: CiliumChoice): readonly Finding[] {
  const at = ['cilium', 'ciliumVersion'];
  if (cilium === undefined && ciliumVersion === undefined) {
    const says = 'Nothing says which Cilium this is for.';
    return [
      {
        id: `${subject}/no-cilium`,
        level: 'error',
        at,
        says,
        fix: 'Give the Cilium construct as `cilium`, or its release as `ciliumVersion`.',
      },
    ];
  }
  if (cilium !== undefined && ciliumVersion !== undefined && cilium.version !== ciliumVersion) {
    const says = `\`cilium\` is ${cilium.version} and \`ciliumVersion\` is ${ciliumVersion}.`;
    return [{ id: `${subject}/two-versions`, level: 'error', at, says, fix: 'Leave out `ciliumVersion`.' }];
  }
  return [];
}

/**
 * The agent's image of the Cilium that was chosen, as its DaemonSet pulls it: `repository:tag@digest`.
 * `undefined` for a release whose images are not known here.
 */
export function agentImage(choice: CiliumChoice): string | undefined {
  const version = chosenVersion(choice);
  if (version === '') return undefined;
  const context = choice.cilium?.rendered?.context;
  // For a release that is not known, the values of its neighbour would name an image that no node has.
  const known = context === undefined ? resolveValues({ version }) : undefined;
  if (known?.findings.some(({ level }) => level === 'error') === true) return undefined;
  const image = imageReference((context?.v ?? known?.v)?.image ?? {});
  return image.includes(':') ? image : undefined;
}
