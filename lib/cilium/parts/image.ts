import { given } from '../../helm/truth';

/** An image as the chart's values describe it. */
export interface ImageValues {
  readonly override?: string | null | undefined;
  readonly repository?: string | null | undefined;
  readonly tag?: string | null | undefined;
  readonly digest?: string | null | undefined;
  readonly useDigest?: boolean | null | undefined;
}

/** `repository:tag@digest`: the override if there is one; no tag when it is empty, no digest unless it is asked for. */
export function imageReference({ override, repository, tag, digest, useDigest }: ImageValues): string {
  if (given(override)) return override;
  const version = given(tag) ? `:${String(tag)}` : '';
  const pin = given(useDigest) ? `@${digest ?? ''}` : '';
  return `${repository ?? ''}${version}${pin}`;
}
