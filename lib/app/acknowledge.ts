import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { checkArguments } from '../props/check';
import { like, needed, props, text } from '../props/shape';
import { acknowledgeAt } from './findings';
import { joinApp } from './join';

const ARGUMENTS = props<{ readonly scope: IConstruct; readonly id: string; readonly reason: string }>({
  scope: needed(
    like<IConstruct>('a construct', (value) => Construct.isConstruct(value), 'Pass the app, a chart or a construct.'),
  ),
  id: needed(text),
  reason: needed(text),
});

/** Findings of an app. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- as statics of constructs are called
export class Findings {
  /**
   * Acknowledges a warning for a construct and everything in it, whenever it is called before synthesis: known, accepted, and no longer
   * reported. The prop `acknowledge` does the same for one construct.
   *
   * ```ts
   * Findings.acknowledge(app, 'talos/kubernetes-untested', 'We test each Kubernetes release ourselves.');
   * ```
   */
  static acknowledge(scope: IConstruct, id: string, reason: string): void {
    checkArguments('acknowledge', { scope, id, reason }, ARGUMENTS);
    acknowledgeAt(scope, id, reason);
    joinApp(scope);
  }
}
