/**
 * The blocks of a chart's templates: a file or definition without what `if`, `with` and `range` surround, and each of these parts.
 * Two releases with a block of the same hash print the same there for the same values.
 */
import type { TemplateHashes } from '../../cilium/imported-release';
import type { TemplateTree } from '../../cilium/template-trees';
import { push } from '../../kubernetes/groups';
import type { Guard, Observer } from './execute';
import { Templates } from './execute';
import type { NodeTable } from './nodes';
import { parseTemplate } from './parse';
import type { Body, Statement } from './syntax';
import { bodiesOf, hashOf, ownOf, plainText, treeOf, unitsOf } from './units';

/** A part of a template. */
export interface Block {
  /** Path of the file below the chart. */
  readonly file: string;
  /** The line, counted from 1, of the action that opens it; 1 for a whole file. */
  readonly line: number;
  /** What it stands under, for its hash. */
  readonly opened: string;
  /** Whether it is part of a definition, which other files include. */
  readonly isDefined: boolean;
  /** Of what it prints and tests itself; comments and the blocks in it do not count. */
  readonly hash: string;
}

/** What is known of a proven release. */
export interface KnownBlocks {
  /** Whether a file has a block with a hash. */
  readonly hasBlock: (file: string, hash: string) => boolean;
  /** Whether a file has a line or an action with a hash. */
  readonly hasUnit: (file: string, hash: string) => boolean;
}

/** Files whose content can reach what Helm prints; dashboards are not rendered by this library. */
export function countsForRender(path: string): boolean {
  return /^(templates|files)\//.test(path) && !path.endsWith('.json') && !path.endsWith('NOTES.txt');
}

/** The hashes of a chart's files, and of the blocks of those that are templates. */
export function templateHashes(files: ReadonlyMap<string, string>): TemplateHashes {
  const all = counting(files);
  return {
    files: Object.fromEntries(all.map(([path, text]) => [path, hashOf(text)])),
    blocks: Object.fromEntries(
      all.flatMap(([path, text]) => {
        const body = parsed(() => parseTemplate(text));
        if (body === undefined) return [];
        return [[path, [...new Set([...blocksOfBody(path, body).values()].map(({ hash }) => hash))].sort()]];
      }),
    ),
  };
}

