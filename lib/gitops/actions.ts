import { parseDuration } from '../helm/durations';
import type { JsonObject } from '../kubernetes/json';
import { boolean, integer, like, oneOf, props as propsOf, ruled } from '../props/shape';

/** How Flux remediates failures of Helm. */
export interface HelmRemediationProps {
  /**
   * How often Flux retries. `-1` has no limit.
   * @default 0
   */
  readonly retries?: number;
  /**
   * Whether the last failure is remediated too, when no retry is left.
   * @default - for an upgrade with retries true, otherwise false
   */
  readonly remediateLastFailure?: boolean;
}

/** How Flux installs the release. Before each retry it uninstalls the remains of the failed installation. */
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
     * What Flux does with a failed upgrade. `uninstall` removes the network until Cilium is installed again.
     * @default rollback
     */
    readonly strategy?: 'rollback' | 'uninstall';
  };
}

/** Settings of Helm's actions. */
export interface HelmActions {
  readonly timeout?: string | undefined;
  readonly install?: HelmInstallProps | undefined;
  readonly upgrade?: HelmUpgradeProps | undefined;
}

/** The fields of the HelmRelease for what was given; Flux decides everything else. */
export function actionFields({ timeout, install, upgrade }: HelmActions): JsonObject {
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(install === undefined ? {} : { install: plain(install) }),
    ...(upgrade === undefined ? {} : { upgrade: plain(upgrade) }),
  };
}

/** Removes what is `undefined`. */
function plain(action: object): JsonObject {
  return JSON.parse(JSON.stringify(action)) as JsonObject;
}

const FLUX_DURATION = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

/** Whether a text is a duration for Flux: hours, minutes, seconds, milliseconds. */
export function isFluxDuration(text: unknown): boolean {
  return typeof text === 'string' && FLUX_DURATION.test(text) && parseDuration(text) !== undefined;
}

const DURATION = ruled(
  'timeout',
  like<string>('a duration for Flux', isFluxDuration, 'Write hours, minutes or seconds: 1h, 30m, 90s.'),
);

const REMEDIATION = { retries: ruled('retries', integer(-1, 2 ** 31 - 1)), remediateLastFailure: boolean } as const;
const ELSEWHERE = { retries: 'Write `remediation: { retries: … }`.' };
const ALWAYS_UNINSTALLED = { strategy: 'Only upgrades have one: Flux always uninstalls a failed installation.' };

/** The shapes of the settings of Helm's actions. */
export const ACTION_SHAPES = {
  timeout: DURATION,
  install: propsOf<HelmInstallProps>(
    { timeout: DURATION, remediation: propsOf<HelmRemediationProps>(REMEDIATION, { elsewhere: ALWAYS_UNINSTALLED }) },
    { elsewhere: ELSEWHERE },
  ),
  upgrade: propsOf<HelmUpgradeProps>(
    {
      timeout: DURATION,
      remediation: propsOf<NonNullable<HelmUpgradeProps['remediation']>>({
        ...REMEDIATION,
        strategy: ruled('strategy', oneOf('rollback', 'uninstall')),
      }),
    },
    { elsewhere: ELSEWHERE },
  ),
} as const;
