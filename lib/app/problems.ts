import type { IConstruct } from 'constructs';
import { CiliumError, describeFinding } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { foldedLines } from '../rules/fold';
import { knownRules } from '../rules/known-rules';
import { readableFinding } from '../rules/readable';
import { duplicateObjects } from './duplicates';
import { acknowledgementProblems, allFindingsOf, findingsOf, unacknowledged, unusedAcknowledgements } from './findings';
import { objectFindings } from './judges';
import { secretFindings } from './secrets';
import { unwritableObjects } from './unwritable';
import { propsOfPatch } from './patches';
import type { Picture } from './picture';
import { windowsNameFindings } from './windows-names';

/** A finding with the construct that it is about. */
export interface SynthFinding extends Finding {
  /** Path of the construct in the app: `home-cilium/cilium`. */
  readonly in: string;
  /** The page of its rule in this package, `docs/rules/ip-pool.md#ip-poolblock`; absent for rules of the user. */
  readonly page?: string | undefined;
}

/** The environment variable that turns warnings into errors, for CI. */
const FAIL_ON_WARNINGS = 'CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS';

/** The id of validation errors of other constructs, in their own words. */
const VALIDATION = 'app/validation';

/** A finding at a construct. */
export function placed({ node: { path } }: IConstruct, findings: readonly Finding[]): readonly SynthFinding[] {
  return findings.map((finding) => ({ ...finding, in: path, page: knownRules().get(finding.id)?.page }));
}

/** All findings of the constructs of an app, in its order, and those between them. */
export function problemsOf(picture: Picture): readonly SynthFinding[] {
  const { constructs } = picture;
  const between = duplicateObjects(picture);
  const secrets = constructs[0] === undefined ? undefined : secretFindings(constructs[0].node.root);
  const all = new Map(
    constructs.map((construct) => {
      const findings = [
        ...acknowledgementProblems(construct),
        ...allFindingsOf(construct),
        ...(between.get(construct) ?? []),
        ...(secrets?.get(construct) ?? []),
        ...windowsNameFindings(construct),
      ];
      // What the construct's own validation repeats as text is among the findings.
      const known = new Set(findings.map(describeFinding));
      const others = construct.node.validate().filter((text) => !known.has(text));
      return [construct, [...others.map(validation), ...findings]];
    }),
  );
  const hasErrors = [...all.values()].flat().some(({ level }) => level === 'error');
  // With an error, not all rules ran.
  const unused = hasErrors ? undefined : unusedAcknowledgements(constructs, all);
  return constructs.flatMap((construct) =>
    placed(construct, [...unacknowledged(construct, all.get(construct) ?? []), ...(unused?.get(construct) ?? [])]),
  );
}

/**
 * Errors of an app beyond those of its constructs' validation, as text by construct: so that `Testing.synth(chart)` and
 * `chart.toJson()`, which only validate, refuse what `app.synth()` refuses.
 */
export function problemsBetween(picture: Picture): ReadonlyMap<IConstruct, readonly string[]> {
  const unwritable = unwritableObjects(picture);
  const between = duplicateObjects(picture);
  const isStrict = failsOnWarnings(picture);
  return new Map(
    picture.constructs.map((construct) => {
      const warnings = isStrict ? findingsOf(construct).filter(({ level }) => level === 'warning') : [];
      const found = [
        ...(unwritable.get(construct) ?? []),
        ...(between.get(construct) ?? []),
        ...acknowledgementProblems(construct),
        ...objectFindings(construct).filter(({ level }) => level === 'error'),
      ];
      return [construct, [...found, ...warnings].map(describeFinding)];
    }),
  );
}

/** Whether the environment or a patch of the app makes warnings fail. */
export function failsOnWarnings({ patches }: Picture): boolean {
  const variable = (process.env[FAIL_ON_WARNINGS] ?? '').toLowerCase();
  return !['', '0', 'false'].includes(variable) || patches.some((one) => propsOfPatch(one).failOnWarnings === true);
}

/**
 * Refuses an app with errors, or with warnings where those are to be refused as well.
 * @throws CiliumError with every finding, warnings too.
 */
export function refuse(all: readonly SynthFinding[], isStrict: boolean): void {
  const findings = all.map(readableFinding);
  const errors = findings.filter(({ level }) => level === 'error');
  const warnings = findings.filter(({ level }) => level === 'warning');
  const both = [...errors, ...warnings];
  if (errors.length > 0) throw new CiliumError(both, 'Validation failed with the following errors', linesOf(both));
  if (isStrict && warnings.length > 0) {
    throw new CiliumError(
      warnings,
      'Validation failed: there are warnings, and `failOnWarnings` is set',
      linesOf(warnings),
    );
  }
}

/** Findings behind the paths of their constructs, as cdk8s writes validation errors. */
function linesOf(findings: readonly SynthFinding[]): readonly string[] {
  const texts = findings.map((finding) => ({
    // Those of other constructs have one id and nothing else in common.
    id: finding.id === VALIDATION ? finding.message : finding.id,
    place: finding.in,
    text: finding.id === VALIDATION ? finding.message : describeFinding(finding),
  }));
  return foldedLines(texts, (place, text) => `  [${place}] ${text}`);
}

function validation(message: string): Finding {
  return { id: VALIDATION, level: 'error', paths: [], message, hint: '' };
}
