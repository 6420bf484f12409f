import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { imageReference } from '../../parts/image';

type Cloud = 'alibabacloud' | 'aws' | 'azure' | 'generic';

/** The build of the operator: one per cloud IPAM. */
export function cloud({ v }: Context): Cloud {
  if (isTruthy(v.eni.enabled)) return 'aws';
  if (isTruthy(v.azure.enabled)) return 'azure';
  return isTruthy(v.alibabacloud.enabled) ? 'alibabacloud' : 'generic';
}

/** The image of that build, with its digest. */
export function image(ctx: Context): string {
  const { repository, suffix, ...values } = ctx.v.operator.image;
  const build = cloud(ctx);
  return imageReference({
    ...values,
    repository: `${repository ?? ''}-${build}${suffix ?? ''}`,
    digest: values[`${build}Digest`],
  });
}
