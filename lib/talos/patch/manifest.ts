import type { MeasuredText } from '../../kubernetes/sizes';
import type { KubernetesObject } from '../../kubernetes/types';

/** A manifest before it becomes text. */
export interface Manifest {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  /** Split it into several manifests of at most so many bytes each; an object is never cut. @default - one */
  readonly splitAt?: number | undefined;
  /** The manifest that this is a piece of. @internal */
  readonly partOf?: string | undefined;
  /** The text of these objects, where it is made already. @internal */
  readonly written?: (() => MeasuredText) | undefined;
}
