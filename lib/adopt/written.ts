/** What objects have at the places of their lines, as it is written in them. */
import { parse } from 'yaml';
import { keyInList, nameInForm } from '../helm/normal-form';
import { isMap, ownValue } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';

/** Objects by the names that they have in the normal form. */
export class Written {
  private readonly objects = new Map<string, KubernetesObject>();

  constructor(objects: readonly KubernetesObject[]) {
    for (const object of objects) {
      const name = nameInForm(object);
      if (!this.objects.has(name)) this.objects.set(name, object);
    }
  }

  /** The names of the objects. */
  get names(): readonly string[] {
    return [...this.objects.keys()];
  }

  /** What is at a place, given by its parts; `undefined` where nothing is. */
  at([name = '', ...path]: readonly string[]): Json | undefined {
    let node = this.objects.get(name) as Json | undefined;
    let field = '';
    for (const part of path) {
      node = inside(node, field, part);
      if (node === undefined) return undefined;
      field = part;
    }
    return node;
  }
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
