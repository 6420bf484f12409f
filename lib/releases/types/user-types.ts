/**
 * Writes the types of values as users write them. Declarations that all targets share (each minor, all minors, what they have in common) are
 * in `values-base.ts`; a section that differs is an interface that extends its base.
 */
import type { Json } from '../../kubernetes/json';
import { wordsAt } from '../../cilium/value-words';
import type { Curated } from '../values/curated';
import type { GeneratedFile } from '../generated-file';
import { valueType } from '../values/kubernetes-types';
import type { Node } from '../values/tree';
import { shapeAt, sortedChildren } from '../values/tree';
import { propertyName, typeOf } from './typescript';
import { HEADER, jsonImport, jsonNames, newTags } from './write-types';

/** One type of values: everything optional, `null` deletes a default. */
export interface Target {
  readonly path: string;
  readonly name: string;
  readonly about: string;
  readonly root: Node;
  /** Versions in view; tags are written for paths that only some of them know. */
  readonly versions: readonly string[];
  /** The default at a path, when it is the same in all versions in view. */
  readonly defaultAt: (path: string) => Json | undefined;
}

/** A section of one target. */
interface Section {
  readonly target: Target;
  readonly node: Node;
}

/** An interface, and the file that holds it. */
interface Interface {
  readonly file: string;
  readonly text: string;
}

/** The type of a section in each target that has it. */
type Types = ReadonlyMap<Target, string>;

const BASE = 'values-base.ts';
/** A section with fewer members is written inline. */
const SHORT = 4;

/** One file per target, and the base of all. */
export function userTypes(targets: readonly Target[], curated: Curated): readonly GeneratedFile[] {
  const writer = new Writer(targets, curated);
  return [BASE, ...targets.map(({ path }) => path)].map((path) => ({ path, text: writer.fileText(path) }));
}

/** The values of one release as one interface, and the names of the types that it needs. */
export function releaseTypes(
  target: Target,
  curated: Curated,
): { readonly text: string; readonly json: readonly string[]; readonly kubernetes: readonly string[] } {
  return new Writer([target], curated).single(target);
}

class Writer {
  private readonly interfaces = new Map<string, Interface>();
  private readonly kubernetes = new Set<string>();

  constructor(
    private readonly targets: readonly Target[],
    private readonly curated: Curated,
  ) {
    this.typesOf(
      '',
      targets.map((target) => ({ target, node: target.root })),
    );
  }

  fileText(file: string): string {
    // A section is made before the one that holds it; readers start at the top.
    const own = [...this.interfaces.values()].filter((one) => one.file === file).reverse();
    const body = own.map(({ text }) => text).join('\n\n');
    const words = new Set(body.match(/\b[A-Z]\w+/g));
    const shared = [...this.interfaces].filter(([, one]) => one.file === BASE && file !== BASE).map(([name]) => name);
    const imports = [
      jsonImport([body]),
      importOf([...this.kubernetes].filter((name) => words.has(name)).sort(), '../kubernetes'),
      importOf(shared.filter((name) => words.has(name)).sort(), './values-base'),
    ];
    return `${HEADER}${imports.join('')}\n${body}\n`;
  }

  single(target: Target): {
    readonly text: string;
    readonly json: readonly string[];
    readonly kubernetes: readonly string[];
  } {
    const text = `/** ${target.about} */\nexport interface ${target.name} ${this.literal({ target, node: target.root }, '')}`;
    return { text, json: jsonNames([text]), kubernetes: [...this.kubernetes].sort() };
  }

  /** A literal where all targets agree or the section is short, otherwise the name of an interface. */
  private typesOf(path: string, sections: readonly Section[]): Types {
    const groups = grouped(sections, (section) => this.literal(section, path));
    const isOne = groups.size === 1;
    const result = new Map<Target, string>();
    const base = isOne ? new Set<string>() : this.writeBase(path, sections);
    const isInline = (text: string): boolean =>
      (isOne && sections.length === this.targets.length) || (path !== '' && text.split('\n').length < SHORT + 2);
    const named = [...groups].filter(([text]) => !isInline(text)).map(([, group]) => group);
    const children = named.length === 0 ? new Map<string, Types>() : this.childTypes(path, sections, base);
    for (const [text, group] of groups) if (isInline(text)) for (const { target } of group) result.set(target, text);
    for (const group of named) {
      const name = this.writeInterface(path, group, { isOne, base, children });
      for (const { target } of group) result.set(target, `${name}${this.orNull(path)}`);
    }
    return result;
  }

  /** Writes the members that all targets declare alike, and returns their names. */
  private writeBase(path: string, sections: readonly Section[]): ReadonlySet<string> {
    const members = sortedChildren(sections[0]?.node ?? EMPTY).flatMap(([key]) => {
      const texts = new Set(
        sections.map((section) => {
          const child = section.node.children.get(key);
          return child === undefined ? undefined : this.member(section, path, key, child);
        }),
      );
      const [text] = texts;
      return texts.size === 1 && text !== undefined ? [{ key, text }] : [];
    });
    if (members.length > 0) {
      const lines = indented(members.map(({ text }) => text).join('\n'));
      const text = `export interface ${baseName(path)} {\n${lines}\n}`;
      this.interfaces.set(baseName(path), { file: BASE, text });
    }
    return new Set(members.map(({ key }) => key));
  }

