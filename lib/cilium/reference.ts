import type { Finding } from '../rules/finding';
import { withoutV } from '../helm/semver';
import { isMap } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { propFindings } from '../props/check';
import { like, props, text } from '../props/shape';
import type { Shape } from '../props/shape';
import type { Context } from './context';
import { imageReference } from './parts/image';
import { resolveValues } from './values';
import { loadProfile } from './versions';

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

/** A Cilium that other constructs refer to. */
export const CILIUM_REFERENCE: Shape<CiliumReference> = like('a Cilium construct', isReference, (value) =>
  typeof value === 'string'
    ? `Write \`ciliumVersion: '${value}'\` for a release.`
    : 'Write `cilium: new Cilium(…)`, or `ciliumVersion` for a release.',
);

/** The shapes of the two props by which a Cilium is chosen. */
export const CHOICE = { cilium: CILIUM_REFERENCE, ciliumVersion: text } as const;

function isReference(value: unknown): value is CiliumReference {
  return isMap(value) && typeof value.version === 'string' && isRendering(value.rendered);
}

/** What was rendered, as far as it is read everywhere; `undefined` when the values were refused. */
export function isRendering(rendered: unknown): rendered is CiliumReference['rendered'] {
  if (rendered === undefined) return true;
  const { context } = (isMap(rendered) ? rendered : {}) as { readonly [name: string]: unknown };
  return (
    isMap(context) &&
    isMap(context.v) &&
    isMap(context.facts) &&
    typeof (context as { readonly has?: unknown }).has === 'function'
  );
}

/** The version that was chosen; '' when none was, see {@link choiceFindings}. */
export function chosenVersion({ cilium, ciliumVersion }: CiliumChoice): string {
  const version: unknown = (isReference(cilium) ? cilium.version : undefined) ?? ciliumVersion;
  return typeof version === 'string' ? withoutV(version) : '';
}

/** What was rendered of the Cilium that was chosen; `undefined` when only the release is known. */
export function chosenContext({ cilium }: CiliumChoice): Context | undefined {
  return isReference(cilium) ? cilium.rendered?.context : undefined;
}

/** Whether the Cilium is a construct whose release is not supported: it says so itself, and nothing else needs to. */
export function saysItsVersionItself({ cilium }: CiliumChoice): boolean {
  return (
    isReference(cilium) &&
    isCilium(cilium) &&
    cilium.rendered === undefined &&
    loadProfile(cilium.version) === undefined
  );
}

/** What is wrong with the choice itself: nothing chosen, no Cilium, or two versions that differ. `subject` starts the ids. */
export function choiceFindings(subject: string, choice: CiliumChoice): readonly Finding[] {
  const { cilium, ciliumVersion } = choice;
  const paths = ['cilium', 'ciliumVersion'];
  if (cilium === undefined && ciliumVersion === undefined) {
    const hint = 'Add the Cilium construct as `cilium`, or its release as `ciliumVersion`.';
    return [
      {
        id: `${subject}/no-cilium`,
        level: 'error',
        paths,
        message: 'Required property is missing: `cilium` or `ciliumVersion`.',
        hint,
      },
    ];
  }
  const misread = propFindings(subject, { cilium, ciliumVersion }, props<CiliumChoice>(CHOICE));
  if (misread.length > 0) return misread;
  if (cilium !== undefined && ciliumVersion !== undefined && withoutV(cilium.version) !== withoutV(ciliumVersion)) {
    const message = `\`cilium\` is ${cilium.version} and \`ciliumVersion\` is ${ciliumVersion}.`;
    return [{ id: `${subject}/two-versions`, level: 'error', paths, message, hint: 'Leave out `ciliumVersion`.' }];
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
  const context = chosenContext(choice);
  // For a release that is not known, the values of its neighbour would name an image that no node has.
  const known = context === undefined ? resolveValues({ version }) : undefined;
  if (known?.findings.some(({ level }) => level === 'error') === true) return undefined;
  const image = imageReference((context?.v ?? known?.v)?.image ?? {});
  return image.includes(':') ? image : undefined;
}
