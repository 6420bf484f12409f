import type { CiliumValues } from '../../../imports/cilium-chart';
import { given } from '../../helm/truth';
import type { Check } from '../check';
import type { Context } from '../context';
import type { Feature } from '../feature';

/** A part of the chart that is not rendered: its switch is refused, so that nobody misses its pods later. */
interface Missing {
  /** Name of the check behind `not-yet/`. */
  readonly id: string;
  /** The switch. */
  readonly at: readonly string[];
  /** What would be missing. */
  readonly what: string;
  readonly when: (ctx: Context) => boolean;
  readonly bad: CiliumValues;
  readonly version?: string;
}

const MISSING: readonly Missing[] = [
  {
    id: 'cluster-mesh-api-server',
    at: ['clustermesh.useAPIServer'],
    what: 'The API server of the cluster mesh',
    when: ({ v }) => given(v.clustermesh.useAPIServer),
    bad: { clustermesh: { useAPIServer: true } },
  },
  {
    id: 'cluster-mesh-config',
    at: ['clustermesh.config.enabled'],
    what: 'The Secret with the addresses of the other clusters',
    when: ({ v }) => given(v.clustermesh.config.enabled),
    bad: { clustermesh: { config: { enabled: true } } },
  },
  {
    id: 'cluster-mesh-dns',
    at: ['clustermesh.mcsapi.corednsAutoConfigure.enabled'],
    what: 'The Job that teaches CoreDNS the names of shared services',
    when: ({ v }) => given(v.clustermesh.mcsapi?.enabled) && given(v.clustermesh.mcsapi.corednsAutoConfigure?.enabled),
    bad: { clustermesh: { mcsapi: { enabled: true, corednsAutoConfigure: { enabled: true } } } },
    version: '1.19.6',
  },
  {
    id: 'spire',
    at: ['authentication.mutual.spire.install.enabled'],
    what: 'SPIRE',
    when: ({ v }) => given(v.authentication.mutual.spire.enabled) && given(v.authentication.mutual.spire.install.enabled),
    bad: { authentication: { enabled: true, mutual: { spire: { enabled: true } } } },
  },
];

/** The parts of the chart that are not rendered, one refusal each; whoever renders one takes its entry out. */
export const notYet: Feature = {
  name: 'not-yet',
  contribute: () => ({}),
  checks: MISSING.map(check),
};

function check({ id, at, what, when, bad, version }: Missing): Check {
  return {
    id: `not-yet/${id}`,
    level: 'error',
    when,
    at,
    says: `${what} is a part of the chart that this release does not render.`,
    fix: 'Leave it off, or install Cilium with its own chart.',
    examples: { bad: { values: bad, version }, good: { values: {}, version } },
  };
}