  /** The types of the sections below one, without those of its base. */
  private childTypes(
    path: string,
    sections: readonly Section[],
    base: ReadonlySet<string>,
  ): ReadonlyMap<string, Types> {
    const keys = [...new Set(sections.flatMap(({ node }) => [...node.children.keys()]))].sort();
    return new Map(
      keys.flatMap((key): [string, Types][] => {
        const below = sections.flatMap(({ target, node }) => {
          const child = node.children.get(key);
          return child === undefined || child.children.size === 0 ? [] : [{ target, node: child }];
        });
        return base.has(key) || below.length === 0 ? [] : [[key, this.typesOf(joined(path, key), below)]];
      }),
    );
  }

  /** Writes the interface of targets that declare a section alike, and returns its name. */
  private writeInterface(
    path: string,
    [first, ...others]: readonly Section[],
    around: {
      readonly isOne: boolean;
      readonly base: ReadonlySet<string>;
      readonly children: ReadonlyMap<string, Types>;
    },
  ): string {
    if (first === undefined) throw new Error(`No target has ${path}.`);
    const { target, node } = first;
    const isRoot = path === '';
    const name = isRoot ? target.name : `${pascal(path)}${around.isOne ? '' : suffix(target)}`;
    const lines = sortedChildren(node)
      .filter(([key]) => !around.base.has(key))
      .map(([key, child]) => this.member(first, path, key, child, around.children.get(key)?.get(target)));
    const parent = around.base.size > 0 ? ` extends ${baseName(path)}` : '';
    const isLocal = others.length === 0;
    this.interfaces.set(name, {
      file: isLocal ? target.path : BASE,
      text: `${isRoot ? `/** ${target.about} */\n` : ''}${isLocal && !isRoot ? '' : 'export '}interface ${name}${parent} {\n${indented(lines.join('\n'))}\n}`,
    });
    return name;
  }

  /** A declaration with its tags. */
  private member({ target, node }: Section, path: string, key: string, child: Node, type?: string): string {
    const at = joined(path, key);
    const isLeaf = child.children.size === 0;
    const tags = [...(isLeaf ? defaultTag(target.defaultAt(at)) : []), ...newTags(node, child, target.versions)];
    const doc = comment(wordsAt(at), tags.join(' '));
    const own = type ?? (isLeaf ? withNull(this.leafType(child, at)) : this.literal({ target, node: child }, at));
    return `${doc}readonly ${propertyName(key)}?: ${own};`;
  }

  /** A section as one literal type. */
  private literal(section: Section, path: string): string {
    const lines = sortedChildren(section.node).map(([key, child]) => this.member(section, path, key, child));
    return `{\n${indented(lines.join('\n'))}\n}${this.orNull(path)}`;
  }

  private leafType(child: Node, path: string): string {
    const shape = shapeAt(child);
    const type = valueType(this.curated.kubernetes?.typeAt(path, shape));
    if (type === undefined) return typeOf(shape, this.curated.strict.has(path) ? 'strict' : 'suggest');
    this.kubernetes.add(type.name);
    return type.text;
  }

  private orNull(path: string): string {
    return this.curated.nullable.has(path) ? ' | null' : '';
  }
}

const EMPTY: Node = { versions: new Set(), shapes: new Map(), children: new Map() };

function grouped<T>(items: readonly T[], by: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = by(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function importOf(names: readonly string[], from: string): string {
  return names.length === 0 ? '' : `import type {\n${names.map((name) => `  ${name},\n`).join('')}} from '${from}';\n`;
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** `hubble.relay.tls` as `HubbleRelayTls`. */
function pascal(path: string): string {
  return path
    .split(/[^A-Za-z0-9]+/)
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join('');
}

function baseName(path: string): string {
  return path === '' ? 'ValuesBase' : `${pascal(path)}Base`;
}

/** `118` of `CiliumValues118`. */
function suffix({ name }: Target): string {
  return name.replace(/^Cilium|Values/g, '') || 'All';
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** A doc comment of a sentence and of tags, which begin a line. */
function comment(words: string | undefined, tags: string): string {
  const parts = [words ?? '', tags].filter((part) => part !== '');
  if (parts.length === 0) return '';
  return parts.length === 1 ? `/** ${parts.join('')} */\n` : `/**\n * ${parts.join('\n * ')}\n */\n`;
}

function withNull(type: string): string {
  return type.split(' | ').includes('null') ? type : `${type} | null`;
}

function defaultTag(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  const text = JSON.stringify(value);
  return text.length > 100 || text.includes('*/') ? [] : [`@default ${text}`];
}
