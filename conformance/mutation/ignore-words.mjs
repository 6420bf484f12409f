import { PluginKind, declareValuePlugin } from '@stryker-mutator/api/plugin';

/** Names of what people read, and of examples: a change of their words is no change of what the library does. */
const WORDS = new Set(['message', 'hint', 'docs', 'examples', 'title', 'about', 'why']);

/** The text of findings is not mutated: what `problem(paths, message, hint)` says, and properties of that kind. */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'words', {
    shouldIgnore({ node, parent, listKey, key }) {
      if (parent?.type === 'CallExpression' && parent.callee.name === 'problem' && listKey === 'arguments' && key > 0)
        return 'the words of a finding';
      if (parent?.type === 'ObjectProperty' && parent.value === node && WORDS.has(parent.key.name ?? parent.key.value))
        return 'words and examples';
      return undefined;
    },
  }),
];
