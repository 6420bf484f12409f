import { createRequire } from 'node:module';
import { PluginKind, declareClassPlugin, declareValuePlugin } from '@stryker-mutator/api/plugin';
import { register } from 'tsx/cjs/api';

register();
const { WarmRunner } = createRequire(import.meta.url)('./runner.ts');

/** Names of what people read, and of examples: a change of their words is no change of what the library does. */
const WORDS = new Set(['message', 'hint', 'docs', 'examples', 'title', 'about', 'why']);

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'warm', WarmRunner),
  // The text of findings is not mutated: message and hint of `problem(paths, message, hint)`, and properties of that kind.
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
