import tseslint from 'typescript-eslint';

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
  // Settings and lists of rules declare their type; the linter does not see it through an array.
  {
    files: ['lib/talos/cluster/**', 'lib/**/*-rules.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
