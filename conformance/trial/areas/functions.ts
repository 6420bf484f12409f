import { ROWS } from '../../../__tests__/exports/table';
import { treeOf } from '../tree';
import { spoiltArea } from './spoilt';
import type { Sample } from './spoilt';
import { OWN } from './resources';

/** Every export with junk; kinds of custom resources, the cluster and the patch have areas of their own. */
const samples = ROWS.filter(({ name }) => !OWN.test(name)).map(
  ({ name, good, call, areArguments = false }): Sample => ({
    name,
    areArguments,
    good: treeOf(good),
    call: (given) => ({ findings: call(given as never) }),
    code: (given) =>
      `// the row '${name}' of __tests__/exports/table.ts\nROWS.find(({ name }) => name === '${name}').call(${given});`,
  }),
);

/** Every public function. */
export const functions = spoiltArea({
  name: 'functions',
  about: 'every export of the library with junk in its arguments',
  samples,
});
