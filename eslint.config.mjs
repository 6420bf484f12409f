import tseslint from 'typescript-eslint';

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
  { files: ['*.config.*'], rules: { 'no-restricted-exports': 'off' } },
  // A setting declares its type; the rule does not see that through the array of its rules.
  { files: ['lib/talos/cluster/**'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
);
