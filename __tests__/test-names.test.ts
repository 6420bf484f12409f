import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '..');
const files = ['__tests__', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file)),
);

/** First words of a title that is half a sentence. */
const HALF =
  /^(?:that|which|who|whose|where|when|while|and|but|or|of|in|on|at|by|to|for|from|into|with|without|under|beside|as|than|if|because|until|after|before) /;

/** The titles of `describe`, `it` and `test`, with or without `each`. */
function titlesOf(file: string): readonly string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:describe|it|test)\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (node.arguments.length > 1 && title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true));
  return titles;
}

test('names of tests are statements', () => {
  const half = files.flatMap((file) =>
    titlesOf(file).flatMap((title) => (HALF.test(title) ? [`${file}: ${title}`] : [])),
  );
  expect(half).toEqual([]);
});
