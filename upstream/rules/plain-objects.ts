import { ApiObject, App, Chart } from 'cdk8s';
import { Cilium } from '../../lib';
import { findingsOf as findingsAt } from '../../lib/app/findings';
import { SERVING_RULES } from '../../lib/resources/objects/serving-rules';
import type { ServedExample } from '../../lib/resources/objects/serving-rules';
import { book, listed, plain } from './book';
import type { RuleBook } from './book';

/** Rules of objects that no construct makes, beside those of their kinds. */
export const plainObjects: RuleBook = book<ServedExample>({
  name: 'Plain objects',
  over: 'Objects of the groups cilium.io and gateway.networking.k8s.io that no construct makes, next to a Cilium; their kinds have rules of their own.',
  rules: listed<ServedExample>(SERVING_RULES),
  judge: ({ object, version = '1.19.6' }) => {
    const chart = new Chart(new App(), 'c');
    Cilium.fromVersion(chart, 'cilium', version);
    return findingsAt(new ApiObject(chart, 'object', object as never));
  },
  input: ({ object, version }) => plain({ ...object, ...(version === undefined ? {} : { cilium: version }) }),
});
