import { isTruthy, whenTruthy } from '../../helm/truth';
import type { Container } from '../../kubernetes/types';

/** An image as the chart's values describe it. */
export interface ImageValues {
  readonly override?: string | null | undefined;
  readonly repository?: string | null | undefined;
  readonly tag?: string | null | undefined;
  readonly digest?: string | null | undefined;
  readonly useDigest?: boolean | null | undefined;
  readonly pullPolicy?: string | null | undefined;
}

/** `repository:tag@digest`: the override if set; no tag when it is empty, no digest without `useDigest`. */
export function imageReference({ override, repository, tag, digest, useDigest }: ImageValues): string {
  if (isTruthy(override)) return override;
  const version = isTruthy(tag) ? `:${String(tag)}` : '';
  const pin = isTruthy(useDigest) ? `@${digest ?? ''}` : '';
  return `${repository ?? ''}${version}${pin}`;
}

/** The image reference of a container, and its pull policy unless that is empty. */
export function containerImage(image: ImageValues): Pick<Container, 'image' | 'imagePullPolicy'> {
  return { image: imageReference(image), imagePullPolicy: whenTruthy(image.pullPolicy) };
}
