/**
 * The values of a release as JSON Schema 2020-12, for editors: closed, with types, words, defaults and descriptions. It refuses what
 * `resolveValues` refuses as unknown or mistyped. What a schema cannot state (names of labels, quantities, fields that exclude each other)
 * is left to the library.
 */
import { isMap, ownValue } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { valueJudge } from '../kubernetes-schema/value-judges';
import { satisfies } from '../helm/semver';
import { kubernetesTypes } from '../cilium/kubernetes-values';
import { REMOVED_VALUES } from '../cilium/removed-values-table';
import { isChoice, isSection, ITEM, REST, wordsOf } from '../cilium/shape';
import type { Shape, ShapeMap } from '../cilium/shape';
import type { Profile } from '../cilium/versions';
import { describeRemoved, markdown, summary } from './describe';
import { valueFacts } from './facts';
import type { ValueFacts } from './facts';
import { KubernetesDefinitions } from './kubernetes-definitions';
import { anyOf, orNull } from './schema-forms';

/** The schema of the values of a release; of one that `import` made, too. */
export function valuesSchema(profile: Profile): JsonObject {
  const writer = new Writer(profile);
  const values = writer.section(profile.shapes, profile.defaults, '');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Values of Cilium ${profile.version}`,
    ...values,
    $defs: writer.definitions(),
  };
}

/** Values of which a rule refuses all other words, whatever the other values. */
const FEWER: Readonly<Record<string, Shape>> = { kubeProxyReplacement: "boolean|''|'true'|'false'" };

class Writer {
  private readonly kubernetes = new KubernetesDefinitions();
  private readonly types: ReadonlyMap<string, string>;

  constructor(private readonly profile: Profile) {
    this.types = typesByPath(profile);
  }

  definitions(): JsonObject {
    return this.kubernetes.result();
  }

  /** A map with known names; others are refused, unless the map is open. A `null` deletes the default, whatever the name. */
  section(shapes: ShapeMap, defaults: Json | undefined, path: string): JsonObject {
    const properties = Object.entries(shapes).flatMap(([name, shape]): [string, Json][] => {
      if (name === REST) return [];
      return [[name, this.property(shape, isMap(defaults) ? ownValue(defaults, name) : undefined, joined(path, name))]];
    });
    const rest = shapes[REST];
    return {
      type: 'object',
      properties: { ...Object.fromEntries(properties), ...this.removed(path, shapes) },
      additionalProperties: rest === undefined ? false : orNull(this.shape(rest, undefined, undefined)),
    };
  }

  private property(shape: Shape, usual: Json | undefined, path: string): JsonObject {
    const facts = valueFacts(this.profile, path);
    const type = this.kubernetesType(path);
    const form =
      type === undefined
        ? this.shape(FEWER[path] ?? shape, usual, path)
        : this.kubernetes.valueOf(type, isMap(usual) && Object.keys(usual).length > 0);
    return {
      ...(facts === undefined ? {} : described(facts)),
      ...orNull(form),
      ...(isSection(shape) || usual === undefined || usual === null || isImage(path) ? {} : { default: usual }),
    };
  }

  /** A value that the library holds against a definition of Kubernetes; one that consists of a single rule keeps its shape. */
  private kubernetesType(path: string): string | undefined {
    const type = this.types.get(path);
    return type === undefined || valueJudge(type.replace('[]', '')) !== undefined ? undefined : type;
  }

  /** @param path where a value is described: not within lists, and not in maps whose names are the user's. */
  private shape(shape: Shape, usual: Json | undefined, path: string | undefined): JsonObject {
    if (isChoice(shape)) return anyOf(shape.map((one) => this.shape(one, usual, path)));
    if (typeof shape === 'string') return ofWords(shape);
    if (ITEM in shape) return { type: 'array', items: this.shape(shape[ITEM] ?? 'any', undefined, undefined) };
    return path === undefined ? this.plainSection(shape) : this.section(shape, usual, path);
  }

  private plainSection(shapes: ShapeMap): JsonObject {
    const names = Object.entries(shapes).filter(([name]) => name !== REST);
    const rest = shapes[REST];
    return {
      type: 'object',
      properties: Object.fromEntries(
        names.map(([name, shape]) => [name, orNull(this.shape(shape, undefined, undefined))]),
      ),
      additionalProperties: rest === undefined ? false : orNull(this.shape(rest, undefined, undefined)),
    };
  }

  /** Names that older releases knew: refused like any other unknown name, with the reason. */
  private removed(path: string, shapes: ShapeMap): JsonObject {
    const found = Object.entries(REMOVED_VALUES).flatMap(([gone, entry]): [string, Json][] => {
      const name = path === '' ? gone : gone.startsWith(`${path}.`) ? gone.slice(path.length + 1) : '.';
      if (name.includes('.') || Object.hasOwn(shapes, name) || !satisfies(this.profile.version, `>=${entry.since}`))
        return [];
      const description = describeRemoved(entry);
      return [[name, { not: {}, description, deprecationMessage: description, doNotSuggest: true }]];
    });
    return Object.fromEntries(found);
  }
}

/** Most editors show Markdown; the others the plain text. */
function described(facts: ValueFacts): JsonObject {
  const [description, markdownDescription] = [summary(facts), markdown(facts)];
  return {
    ...(description === undefined ? {} : { description }),
    ...(markdownDescription === '' ? {} : { markdownDescription }),
  };
}

/** A default that differs from release to release says nothing. */
function isImage(path: string): boolean {
  return /\.(?:tag|digest|[a-z]+Digest)$/.test(path);
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

const TYPES: Readonly<Record<string, JsonObject>> = {
  any: {},
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  map: { type: 'object' },
  null: { type: 'null' },
  number: { type: 'number' },
  objects: { type: 'array', items: { type: 'object' } },
  string: { type: 'string' },
  strings: { type: 'array', items: { type: 'string' } },
  texts: { type: 'object', additionalProperties: { type: ['string', 'null'] } },
};

function ofWords(shape: string): JsonObject {
  const words = wordsOf(shape).filter((word) => word !== 'text');
  const literals = words.filter((word) => word.startsWith("'")).map((word) => word.slice(1, -1));
  const others = words.filter((word) => !word.startsWith("'")).map(ofWord);
  // Where any string is accepted, the listed ones are for completion.
  return anyOf([...(literals.length > 0 ? [{ enum: literals }] : []), ...others]);
}

function ofWord(word: string): JsonObject {
  const known = TYPES[word];
  if (known !== undefined) return known;
  const [from = 0, to = 0] = word.split('..').map(Number);
  return { type: 'integer', minimum: from, maximum: to };
}

/** The types of Kubernetes by the paths of values. */
function typesByPath({ imported }: Profile): ReadonlyMap<string, string> {
  const byType = imported?.release.kubernetes() ?? kubernetesTypes();
  return new Map(Object.entries(byType).flatMap(([type, paths]) => paths.map((path) => [path, type] as const)));
}
