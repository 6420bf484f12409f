import type { App } from 'cdk8s';
import { checkArguments } from '../props/check';
import { boolean, like, needed, props } from '../props/shape';
import { isApp } from './app';
import type { SynthResult } from './describe';
import { run } from './run';
import { withoutInternals } from './stack';
import { countAsPrinted } from './tell';

/** Options of {@link synthesize}. */
export interface SynthOptions {
  /**
   * Refuse warnings as errors are, for CI. `failOnWarnings` of a `TalosPatch` and `CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS=1` in the
   * environment do the same.
   * @default false
   */
  readonly failOnWarnings?: boolean;
}

const ARGUMENTS = props<{ readonly app: App; readonly options?: SynthOptions }>({
  app: needed(like<App>('the App of cdk8s', isApp, 'Write `synthesize(app)`.')),
  options: props<SynthOptions>({ failOnWarnings: boolean }),
});

/**
 * Writes what `app.synth()` writes, Talos patches included, and returns what was written and all warnings; prints nothing. Manifests
 * have the text of the inline manifests, which is faster to write than that of cdk8s.
 * @throws CiliumError with every finding when anything is refused; then nothing is written.
 */
export function synthesize(app: App, options: SynthOptions = {}): SynthResult {
  return withoutInternals(synthesize, () => {
    checkArguments('synthesize', { app, options }, ARGUMENTS);
    const synthesis = run(app, { isOwnText: true, failOnWarnings: options.failOnWarnings === true });
    countAsPrinted(app, synthesis.warnings);
    return synthesis;
  });
}
