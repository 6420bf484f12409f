import { isPlain } from '../rules/words';
import { like, needed, props, text } from '../props/shape';

/** A map with any names, as JSON has them. */
export const MAP = like<object>('a map', isPlain, 'Write a map: { … }.');

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

/** What every object of Kubernetes has. */
export const KUBERNETES_OBJECT = props<{
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}>(
  {
    apiVersion: needed(text),
    kind: needed(text),
    metadata: needed(props<Metadata>({ name: needed(text), namespace: text }, { open: true })),
  },
  { open: true },
);
