import type { Container } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { imageReference } from '../../parts/image';

/** The agent's image, which its init containers run too. */
export function agentImage({ v }: Context): Pick<Container, 'image' | 'imagePullPolicy'> {
  return { image: imageReference(v.image), imagePullPolicy: v.image.pullPolicy };
}
