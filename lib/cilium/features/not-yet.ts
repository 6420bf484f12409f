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
