/** What objects have at the places of their lines, as it is written in them. */
import { parse } from 'yaml';
import { keyInList, nameInForm } from '../helm/normal-form';
import { isMap, ownValue } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';

/** Objects by the names that they have in the normal form. */
export class Written {
  private readonly objects: ReadonlyMap<string, KubernetesObject>;
  private readonly complete: ReadonlyMap<string, KubernetesObject>;

  /** `complete` has the same objects with what is left out of them: defaults of the API server. */
  constructor(objects: readonly KubernetesObject[], complete = objects) {
    this.objects = byName(objects);
    this.complete = complete === objects ? this.objects : byName(complete);
  }

  /** The names of the objects. */
  get names(): readonly string[] {
    return [...this.objects.keys()];
  }

  /** What is at a place, given by its parts; `undefined` where nothing is. */
  at([name = '', ...path]: readonly string[]): Json | undefined {
    return below(this.objects.get(name), path) ?? below(this.complete.get(name), path);
  }
}

function byName(objects: readonly KubernetesObject[]): ReadonlyMap<string, KubernetesObject> {
  const named = new Map<string, KubernetesObject>();
  for (const object of objects) {
    const name = nameInForm(object);
    if (!named.has(name)) named.set(name, object);
  }
  return named;
}

function below(object: KubernetesObject | undefined, path: readonly string[]): Json | undefined {
  let node = object as Json | undefined;
  let field = '';
  for (const part of path) {
    node = inside(node, field, part);
    if (node === undefined) return undefined;
    field = part;
  }
  return node;
}

function inside(node: Json | undefined, field: string, part: string): Json | undefined {
  if (isMap(node)) return ownValue(node, part);
  if (Array.isArray(node)) {
    const items = (node as readonly Json[]).filter(isMap) as readonly JsonObject[];
    return (
      items.find((item) => keyInList(field, item) === part) ??
      items.find((item) => item.name === part) ??
      (/^\d+$/.test(part) ? (node as readonly Json[])[Number(part)] : undefined)
    );
  }
  if (typeof node !== 'string' || !/[\n{[]/.test(node)) return undefined;
  return inside(documentIn(node), '', part);
}

/** A document within a text. */
function documentIn(text: string): Json | undefined {
  try {
    return parse(text, { version: '1.1', uniqueKeys: false, logLevel: 'silent' }) as Json;
  } catch {
    return undefined;
  }
}
