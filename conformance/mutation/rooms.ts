/** A part of the library, with the quick tests that judge it. */
export interface Room {
  readonly name: string;
  /** Files of the room: paths from the root that match. */
  readonly files: RegExp;
  /** Test files, as jest matches them from the root. */
  readonly tests: readonly string[];
}

/** Rules prove themselves by their examples. */
const RULES = '__tests__/rules.test.ts';

export const ROOMS: readonly Room[] = [
  {
    name: 'features',
    files: /^lib\/cilium\/features\/.*\.ts$/,
    tests: [RULES, '__tests__/golden.test.ts', '__tests__/parity/*.test.ts'],
  },
  {
    name: 'components',
    files: /^lib\/cilium\/components\/.*\.ts$/,
    tests: [RULES, '__tests__/golden.test.ts', '__tests__/parity/*.test.ts'],
  },
  {
    name: 'talos',
    files: /^lib\/talos\/.*\.ts$/,
    tests: [RULES, '__tests__/talos/**/*.test.ts', '__tests__/ordinary-clusters.test.ts'],
  },
  {
    name: 'rules',
    files:
      /^lib\/(?:rules\/.*|resources?\/.*-rules|resources\/.*-checks|kubernetes\/object-rules|kubernetes-schema\/.*)\.ts$/,
    tests: [
      RULES,
      '__tests__/resources/**/*.test.ts',
      '__tests__/resource/*.test.ts',
      '__tests__/kubernetes/*.test.ts',
      '__tests__/acknowledge.test.ts',
    ],
  },
];
