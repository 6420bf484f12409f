const isWhole = process.env.TESTS !== undefined;

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['**/__tests__/**/*.test.ts', '**/examples/**/*.test.ts'],
  // The two speeds: `npm test` leaves out slow files, `npm run test:all` runs them too. See __tests__/speed.ts.
  testPathIgnorePatterns: ['<rootDir>/.cache/', ...(isWhole ? [] : ['\\.slow\\.test\\.ts$'])],
  moduleNameMapper: { '^cdk8s-talos-cilium$': '<rootDir>/lib/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist', '<rootDir>/.cache'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  maxWorkers: 2,
  testTimeout: 60000,
};
