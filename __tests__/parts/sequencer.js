const { default: Sequencer } = require('@jest/test-sequencer');

/** Parts are small files that run for long: they come first. */
module.exports = class extends Sequencer {
  sort(tests) {
    const isPart = ({ path }) => path.endsWith('.suite.ts');
    const sorted = super.sort(tests);
    return [...sorted.filter(isPart), ...sorted.filter((test) => !isPart(test))];
  }
};
