import { join, relative } from 'node:path';
import * as ts from 'typescript';

const INTRODUCTION = `# Public surface

Everything that \`cdk8s-talos-cilium\` exports, generated from the code (\`npm run docs\`); a test holds it, so that no change of it goes unnoticed.
`;

const root = join(__dirname, '..');

/** The page that lists every export of `lib/index.ts` with its shape and the first sentence of its documentation. */
export function apiPage(): string {
  const index = join(root, 'lib', 'index.ts');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram([index], { ...options, types: ['node'] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error('lib/index.ts cannot be read.');
  const entries = checker
    .getExportsOfModule(module)
    .map((symbol) => ((symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol))
    .map((symbol) => ({ name: symbol.getName(), symbol }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${INTRODUCTION}\n${entries.map(({ symbol }) => entry(symbol, checker)).join('\n')}`;
}

function entry(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return '';
  const file = relative(root, declaration.getSourceFile().fileName);
  const summary = firstSentence(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
  const shape = shapeOf(declaration, symbol, checker);
  return [
    `## ${symbol.getName()}`,
    '',
    `[${file}](../${file})${summary === '' ? '' : ` — ${summary}`}`,
    '',
    '```ts',
    shape,
    '```',
    '',
  ].join('\n');
}

function firstSentence(text: string): string {
  const plain = text
    .replace(/\{@link\s+([^}\s]+)\s*\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
  return /^.*?\.(?=\s|$)/.exec(plain)?.[0] ?? plain;
}

function shapeOf(declaration: ts.Declaration, symbol: ts.Symbol, checker: ts.TypeChecker): string {
  if (ts.isFunctionDeclaration(declaration)) {
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    return `function ${symbol.getName()}${signature === undefined ? '()' : checker.signatureToString(signature)}`;
  }
  if (ts.isInterfaceDeclaration(declaration)) return members('interface', declaration, declaration.members);
  if (ts.isClassDeclaration(declaration)) return members('class', declaration, declaration.members.filter(isPublic));
  if (ts.isTypeAliasDeclaration(declaration)) return brief(declaration.getText().replace(/^export /, ''));
  return brief(declaration.getText());
}

/** Large generated interfaces are named, not repeated. */
const MOST_MEMBERS = 40;

function members(
  kind: string,
  { name, heritageClauses }: ts.ClassDeclaration | ts.InterfaceDeclaration,
  all: readonly ts.Node[],
): string {
  const head = `${kind} ${name?.text ?? ''}${heritageClauses?.map((clause) => ` ${clause.getText()}`).join('') ?? ''}`;
  if (all.length > MOST_MEMBERS) return `${head} { /* ${String(all.length)} names */ }`;
  return `${head} {\n${all.map((member) => `  ${brief(signature(member))}`).join('\n')}\n}`;
}

/** A member without its body and initial value. */
function signature(member: ts.Node): string {
  const body = (member as Partial<ts.MethodDeclaration>).body;
  const text = member.getText();
  return body === undefined ? text : text.slice(0, body.getStart() - member.getStart()).trim();
}

function isPublic(member: ts.ClassElement): boolean {
  const flags = ts.getCombinedModifierFlags(member);
  return (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
}

function brief(text: string): string {
  return text.replace(/\s+/g, ' ');
}
