import type { JsonObject } from '../../kubernetes/json';
import { GONE, document, holdsSection, repeatsDocuments, setAnew } from './setting';
import type { Needs, Setting, Statement } from './setting';

/**
 * The mesh between the nodes: a document as soon as Talos knows it, which Talos refuses beside the section. Up to 1.12 `--with-kubespan`
 * generated the section, and every config has `machine.network` to delete it from. Lists of the filters append when patches meet.
 */
export const kubeSpan: Setting = {
  name: 'kubespan',
  since: '1.13',
  sections: [],
  wanted: ({ talos }) => talos.given.kubeSpan !== undefined,
  section: (needs) => [
    ...(filtersOf(needs).length > 0 ? [WITHOUT_SECTION] : []),
    { output: 'all', document: { machine: { network: { kubespan: fields(needs) } } } },
  ],
  documents: (needs) => {
    const filters = Object.fromEntries(filtersOf(needs).map(([name]) => [name, GONE]));
    const set = document('KubeSpanConfig', fields(needs));
    return [
      ...(holdsSection('machine.network.kubespan', '1.13', needs.talos) ? [WITHOUT_SECTION] : []),
      ...(filtersOf(needs).length > 0
        ? setAnew(needs, 'all', set, document('KubeSpanConfig', { filters }))
        : [{ output: 'all' as const, document: set }]),
    ];
  },
  appends: (needs, way) =>
    way === 'section' || repeatsDocuments(needs.talos)
      ? []
      : filtersOf(needs).map(([name]) => `kubeSpan.filters.${name}`),
};

const WITHOUT_SECTION: Statement = {
  output: 'all',
  place: 'first',
  document: { machine: { network: { kubespan: GONE } } },
};

/** The fields have the same names in both. An empty filter says nothing, and its name may be too new for this Talos. */
function fields(needs: Needs): JsonObject {
  const { filters: _, ...rest } = needs.talos.given.kubeSpan ?? {};
  const filters = filtersOf(needs);
  return { enabled: true, ...rest, ...(filters.length === 0 ? {} : { filters: Object.fromEntries(filters) }) };
}

function filtersOf({ talos: { given } }: Needs): readonly (readonly [string, readonly string[]])[] {
  const filters = Object.entries(given.kubeSpan?.filters ?? {}) as [string, readonly string[]][];
  return filters.filter(([, networks]) => networks.length > 0);
}
