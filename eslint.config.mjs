import tseslint from 'typescript-eslint';

/** Which room may import which (docs/architecture.md). A folder may always import from itself. */
const room = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns: patterns.map(([group, message]) => ({ group, message })) }] },
});
const PURE = [
  ['cdk8s', 'cdk8s-plus-30', 'constructs'],
  'Only construct shells know cdk8s; this must run without an app.',
];
const OUTSIDE = [
  ['**/upstream/**', '**/conformance/**', '**/__tests__/**', '**/examples/**'],
  'lib/ is what users get; it imports nothing that is not shipped.',
];
const SHELLS = [
  'lib/index.ts',
  'lib/app/**',
  'lib/cilium/{cilium,from-version,reference}.ts',
  'lib/talos/talos-patch.ts',
  'lib/kubespan/routes.ts',
  'lib/resource/construct.ts',
  'lib/resources/*/constructs.ts',
  'lib/gitops/helm-release.ts',
  'lib/demo/**',
];

/** First words of a name that is half a sentence. */
const HALF_SENTENCE =
  'that|which|who|whose|where|when|while|and|but|or|of|in|on|at|by|to|for|from|into|with|without|under|beside|as|than|if|because|until|after|before';

export default tseslint.config(
  { ignores: ['.cache', 'node_modules', 'build', 'dist', '**/dist/**', 'imports', '**/*.mjs', '**/*.js'] },
  ...tseslint.configs.strict,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', varsIgnorePattern: '^_$' },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  {
    // Names of tests are statements: `a key without a shape is found`, not `that no shape knows`.
    files: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['callee.name=/^(describe|it|test)$/', 'callee.callee.object.name=/^(describe|it|test)$/'].map((test) => ({
          selector: `CallExpression[${test}] > Literal.arguments:first-child[value=/^(${HALF_SENTENCE}) /]`,
          message: 'The name of a test is a statement.',
        })),
      ],
    },
  },
  { files: ['*.config.*'], rules: { 'no-restricted-exports': 'off' } },
  // A setting declares its type; the rule does not see that through the array of its rules.
  { files: ['lib/talos/cluster/**'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  room(['lib/**'], [OUTSIDE]),
  room(['lib/**'], [OUTSIDE, PURE], SHELLS),
  room(
    ['lib/cilium/features/**'],
    [
      OUTSIDE,
      PURE,
      [
        ['./*', '!./index', '**/features/**', '**/components/**'],
        'A feature imports neither features nor components: what two want is a part or a fact.',
      ],
    ],
    ['lib/cilium/features/index.ts'],
  ),
  room(
    ['lib/cilium/components/**'],
    [OUTSIDE, PURE, [['**/features/**'], 'Components fold what features contributed; they do not import them.']],
  ),
  room(
    ['lib/cilium/parts/**'],
    [OUTSIDE, PURE, [['**/features/**', '**/components/**', '**/render'], 'Parts import nothing above them.']],
  ),
  room(
    ['lib/talos/**'],
    [
      OUTSIDE,
      PURE,
      [
        ['**/cilium/features/**', '**/cilium/components/**'],
        'The Talos side does not reach into the rendering of Cilium.',
      ],
    ],
    ['lib/talos/talos-patch.ts'],
  ),
);
