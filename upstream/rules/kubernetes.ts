import { guardObjects } from '../../lib/kubernetes/guard';
import { OBJECT_FINDINGS } from '../../lib/kubernetes/object-rules';
import { fieldPath, shapeFindings } from '../../lib/kubernetes-schema/findings';
import { KUBERNETES_FINDINGS } from '../../lib/kubernetes-schema/rules';
import type { TypedExample } from '../../lib/kubernetes-schema/rules';
import { book, listed, plain } from './book';
import type { RuleBook } from './book';

export const kubernetes: RuleBook = book<TypedExample>({
  name: 'Kubernetes types',
  over: 'Values with Kubernetes types, and objects in patches, as an API server validates them.',
  rules: listed(KUBERNETES_FINDINGS),
  judge: ({ type, value, kubernetes: release = '1.34.1' }) =>
    shapeFindings({ type, value, kubernetes: release, place: (path) => fieldPath('value', path) }),
  input: ({ type, value }) => ({ [type]: plain(value) }),
});

export const objects: RuleBook = book<readonly object[]>({
  name: 'Objects',
  over: 'Objects that are written: identity, names, plain data.',
  rules: listed(OBJECT_FINDINGS),
  judge: (given) => guardObjects(given as never, 'objects'),
  input: (given) => given.map(plain),
});
