// eslint-disable-next-line @typescript-eslint/no-require-imports -- jest loads it so
const base = require('../../jest.config.js');

/** The tests of one room: npm run mutation names it. */
module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: (process.env.MUTATION_TESTS ?? '').split(',').map((pattern) => `<rootDir>/${pattern}`),
  testPathIgnorePatterns: ['\\.slow\\.test\\.ts$'],
};
