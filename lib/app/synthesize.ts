import type { App } from 'cdk8s';
import { refuseErrors } from '../findings';
import type { Finding } from '../findings';
import { isMap } from '../kubernetes/json';
import { unknownProps } from '../kubernetes/known-props';
import { isApp } from './app';
import type { Synthesis } from './describe';
import { run } from './run';
import { withoutInternals } from './stack';
import { countAsTold } from './tell';

/** Options of {@link synthesize}. */
export interface SynthesisOptions {
  /**
   * Refuse warnings as errors are, for CI. `failOnWarnings` of a `TalosPatch` and `CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS=1` in the
   * environment do the same.
   * @default false
   */
  readonly failOnWarnings?: boolean;
}

/**
 * Writes what `app.synth()` writes, Talos patches included, and returns what was written and all warnings; prints nothing. Manifests
 * have the text of the inline manifests, which takes less time than that of cdk8s.
 * @throws CiliumError with every finding when anything is refused; then nothing is written.
 */
export function synthesize(app: App, options: SynthesisOptions = {}): Synthesis {
  return withoutInternals(synthesize, () => {
    refuseErrors(callFindings(app, options), 'Invalid call of synthesize');
    const synthesis = run(app, { isOwnText: true, failOnWarnings: options.failOnWarnings === true });
    countAsTold(app, synthesis.warnings);
    return synthesis;
  });
}

function callFindings(app: unknown, options: unknown): readonly Finding[] {
  const problem = (at: string, says: string, fix: string): Finding => ({ id: 'synthesize/type', level: 'error', at: [at], says, fix });
  const ofApp = isApp(app) ? [] : [problem('app', 'Expected the App of cdk8s.', 'Write `synthesize(app)`.')];
  if (!isMap(options)) return [...ofApp, problem('options', 'Expected a map.', 'Write `{ failOnWarnings: true }`, or leave it out.')];
  const isFlag = ['undefined', 'boolean'].includes(typeof options.failOnWarnings);
  return [
    ...ofApp,
    ...unknownProps('synthesize', options, ['failOnWarnings']),
    ...(isFlag ? [] : [problem('failOnWarnings', 'Expected true or false.', 'Write it without quotes.')]),
  ];
}
