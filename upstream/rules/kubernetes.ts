import { fieldPath, shapeFindings } from '../../lib/kubernetes-schema/findings';
import { KUBERNETES_IDS } from '../../lib/kubernetes-schema/ids';
import type { KubernetesExample } from '../../lib/kubernetes-schema/ids';
import { book, listed, plain } from './book';
import type { RuleBook } from './book';

export const kubernetes: RuleBook = book<KubernetesExample>({
  name: 'Kubernetes',
  over: 'Values and objects of Kubernetes, as its API server validates them.',
  rules: listed<KubernetesExample>(KUBERNETES_IDS),
  judge: ({ kubernetes: release = '1.34.0', ...judged }) =>
    shapeFindings({ ...judged, kubernetes: release, place: (path) => fieldPath('value', path) }),
  input: ({ type, value, kubernetes: release }) => plain({ kubernetes: release, [type]: value }),
});
