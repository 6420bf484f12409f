import type { Finding } from '../findings';
import { parseDuration } from '../helm/durations';
import { isMap } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { unknownProps } from '../kubernetes/known-props';

/** What Flux does when Helm fails. */
export interface HelmRemediationProps {
  /**
   * How often Flux tries again. `-1` has no limit.
   * @default 0
   */
  readonly retries?: number;
  /**
   * Whether the last failure is remediated too, when no retry is left.
   * @default - for an upgrade with retries true, otherwise false
   */
  readonly remediateLastFailure?: boolean;
}

/** How Flux installs the release. Before each retry it uninstalls what the failed installation left. */
export interface HelmInstallProps {
  /**
   * How long Helm waits for the pods: agents of a large cluster take longer than the default. `30m`.
   * @default - `timeout` of the release
   */
  readonly timeout?: string;
  /** @default - no retry */
  readonly remediation?: HelmRemediationProps;
}

/** How Flux upgrades the release. */
export interface HelmUpgradeProps {
  /**
   * How long Helm waits for the pods: agents are replaced two at a time. `30m`.
   * @default - `timeout` of the release
   */
  readonly timeout?: string;
  /** @default - no retry */
  readonly remediation?: HelmRemediationProps & {
    /**
     * What is done with a failed upgrade. `uninstall` takes the network away until Cilium is installed again.
     * @default rollback
     */
    readonly strategy?: 'rollback' | 'uninstall';
  };
}

/** What a release says of Helm's actions. */
export interface HelmActions {
  readonly timeout?: string | undefined;
  readonly install?: HelmInstallProps | undefined;
  readonly upgrade?: HelmUpgradeProps | undefined;
}

/** The fields of the HelmRelease for what was given; everything else is left to Flux. */
export function actionFields({ timeout, install, upgrade }: HelmActions): JsonObject {
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(install === undefined ? {} : { install: plain(install) }),
    ...(upgrade === undefined ? {} : { upgrade: plain(upgrade) }),
  };
}

/** Without what is `undefined`; the findings have judged the rest. */
function plain(action: object): JsonObject {
  return JSON.parse(JSON.stringify(action)) as JsonObject;
}

type Problem = (level: Finding['level'], rule: string, at: string, says: string, fix: string) => Finding;

const FLUX_DURATION = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

/** Whether Flux takes a text for a duration: hours, minutes, seconds, milliseconds. */
export function isFluxDuration(text: unknown): boolean {
  return typeof text === 'string' && FLUX_DURATION.test(text) && parseDuration(text) !== undefined;
}

/** What Flux would not take, or what takes the network away. */
export function actionFindings(actions: HelmActions, problem: Problem): readonly Finding[] {
  return [
    ...timeoutFindings(actions.timeout, 'timeout', problem),
    ...(['install', 'upgrade'] as const).flatMap((name) => oneAction(actions[name], name, problem)),
  ];
}

function oneAction(action: unknown, name: 'install' | 'upgrade', problem: Problem): readonly Finding[] {
  if (action === undefined) return [];
  if (!isMap(action)) {
    return [problem('error', 'type', name, 'Expected a map.', `Write ${name}: { timeout: '30m', remediation: { retries: 3 } }.`)];
  }
  return [
    ...unknownProps(
      'helm-release',
      action,
      ['timeout', 'remediation'],
      { retries: `Write ${name}: { remediation: { retries: … } }.` },
      `${name}.`,
    ),
    ...timeoutFindings(action.timeout, `${name}.timeout`, problem),
    ...remediationFindings(action.remediation, name, problem),
  ];
}

function timeoutFindings(timeout: unknown, at: string, problem: Problem): readonly Finding[] {
  if (timeout === undefined || isFluxDuration(timeout)) return [];
  return [
    problem(
      'error',
      'timeout',
      at,
      `${JSON.stringify(timeout)} is not a duration for Flux.`,
      'Write hours, minutes or seconds: 1h, 30m, 90s.',
    ),
  ];
}

function remediationFindings(remediation: unknown, action: 'install' | 'upgrade', problem: Problem): readonly Finding[] {
  if (remediation === undefined) return [];
  const at = `${action}.remediation`;
  if (!isMap(remediation)) return [problem('error', 'type', at, 'Expected a map.', 'Write remediation: { retries: 3 }.')];
  const known = ['retries', 'remediateLastFailure', ...(action === 'upgrade' ? ['strategy'] : [])];
  const elsewhere = { strategy: 'Only upgrades have one: a failed installation is always uninstalled.' };
  const { retries, remediateLastFailure, strategy } = remediation;
  return [
    ...unknownProps('helm-release', remediation, known, elsewhere, `${at}.`),
    ...(retries === undefined || (Number.isInteger(retries) && Number(retries) >= -1 && Number(retries) < 2 ** 31)
      ? []
      : [
          problem(
            'error',
            'retries',
            `${at}.retries`,
            `Expected a whole number, got ${JSON.stringify(retries)}.`,
            'Write 3, or -1 for no limit.',
          ),
        ]),
    ...(remediateLastFailure === undefined || typeof remediateLastFailure === 'boolean'
      ? []
      : [problem('error', 'type', `${at}.remediateLastFailure`, 'Expected true or false.', 'Write it without quotes.')]),
    ...(action === 'upgrade' ? strategyFindings(strategy, `${at}.strategy`, problem) : []),
  ];
}

function strategyFindings(strategy: unknown, at: string, problem: Problem): readonly Finding[] {
  if (strategy === undefined || strategy === 'rollback') return [];
  if (strategy !== 'uninstall') {
    return [problem('error', 'strategy', at, `Unknown strategy ${JSON.stringify(strategy)}.`, 'Write rollback or uninstall.')];
  }
  const says = 'A failed upgrade would uninstall Cilium, and pods have no network until it is installed again.';
  return [problem('warning', 'uninstall', at, says, 'Leave it out: Flux rolls back by default.')];
}
