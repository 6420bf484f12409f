import { isPlain } from '../props/words';
import { like, needed, props, text } from '../props/shape';

/** A map with any names, as JSON has them. */
export const MAP = like<object>('a map', isPlain, 'Write a map: { … }.');

/** What every object of Kubernetes has. */
export const KUBERNETES_OBJECT = props<{
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}>(
  {
    apiVersion: needed(text),
    kind: needed(text),
    metadata: needed(props<{ readonly name: string }>({ name: needed(text) }, { open: true })),
  },
  { open: true },
);
