import { ApiObject, App, Chart } from 'cdk8s';
import * as lib from '../../lib';
import { Cilium } from '../../lib';
import { findingsOf as findingsAt } from '../../lib/app/findings';
import { MANIFEST_RULES } from '../../lib/resource/manifest-rules';
import type { ManifestExample } from '../../lib/resource/manifest-rules';
import { OBJECT_RULES } from '../../lib/resource/metadata-rules';
import { SERVING_RULES } from '../../lib/resource/serving-rules';
import type { ServedExample } from '../../lib/resource/serving-rules';
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

/** Rules of what `fromManifest` of a construct is given, beside those of its kind. */
export const manifests: RuleBook = book<ManifestExample>({
  name: 'Manifests',
  over: 'What `fromManifest` of a construct is given; the kind has rules of its own.',
  rules: listed<ManifestExample>([...MANIFEST_RULES, ...OBJECT_RULES]),
  judge: ({ construct, manifest }) => {
    const chart = new Chart(new App(), 'c');
    const kind = (lib as unknown as Readonly<Record<string, typeof lib.CidrGroup>>)[construct];
    const cilium = Cilium.fromVersion(chart, 'cilium', '1.19.6');
    return kind?.fromManifest(chart, 'object', manifest, { cilium }).findings ?? [];
  },
  input: ({ construct, manifest }) => plain({ [`${construct}.fromManifest`]: manifest }),
});
