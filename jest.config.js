/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['**/__tests__/**/*.test.ts', '**/examples/**/*.test.ts'],
  moduleNameMapper: { '^cdk8s-talos-cilium$': '<rootDir>/lib/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/build', '<rootDir>/dist'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  maxWorkers: 2,
  testTimeout: 60000,
};
