import type { JsonObject } from '../../kubernetes/json';
import { document } from '../setting';
import type { Needs, Setting } from '../setting';
import { talosHas } from '../versions';

/** The mesh between the nodes. From the release on that knows the document, generated configs have it, and it excludes the section. */
export const kubeSpan: Setting = {
  name: 'kubespan',
  wanted: ({ talos }) => talos.given.kubeSpan !== undefined,
  asDocuments: ({ talosVersion }) => talosHas(talosVersion, 'kubespan-config'),
  section: (needs) => [{ output: 'all', document: { machine: { network: { kubespan: fields(needs) } } } }],
  documents: (needs) => [{ output: 'all', document: document('KubeSpanConfig', fields(needs)) }],
};

/** The fields have the same names in both. An empty filter says nothing, and its name may be too new for this Talos. */
function fields({ talos: { given } }: Needs): JsonObject {
  const { filters = {}, ...rest } = given.kubeSpan ?? {};
  const said = Object.entries(filters).filter(([, networks]) => (networks as readonly string[]).length > 0);
  return { enabled: true, ...rest, ...(said.length === 0 ? {} : { filters: Object.fromEntries(said) }) };
}
