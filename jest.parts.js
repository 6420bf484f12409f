const files = require('./jest.config.js');

/** `npm test -- <file>` runs files as jest does: words after `--config jest.parts.js` that are not options. */
const hasWords = process.argv.slice(4).some((word) => /^[^-].*[a-z]/i.test(word));

/** The quick test files in parts (__tests__/parts/part.ts), slow ones as they are. @type {import('jest').Config} */
module.exports = hasWords
  ? files
  : {
      ...files,
      testMatch: [
        '**/__tests__/parts/*.suite.ts',
        ...(process.env.TESTS === 'slow' ? [] : ['**/examples/**/*.test.ts']),
        ...(process.env.TESTS === undefined ? [] : ['**/__tests__/**/*.slow.test.ts']),
      ],
      testSequencer: '<rootDir>/__tests__/parts/sequencer.js',
    };
