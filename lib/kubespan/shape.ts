import { CILIUM_SHAPE } from '../cilium/reference';
import { TALOS_FACTS } from '../talos/cluster/facts';
import type { JsonObject } from '../kubernetes/json';
import { MAP } from '../kubernetes/object-shape';
import { anything, boolean, like, listOf, needed, number, props, ruled, text } from '../props/shape';
import type { Shape } from '../props/shape';
import type { KubeSpanRoutesProps } from './settings';

const ELSEWHERE = { namespace: 'Leave it out: Talos admits pods on the host network only in kube-system.' };

/** The shape of the props. */
export const KUBESPAN_ROUTES_SHAPE = props<KubeSpanRoutesProps>(
  {
    cilium: needed(CILIUM_SHAPE),
    talos: needed(ruled('type', TALOS_FACTS)),
    routePodSubnets: boolean,
    announcePodSubnets: boolean,
    image: like<string>('an image', isImage, 'Write repository:tag@sha256:…, or leave it out.'),
    name: text,
    intervalSeconds: number,
    resources: props<{ readonly requests?: object; readonly limits?: object; readonly claims?: readonly object[] }>({
      requests: MAP,
      limits: MAP,
      claims: listOf(MAP),
    }) as Shape<JsonObject>,
    acknowledge: anything,
  },
  { elsewhere: ELSEWHERE },
);

/** Whether something can be the name of an image. */
export function isImage(image: unknown): image is string {
  return typeof image === 'string' && /^\S+$/.test(image);
}
