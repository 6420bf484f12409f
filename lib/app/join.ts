import type { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { hasHook, hookOf, isApp, synthOf } from './app';
import { beginValidation, duringValidation, endValidation, isBeingRead, isInSynthesis } from './contents';
import { describeFinding } from '../rules/finding';
import { findingsOf, setSource } from './findings';
import type { FindingSource } from './findings';
import { pictureOf } from './picture';
import { problemsBetween } from './problems';
import { checkApp, pathsOf, run } from './run';
import { withoutInternals } from './stack';
import { notice, tellWarnings } from './tell';

/**
 * Makes `app.synth()` of the app that a construct is in write and refuse what `synthesize` does, and print warnings. Done for the
 * first construct of an app, by whatever copy of this library; does nothing for the others.
 */
export function joinApp(construct: IConstruct): void {
  const { root } = construct.node;
  if (hasHook(root)) return;
  hookOf(root);
  validateBetween(root);
  if (isApp(root)) replaceSynth(root);
}

/** Makes a construct report findings: its errors stop synthesis, and its warnings are printed by it. */
export function reportFindings(construct: IConstruct, source: FindingSource): void {
  setSource(construct, source);
  joinApp(construct);
  construct.node.addValidation({
    validate: () => {
      const { root } = construct.node;
      const found = source.isQuiet?.() === true ? [] : duringValidation(root, () => findingsOf(construct));
      return found.filter(({ level }) => level === 'error').map(describeFinding);
    },
  });
}

/** The root is validated first: what it finds between constructs, the validation of each of them reports. */
function validateBetween(root: IConstruct): void {
  const known = new WeakSet<IConstruct>();
  let problems: ReadonlyMap<IConstruct, readonly string[]> = new Map();
  let last: IConstruct | undefined;
  // A synthesis does all of this.
  const isDone = (): boolean => isBeingRead(root) || isInSynthesis(root);
  const validate = (): string[] => {
    if (isDone()) return [];
    beginValidation(root);
    const picture = duringValidation(root, () => pictureOf(root));
    problems = duringValidation(root, () => problemsBetween(picture));
    last = picture.constructs.at(-1);
    for (const construct of picture.constructs.filter((one) => one !== root && !known.has(one))) {
      known.add(construct);
      construct.node.addValidation({
        validate: () => {
          if (isDone()) return [];
          if (construct === last) endValidation(root);
          return [...(problems.get(construct) ?? [])];
        },
      });
    }
    return [];
  };
  root.node.addValidation({ validate });
}

function replaceSynth(app: App): void {
  const { synthYaml } = app;
  const replace = (name: 'synth' | 'synthYaml', value: () => unknown): void => {
    Object.defineProperty(app, name, { value, configurable: true, writable: true });
  };
  replace('synth', function synth() {
    // The app's own `synth` that calls itself is left to itself.
    if (hookOf(app).isRunning) return synthOf(app).call(app);
    withoutInternals(synth, () => {
      tellWarnings(app, run(app, { isOwnText: false, failOnWarnings: false }).warnings);
    });
  });
  replace('synthYaml', function yaml() {
    return withoutInternals(yaml, () => {
      const warnings = checkApp(app);
      const text = synthYaml.call(app);
      const { patches } = pictureOf(app);
      if (patches.length > 0) {
        notice(
          app,
          `app.synthYaml() writes no files, so Talos patches are not written: ${pathsOf(patches)}. Call app.synth() for them.`,
        );
      }
      tellWarnings(app, warnings);
      return text;
    });
  });
}
