/** A release of a Helm chart, as an input describes it. */
import type { Json, JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import type { InputDocument } from './document';
import { withoutMarks } from './placeholders';
import type { Variables } from './placeholders';
import type { Places } from './places';

/** The release that an input installs. */
export interface InputRelease {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  /** A release, `1.18.4`, or a range of releases. */
  readonly version?: string | undefined;
  readonly kubeVersion?: string | undefined;
  readonly apiVersions?: readonly string[] | undefined;
}

/** One source of values. Later ones win. */
export type Layer =
  /** A map, or YAML as a text. */
  | { readonly is: 'values'; readonly node: Node }
  /** A path from the folder of the input, or with `ofRepository` from the root of its repository. */
  | {
      readonly is: 'file';
      readonly node: Node;
      readonly path: string;
      readonly ofRepository?: boolean;
      readonly isOptional?: boolean;
      /** More values of placeholders in the file. */
      readonly variables?: Variables;
    }
  /** A single value, as an option of Helm sets it. */
  | {
      readonly is: 'set';
      readonly node: Node;
      readonly name: string;
      readonly value: string;
      readonly isText?: boolean;
    }
  /** A key of a ConfigMap or Secret. */
  | {
      readonly is: 'object';
      readonly node: Node;
      readonly kind: string;
      readonly name: string;
      readonly key: string;
      readonly targetPath?: string | undefined;
      readonly isOptional: boolean;
    }
  /** What another program changes in the rendered objects. */
  | { readonly is: 'patches'; readonly node: Node; readonly what: string }
  /** What only another program knows. */
  | { readonly is: 'unknown'; readonly node: Node; readonly what: string };

/** A release of a chart. */
export interface ChartEntry {
  /** `HelmRelease`, `helmfile`. */
  readonly form: string;
  readonly node: Node;
  /** The chart, `cilium` or `cilium/cilium`; `undefined` where only another object names it. */
  readonly chart: string | undefined;
  readonly release: InputRelease;
  /** Where the version is written. */
  readonly version?: Node | undefined;
  readonly layers: readonly Layer[];
}

/** A value of a document, with its place and its path. */
export class Node {
  constructor(
    readonly document: InputDocument,
    readonly value: Json | undefined,
    readonly places: Places,
    readonly path: string,
  ) {}

  static root(document: InputDocument): Node {
    return new Node(document, document.data, document.places, '');
  }

  /** The value at a path of names; without a value where there is none, at the place of what is written around it. */
  at(path: string): Node {
    return path.split('.').reduce<Node>((node, name) => node.below(name), this);
  }

  /** The items of a list; none when it is not a list. */
  get items(): readonly Node[] {
    const { value } = this;
    if (!Array.isArray(value)) return [];
    return value.map(
      (item: Json, i) =>
        new Node(this.document, item, this.places.below.get(String(i)) ?? this.places, `${this.path}[${String(i)}]`),
    );
  }

  /** The entries of a map; none when it is not a map. */
  get entries(): readonly (readonly [string, Node])[] {
    return isMap(this.value)
      ? Object.keys(this.value).map((name) => [this.textOf(name), this.below(name)] as const)
      : [];
  }

  get map(): JsonObject | undefined {
    return isMap(this.value) ? this.value : undefined;
  }

  /** A text or a number as a text, with placeholders as they were written. */
  get text(): string | undefined {
    const { value } = this;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' && value !== '' ? this.textOf(value) : undefined;
  }

  private textOf(text: string): string {
    return withoutMarks(text, this.document.placeholders);
  }

  private below(name: string): Node {
    const value = isMap(this.value) && Object.hasOwn(this.value, name) ? this.value[name] : undefined;
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return new Node(this.document, value, this.places.below.get(name) ?? this.places, path);
  }
}

/** Values that may be a map, a text, or absent. */
export function valuesLayer(node: Node): readonly Layer[] {
  return node.value === undefined || node.value === null || node.value === '' ? [] : [{ is: 'values', node }];
}

/** The fields that are written among those that change rendered objects. */
export function patchLayers(node: Node, ...fields: readonly string[]): readonly Layer[] {
  return fields
    .map((field) => node.at(field))
    .filter(({ items }) => items.length > 0)
    .map((one) => ({ is: 'patches', node: one, what: one.path }));
}

/** Files that a text or a list names. */
export function fileLayers(node: Node): readonly Layer[] {
  const nodes = Array.isArray(node.value) ? node.items : [node];
  return nodes.flatMap((one) => (one.text === undefined ? [] : [{ is: 'file', node: one, path: one.text } as const]));
}

/** Texts of a list. */
export function textsOf(node: Node): readonly string[] | undefined {
  const texts = node.items.flatMap(({ text }) => text ?? []);
  return texts.length === 0 ? undefined : texts;
}