function counting(files: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...files].filter(([path]) => countsForRender(path)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `undefined` for a payload that is not a template: it is compared whole. */
function parsed(parse: () => Body): Body | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function blocksOfBody(file: string, body: Body): ReadonlyMap<Body, Block> {
  const found = new Map<Body, Block>();
  const visit = (part: Body, line: number, opened: string, isDefined: boolean): void => {
    found.set(part, { file, line, opened, isDefined, hash: blockHash({ file, opened }, part) });
    for (const statement of part)
      bodiesOf(statement).forEach((below, branch) => {
        // What opens a block counts, so that two blocks that swap their content are noticed.
        if (below.length > 0)
          visit(
            below,
            statement.line,
            `${String(branch)} ${JSON.stringify(ownOf(statement))}`,
            isDefined || statement.is === 'define',
          );
      });
  };
  visit(body, 1, '', false);
  return found;
}

/** The hash of what a block prints and tests itself. */
function blockHash({ file, opened }: Pick<Block, 'file' | 'opened'>, part: Body): string {
  const own: unknown[] = [];
  let text: string | undefined;
  const flush = (): void => {
    const plain = text === undefined ? '' : plainText(text, file);
    if (plain.trim() !== '') own.push(plain);
    text = undefined;
  };
  for (const statement of part) {
    if (statement.is === 'text') {
      text = `${text ?? ''}${statement.text}`;
      continue;
    }
    flush();
    own.push(ownOf(statement));
  }
  flush();
  return hashOf(`${opened} ${JSON.stringify(own)}`);
}

/** Where a block reaches what Helm prints. */
export interface Reach {
  readonly block: Block;
  readonly body: Body;
  /** The file that Helm renders. */
  readonly output: string;
  /** The expression under which it is executed there. */
  readonly guard: number;
}

interface Call {
  readonly from: string;
  readonly guards: readonly Guard[];
}

/** Finds which blocks of a chart reach which rendered file, and when. Expressions go into `table`. */
export class Blocks {
  /** The expressions that Helm prints. */
  readonly outputs: readonly number[];
  private readonly templates: Templates;
  private readonly places = new Map<Body, { readonly run: string; readonly guards: readonly Guard[] }[]>();
  private readonly callers = new Map<string, Call[]>();
  private readonly known = new Map<string, ReadonlyMap<string, number>>();
  private readonly tests = new Map<Statement, Set<number>>();
  private readonly always: number;

  constructor(
    private readonly files: ReadonlyMap<string, string>,
    private readonly table: NodeTable,
  ) {
    this.always = table.literal(true);
    const observer: Observer = {
      block: (run, body, guards) => push(this.places, body, { run, guards }),
      call: (from, guards, to) => push(this.callers, to, { from, guards }),
      test: (statement, condition) =>
        this.tests.set(statement, (this.tests.get(statement) ?? new Set<number>()).add(condition)),
    };
    this.templates = new Templates(files, table, observer);
    this.outputs = this.templates.outputs();
  }

  /** Where the blocks that a proven release does not have reach what Helm prints, in the order of files and lines. */
  reaching({ hasBlock, hasUnit }: KnownBlocks): readonly Reach[] {
    const asked = this.all().filter(([, { file, hash }]) => !hasBlock(file, hash));
    return asked.flatMap(([body, block]): readonly Reach[] => {
      // What is new under a condition of its own counts where that holds: it is a block that is reached, too.
      const isNew = (statement: Statement): boolean =>
        bodiesOf(statement).length > 0 &&
        !unitsOf(block.file, [statement]).every(({ hash }) => hasUnit(block.file, hash));
      const before = body.filter((statement) => !isNew(statement));
      if (before.length < body.length && hasBlock(block.file, blockHash(block, before)))
        return [{ block, body: [], output: '', guard: this.always }];
      const byOutput = new Map<string, number[]>();
      for (const { run, guards } of this.places.get(body) ?? [])
        for (const [output, guard] of this.ways(run)) push(byOutput, output, this.both(guard, guards));
      if (byOutput.size === 0) return [{ block, body, output: '', guard: this.always }];
      return [...byOutput].map(([output, guards]) => ({ block, body, output, guard: this.either(guards) }));
    });
  }

  /** The trees of files by path. @param placeOf the place of an expression in the table that is written. */
  trees(
    paths: readonly string[],
    { placeOf, hasLines }: { readonly placeOf: (expression: number) => number; readonly hasLines: boolean },
  ): Readonly<Record<string, TemplateTree>> {
    const testOf = (statement: Statement): number | null => {
      const test = this.testOf(statement);
      return test === undefined ? null : placeOf(test);
    };
    return Object.fromEntries(
      paths.flatMap((path) => {
        const body = this.files.has(path) ? parsed(() => this.templates.parse(path)) : undefined;
        return body === undefined ? [] : [[path, treeOf(path, body, { testOf, hasLines })] as const];
      }),
    );
  }

  /** The expression that a branch tests; `undefined` where it is executed with several. */
  private testOf(statement: Statement): number | undefined {
    const [test, other] = this.tests.get(statement) ?? [];
    return other === undefined ? test : undefined;
  }

  /** All expressions that branches test. */
  get allTests(): readonly number[] {
    return [...new Set([...this.tests.keys()].flatMap((statement) => this.testOf(statement) ?? []))];
  }

  private all(): readonly (readonly [Body, Block])[] {
    return [...this.files.keys()].filter(countsForRender).flatMap((path) => {
      const body = parsed(() => this.templates.parse(path));
      return body === undefined ? [] : [...blocksOfBody(path, body)];
    });
  }

  /** The rendered files that come to a run, each with its condition. */
  private ways(run: string): ReadonlyMap<string, number> {
    const known = this.known.get(run);
    if (known !== undefined) return known;
    this.known.set(run, new Map()); // a definition that includes itself
    const found = new Map<string, number[]>();
    for (const { from, guards } of this.callers.get(run) ?? []) {
      const before = from === '' ? new Map([[outputOf(run), this.always]]) : this.ways(from);
      for (const [output, guard] of before) push(found, output, this.both(guard, guards));
    }
    const ways = new Map([...found].map(([output, guards]) => [output, this.either(guards)]));
    this.known.set(run, ways);
    return ways;
  }

  private both(guard: number, guards: readonly Guard[]): number {
    const all = [guard, ...guards.map(([node, holds]) => (holds ? node : this.table.call('not', node)))];
    const kept = [...new Set(all)].filter((node) => node !== this.always);
    return kept.length > 1 ? this.table.call('and', ...kept) : (kept[0] ?? this.always);
  }

  private either(guards: readonly number[]): number {
    const kept = [...new Set(guards)];
    if (kept.includes(this.always)) return this.always;
    return kept.length > 1 ? this.table.call('or', ...kept) : (kept[0] ?? this.always);
  }
}

/** `templates/x.yaml` of the run `file templates/x.yaml 2 loose`. */
function outputOf(run: string): string {
  return run.split(' ')[1] ?? run;
}
