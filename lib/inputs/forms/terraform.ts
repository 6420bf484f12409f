/** Terraform and OpenTofu: `helm_release` and other blocks with a chart, read without being evaluated. */
import type { Json } from '../../kubernetes/json';
import type { InputDocument } from '../document';
import { Node } from '../entry';
import type { ChartEntry, Layer } from '../entry';
import { prepare } from '../placeholders';
import type { Variables } from '../placeholders';
import type { Files } from '../files';
import { marked, readHcl } from './hcl';
import type { HclBlock, HclValue } from './hcl';
import { evaluated, scopeOf } from './terraform-values';
import type { Scope } from './terraform-values';

/** Whether a text is Terraform: by the name of its file, otherwise by a block of it. */
export function isTerraform(name: string, text: string): boolean {
  return /\.(?:tf|tofu|hcl)$/.test(name) || /^(?:resource|data|module) +"/m.test(text);
}

/** The releases of charts in a text. @param files those of its module are read for `local.x` and `var.x` */
export function terraformReleases(
  name: string,
  text: string,
  { variables, files }: { readonly variables: Variables; readonly files: Files },
): readonly ChartEntry[] {
  const found: ChartEntry[] = [];
  const own = filled(text, variables);
  const scope = scopeOf(name, own, files);
  const walk = (blocks: readonly HclBlock[]): void => {
    for (const block of blocks) {
      if (/^(?:resource|data|module)$/.test(block.words[0] ?? '') && block.attributes.has('chart'))
        found.push(entryOf(name, block, { variables, scope }));
      walk(block.blocks);
    }
  };
  walk(readHcl(name, own).blocks);
  return found;
}

interface Known {
  readonly variables: Variables;
  readonly scope: Scope;
}

/** `${var.name}` and `var.name` whose value is given. */
function filled(text: string, variables: Variables): string {
  return Object.entries(variables).reduce((all, [name, value]) => {
    const bare = name.replace(/^(?:var|local)\./, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return all
      .replace(new RegExp(`\\$\\{\\s*(?:(?:var|local)\\.)?${bare}\\s*\\}`, 'g'), () => value)
      .replace(new RegExp(`(?<![\\w."])(?:var|local)\\.${bare}(?![\\w.])`, 'g'), () =>
        /^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(value) ? value : JSON.stringify(value),
      );
  }, text);
}

function entryOf(file: string, written: HclBlock, { variables, scope }: Known): ChartEntry {
  const { at } = written;
  const attributes = new Map([...written.attributes].map(([name, value]) => [name, evaluated(value, scope)]));
  const block = { ...written, attributes, blocks: written.blocks.map((one) => blockWith(one, scope)) };
  const node = (value: HclValue | undefined): Node => nodeOf(file, value, at);
  const text = (name: string): string | undefined => {
    const value = attributes.get(name);
    return value?.expression === undefined ? node(value).text : undefined;
  };
  const version = attributes.get('version');
  return {
    form: 'Terraform',
    node: nodeOf(file, undefined, at),
    chart: text('chart'),
    release: { name: text('name'), namespace: text('namespace'), version: text('version') },
    version: version === undefined ? undefined : node(version),
    layers: [
      ...listed(attributes.get('values')).flatMap((one) => layerOf(file, one, variables)),
      ...setsOf(file, block),
    ],
  };
}

function blockWith(block: HclBlock, scope: Scope): HclBlock {
  return {
    ...block,
    attributes: new Map([...block.attributes].map(([name, value]) => [name, evaluated(value, scope)])),
  };
}

/** A list, `values = [ … ]`, or a single value. */
function listed(value: HclValue | undefined): readonly HclValue[] {
  if (value === undefined) return [];
  return value.call?.name === '[' ? value.call.args : [value];
}

/** `yamlencode({ … })`, `jsonencode`, a heredoc, `file("…")`, `templatefile("…", { … })`. */
function layerOf(file: string, value: HclValue, variables: Variables): readonly Layer[] {
  const node = nodeOf(file, value, value.places.at);
  const { call } = value;
  const [first, second] = call?.args ?? [];
  if (call === undefined || first === undefined)
    return value.expression === undefined
      ? [{ is: 'values', node: textNode(file, value, variables) }]
      : [{ is: 'unknown', node, what: value.expression }];
  if (/^(?:yaml|json)encode$/.test(call.name) && first.expression === undefined)
    return [
      { is: 'values', node: nodeOf(file, first, value.places.at) },
      ...(first.skipped ?? []).map(({ at, expression }): Layer => ({
        is: 'unknown',
        node: nodeOf(file, undefined, at),
        what: expression,
      })),
    ];
  // path.module is the folder of the file.
  const path = typeof first.value === 'string' ? first.value.replace(/^\$\{path\.(?:module|root|cwd)\}\//, '') : '';
  const isPlain = path !== '' && !path.includes('${');
  if (call.name === 'file' && isPlain) return [{ is: 'file', node, path }];
  if (call.name === 'templatefile' && isPlain)
    return [{ is: 'file', node, path, variables: { ...textsOf(second?.value), ...variables } }];
  return [{ is: 'unknown', node, what: value.expression ?? call.name }];
}

function textsOf(value: Json | undefined): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      (typeof item === 'string' && !item.includes('${')) || typeof item === 'number' || typeof item === 'boolean'
        ? [[name, String(item)]]
        : [],
    ),
  );
}

/** Blocks `set`, and the list of newer providers. */
function setsOf(file: string, { attributes, blocks }: HclBlock): readonly Layer[] {
  const fromBlocks = blocks
    .filter(({ words }) => words.length === 1 && /^set(?:_sensitive)?$/.test(words[0] ?? ''))
    .map(({ at, attributes: own }) => ({ at, get: (name: string): HclValue | undefined => own.get(name) }));
  const fromList = listed(attributes.get('set')).map((one) => {
    const value = one.value as Readonly<Record<string, Json>>;
    return {
      at: one.places.at,
      get: (name: string): HclValue | undefined => {
        const places = one.places.below.get(name);
        return value[name] === undefined || places === undefined ? undefined : { value: value[name], places };
      },
    };
  });
  return [...fromBlocks, ...fromList].flatMap(({ at, get }): readonly Layer[] => {
    const [name, value] = [get('name')?.value, get('value')];
    if (typeof name !== 'string') return [];
    const node = nodeOf(file, value, at);
    const text = value === undefined ? '' : String(value.value);
    if (value === undefined || text.includes('${')) return [{ is: 'unknown', node, what: `${name}, ${text}` }];
    return [{ is: 'set', node, name, value: text, isText: get('type')?.value === 'string' }];
  });
}

/** A text with its placeholders. */
function textNode(file: string, value: HclValue, variables: Variables): Node {
  if (typeof value.value !== 'string') return nodeOf(file, value, value.places.at);
  const { text, placeholders } = prepare(value.value, variables);
  const { document, places } = nodeOf(file, value, value.places.at);
  return new Node({ ...document, placeholders }, text, { ...places, placeholder: undefined }, '');
}

/** A value as a node of a document. */
function nodeOf(file: string, value: HclValue | undefined, at: HclBlock['at']): Node {
  const places = value === undefined ? { at, below: new Map<string, never>() } : marked(value);
  const document: InputDocument = {
    file,
    isFirst: true,
    data: value?.value ?? null,
    places,
    problems: [],
    surprises: [],
    placeholders: [],
  };
  return new Node(document, value?.value, places, '');
}
