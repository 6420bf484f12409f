import { EXAMPLE_WORKLOAD_PROP_IDS, EXAMPLE_WORKLOAD_RULES } from '../../lib/demo/rules';
import type { ExampleProps } from '../../lib/demo/rules';
import { exampleSettings } from '../../lib/demo/settings';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

export const exampleWorkloads: RuleBook = book<ExampleProps>({
  name: 'ExampleWorkload',
  over: 'The props of an example workload.',
  rules: listed<ExampleProps>([...EXAMPLE_WORKLOAD_RULES, ...EXAMPLE_WORKLOAD_PROP_IDS]),
  judge: (props) => findingsOf(() => (exampleSettings('web', props), [])),
  input: plain,
});
