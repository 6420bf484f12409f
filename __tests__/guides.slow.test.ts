import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { bundledLibrary } from './bundled-library';
import { talosctlCalls, unknownToTalosctl } from './talos/talosctl';

/*
 * What people read is tried: every code block of the README and the guides is compiled and run, every command names a script,
 * a program and files that there are, every link leads somewhere, and a text block below a program is what it prints.
 */

const root = join(__dirname, '..');
const GENERATED = /^docs\/(?:api|rules)\//;
const pages = ['README.md', ...pagesBelow('docs'), ...pagesBelow('examples')]
  .filter((page) => !GENERATED.test(page))
  .sort();

function pagesBelow(directory: string): readonly string[] {
  const files = readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.md')).map((file) => join(directory, file));
}

interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(({ 1: language = '', 2: code = '', index }) => ({
    language,
    text: code,
    line: text.slice(0, index).split('\n').length,
  }));
}

/** A program, and what the text block below it says that it prints. */
interface Program {
  readonly where: string;
  readonly file: string;
  readonly text: string;
  readonly prints: string | undefined;
}

function folded(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s+See https:/.test(line))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

const folder = join(root, '.cache', 'guides');

/** Blocks without imports go on where the ones above them on the page stopped. */
function programsOf(page: string): readonly Program[] {
  let before = '';
  return blocksOf(page).flatMap(({ language, text, line }, i, blocks) => {
    if (language !== 'ts') return [];
    const whole = /^import /m.test(text) ? text : `${before}${text}`;
    before = whole;
    const next = blocks[i + 1];
    const file = join(folder, `${page.replace(/\W+/g, '-')}-${String(line)}.ts`);
    return [
      {
        where: `${page}:${String(line)}`,
        file,
        text: whole,
        prints: next?.language === 'text' ? next.text : undefined,
      },
    ];
  });
}

const programs = pages.flatMap(programsOf);
let config = '';

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  config = bundledLibrary(folder);
  for (const { file, text } of programs) writeFileSync(file, `${text}\nexport {};\n`);
  const options = {
    extends: '../../tsconfig.json',
    compilerOptions: { types: ['node'], noUnusedLocals: false },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  for (const name of ['values.yaml']) writeFileSync(join(folder, name), 'hubble:\n  relay:\n    enabled: true\n');
});

describe('the programs of the guides', () => {
  it('compile', () => {
    const tsc = require.resolve('typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' });
    // The library itself is judged by `npm run check`.
    expect(stdout.split('\n').filter((line) => /^[\w-]+\.ts\(/.test(line))).toEqual([]);
  }, 120_000);

  it.each(programs.map((program) => [program.where, program] as const))('%s runs', (_, { file, prints }) => {
    const around = mkdtempSync(join(tmpdir(), 'guide-'));
    const out = join(around, 'dist');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', require.resolve('tsx'), file], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, CDK8S_OUTDIR: out, TSX_TSCONFIG_PATH: config },
    });
    const printed = `${stdout}${stderr}`.replaceAll(`${relative(folder, around)}/`, '').replaceAll(`${around}/`, '');
    if (prints === undefined) {
      expect([status, printed]).toEqual([0, expect.any(String)]);
      return;
    }
    // White space is folded: a page breaks long lines.
    for (const part of prints.split('…').map(folded)) expect(folded(printed)).toContain(part);
  });
});

describe.each(pages)('%s', (page) => {
  const blocks = blocksOf(page);

  it('has valid YAML', () => {
    for (const { language, text } of blocks.filter(({ language: name }) => name === 'yaml')) {
      expect([
        language,
        parseAllDocuments(text).flatMap((document) => ('errors' in document ? document.errors : [])),
      ]).toEqual(['yaml', []]);
    }
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const commands = blocks
      .filter(({ language }) => language === 'sh')
      .map(({ text }) => text.replace(/\\\n\s*/g, ' '))
      .join('\n');
    for (const [, script] of commands.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
    for (const [, program] of commands.matchAll(/(?:tsx|bash) ((?:examples|conformance|upstream)\/[\w./-]+)/g)) {
      expect([program, existsSync(join(root, program ?? ''))]).toEqual([program, true]);
    }
  });

  it('calls talosctl with flags that exist', () => {
    const scripts = [...readFileSync(join(root, page), 'utf8').matchAll(/^( *)```sh\n([^]*?)^\1```$/gm)].map(
      ([, , text = '']) => text,
    );
    expect(scripts.flatMap(talosctlCalls).flatMap((call) => unknownToTalosctl(call))).toEqual([]);
  });

  it('generates configs with stored secrets, for a named Talos release', () => {
    const calls = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => talosctlCalls(text));
    for (const call of calls.filter((one) => one.startsWith('talosctl gen config'))) {
      expect(call).toMatch(/--with-secrets \S*secrets\.yaml /);
      expect(call).toMatch(/--talos-version v\d/);
    }
  });

  it('has no dead links', () => {
    const text = readFileSync(join(root, page), 'utf8').replace(/^```[^]*?^```$/gm, '');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(({ 1: target = '' }) => target);
    const local = targets.filter((target) => !/^https?:/.test(target));
    expect(local.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });
});
