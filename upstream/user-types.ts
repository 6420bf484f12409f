/**
 * Writes the types of values as users write them. What all targets (each minor, all of them, what they have in common) declare alike stands once,
 * in `values-base.ts`; a section that differs is an interface that extends its base.
 */
import type { Json } from '../lib/kubernetes/json';
import type { Curated } from './curated';
import type { GeneratedFile } from './generate';
import { valueType } from './kubernetes/value-table';
import type { Node } from './tree';
import { shapeAt, sortedChildren } from './tree';
import { propertyName, typeOf } from './typescript';
import { HEADER, jsonImport, newTags } from './write-types';

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

const BASE = 'values-base.ts';
/** A section of fewer lines is written where it stands. */
const SHORT = 4;

/** One file per target, and the base of all. */
export function userTypes({
  targets,
  curated,
}: {
  readonly targets: readonly Target[];
  readonly curated: Curated;
}): readonly GeneratedFile[] {
  const kubernetes = new Set<string>();
  const interfaces = new Map<string, Interface>();

  /** A member up to its type, and its type; that of a section is text of the whole. */
  const member = (
    { target, node }: Section,
    key: string,
    child: Node,
    path: string,
  ): { head: string; type: string } => {
    const isLeaf = child.children.size === 0;
    const tags = [...(isLeaf ? defaultTag(target.defaultAt(path)) : []), ...newTags(node, child, target.versions)];
    const doc = tags.length === 0 ? '' : `/** ${tags.join(' ')} */\n`;
    const type = isLeaf ? withNull(leafType(child, path)) : literal({ target, node: child }, path);
    return { head: `${doc}readonly ${propertyName(key)}?: `, type };
  };
  const leafType = (child: Node, path: string): string => {
    const shape = shapeAt(child);
    const type = valueType(curated.kubernetes?.typeAt(path, shape));
    if (type === undefined) return typeOf(shape, curated.strict.has(path) ? 'strict' : 'suggest');
    kubernetes.add(type.name);
    return type.text;
  };
  const nullable = (path: string): string => (curated.nullable.has(path) ? ' | null' : '');
  /** A section as one literal type. */
  const literal = (section: Section, path: string): string => {
    const lines = sortedChildren(section.node).map(([key, child]) => {
      const { head, type } = member(section, key, child, below(path, key));
      return `${head}${type};`;
    });
    return `{\n${indented(lines.join('\n'))}\n}${nullable(path)}`;
  };

  /** The type of a section in each target that has it: a literal where all agree, otherwise the name of an interface. */
  const typesOf = (path: string, sections: readonly Section[]): ReadonlyMap<Target, string> => {
    const literals = new Map(sections.map((section) => [section.target, literal(section, path)]));
    const groups = grouped(sections, ({ target }) => literals.get(target) ?? '');
    const isShort = (text: string): boolean => text.split('\n').length < SHORT + 2;
    if (groups.size === 1 && (sections.length === targets.length || isShort([...groups.keys()][0] ?? '')))
      return literals;
    const base = groups.size === 1 ? [] : alike(path, sections);
    if (base.length > 0) {
      const text = `export interface ${baseName(path)} {\n${indented(base.map(({ text: line }) => line).join('\n'))}\n}`;
      interfaces.set(baseName(path), { file: BASE, text });
    }
    const known = new Set(base.map(({ key }) => key));
    const children = childTypes(path, sections, known);
    const result = new Map<Target, string>();
    for (const [text, [first, ...others]] of groups) {
      if (first === undefined) continue;
      const group = [first, ...others];
      if (path !== '' && isShort(text)) {
        for (const { target } of group) result.set(target, text);
        continue;
      }
      const name = path === '' ? first.target.name : `${pascal(path)}${groups.size === 1 ? '' : suffix(first.target)}`;
      const lines = sortedChildren(first.node)
        .filter(([key]) => !known.has(key))
        .map(([key, child]) => {
          const { head, type } = member(first, key, child, below(path, key));
          return `${head}${children.get(key)?.get(first.target) ?? type};`;
        });
      const parent = base.length > 0 ? ` extends ${baseName(path)}` : '';
      const about = path === '' ? `/** ${first.target.about} */\n` : '';
      interfaces.set(name, {
        file: others.length === 0 ? first.target.path : BASE,
        text: `${about}${others.length === 0 && path !== '' ? '' : 'export '}interface ${name}${parent} {\n${indented(lines.join('\n'))}\n}`,
      });
      for (const { target } of group) result.set(target, `${name}${nullable(path)}`);
    }
    return result;
  };

  /** Members that all targets have, and write alike. */
  const alike = (
    path: string,
    sections: readonly Section[],
  ): readonly { readonly key: string; readonly text: string }[] =>
    sortedChildren(sections[0]?.node ?? EMPTY).flatMap(([key]) => {
      const texts = new Set(
        sections.map((section) => {
          const child = section.node.children.get(key);
          if (child === undefined) return undefined;
          const { head, type } = member(section, key, child, below(path, key));
          return `${head}${type};`;
        }),
      );
      const [text] = texts;
      return texts.size === 1 && text !== undefined ? [{ key, text }] : [];
    });

  const childTypes = (
    path: string,
    sections: readonly Section[],
    known: ReadonlySet<string>,
  ): ReadonlyMap<string, ReadonlyMap<Target, string>> => {
    const keys = [...new Set(sections.flatMap(({ node }) => [...node.children.keys()]))].sort();
    return new Map(
      keys
        .filter((key) => !known.has(key))
        .map((key) => {
          const having = sections.flatMap(({ target, node }) => {
            const child = node.children.get(key);
            return child === undefined || child.children.size === 0 ? [] : [{ target, node: child }];
          });
          return [key, having.length === 0 ? new Map() : typesOf(below(path, key), having)];
        }),
    );
  };

  typesOf(
    '',
    targets.map((target) => ({ target, node: target.root })),
  );
  return [BASE, ...targets.map(({ path }) => path)].map((file) => ({
    path: file,
    text: fileText(file, interfaces, kubernetes),
  }));
}

const EMPTY: Node = { versions: new Set(), shapes: new Map(), children: new Map() };

function fileText(file: string, interfaces: ReadonlyMap<string, Interface>, kubernetes: ReadonlySet<string>): string {
  // A section was written before what holds it; people read from the top.
  const own = [...interfaces]
    .filter(([, one]) => one.file === file)
    .map(([, { text }]) => text)
    .reverse();
  const body = own.join('\n\n');
  const words = new Set(body.match(/\b[A-Z]\w+/g));
  const used = [...kubernetes].filter((name) => words.has(name)).sort();
  const shared = [...interfaces]
    .filter(([name, one]) => one.file === BASE && file !== BASE && words.has(name))
    .map(([name]) => name)
    .sort();
  return `${HEADER}${jsonImport([body])}${importOf(used, '../kubernetes')}${importOf(shared, './values-base')}\n${body}\n`;
}

function importOf(names: readonly string[], from: string): string {
  return names.length === 0 ? '' : `import type {\n${names.map((name) => `  ${name},\n`).join('')}} from '${from}';\n`;
}

function grouped<T>(items: readonly T[], by: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
  return groups;
}

function below(path: string, key: string): string {
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

function withNull(type: string): string {
  return type.split(' | ').includes('null') ? type : `${type} | null`;
}

function defaultTag(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  const text = JSON.stringify(value);
  return text.length > 100 || text.includes('*/') ? [] : [`@default ${text}`];
}
