/** A part of the library, with the quick tests that judge it. */
export interface Room {
  readonly name: string;
  /** Files of the room: paths from the root that match. */
  readonly files: RegExp;
  /** Test files: paths below `__tests__` that match. */
  readonly tests: RegExp;
  /** Whether single values are compared with Helm too (`sweep.ts`). */
  readonly isSwept?: boolean;
}

const RENDERS = /^(?:rules|golden)\.test\.ts$|^(?:parity|cilium)\//;

export const ROOMS: readonly Room[] = [
  { name: 'features', files: /^lib\/cilium\/features\/.*\.ts$/, tests: RENDERS, isSwept: true },
  { name: 'components', files: /^lib\/cilium\/components\/.*\.ts$/, tests: RENDERS, isSwept: true },
  {
    name: 'talos',
    files: /^lib\/talos\/.*\.ts$/,
    tests: /^(?:rules|ordinary-clusters)\.test\.ts$|^talos\//,
  },
  {
    name: 'rules',
    files:
      /^lib\/(?:rules\/.*|resources?\/.*-rules|resources\/.*-checks|kubernetes\/object-rules|kubernetes-schema\/.*)\.ts$/,
    tests: /^(?:rules|acknowledge|ordinary-clusters)\.test\.ts$|^(?:resources?|kubernetes)\//,
  },
];

/** Test files whose tables run whole; the others judge a part of their rows, as `npm test` does (`__tests__/speed.ts`). */
export const WHOLE = /^rules\.test\.ts$|^kubernetes\/shapes/;
