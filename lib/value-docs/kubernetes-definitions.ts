/** Definitions of Kubernetes as JSON Schema 2020-12, as far as values refer to them. */
import type { Json, JsonObject } from '../kubernetes/json';
import { definitionFile, nameOf } from '../kubernetes-schema/schema-file';
import type { Definition } from '../kubernetes-schema/schema-file';
import { orNull } from './schema-forms';

/** Collects the definitions that values need. */
export class KubernetesDefinitions {
  private readonly made = new Map<string, JsonObject>();

  /**
   * A value of a type, `Toleration` or `Toleration[]`.
   * @param isMerged the value is merged over a default, so that required fields may be there already.
   */
  valueOf(type: string, isMerged: boolean): JsonObject {
    const name = type.replace('[]', '');
    return type.endsWith('[]') ? { type: 'array', items: this.reference(name, false) } : this.reference(name, isMerged);
  }

  /** The definitions by name, sorted. */
  result(): JsonObject {
    return Object.fromEntries([...this.made].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private reference(name: string, isMerged: boolean): JsonObject {
    const definition = definitionFile().definitions[name] ?? {};
    const own = isMerged ? `${name}.merged` : name;
    if (!this.made.has(own)) {
      // Definitions refer to themselves.
      this.made.set(own, {});
      this.made.set(own, this.form(definition, isMerged));
    }
    return { $ref: `#/$defs/${own}` };
  }

  /** Fields of a map may be `null`, which is as if they were absent; items of lists may not. */
  private form(definition: Definition, isMerged: boolean): JsonObject {
    const name = nameOf(definition);
    if (name !== undefined) return this.reference(name, isMerged);
    const {
      type,
      enum: words,
      minimum,
      maximum,
      minItems,
      maxItems,
      properties,
      items,
      additionalProperties,
    } = definition;
    const required = isMerged ? [] : (definition.required ?? []);
    const limits: Readonly<Record<string, Json | undefined>> = {
      type,
      enum: words,
      minimum,
      maximum,
      minItems,
      maxItems,
    };
    const known = Object.entries(limits);
    const fields = Object.entries(properties ?? {}).map(([field, one]): [string, Json] => {
      const form = this.form(one, isMerged);
      return [field, required.includes(field) ? form : orNull(form)];
    });
    return {
      ...Object.fromEntries(known.filter((entry): entry is [string, Json] => entry[1] !== undefined)),
      ...(required.length > 0 ? { required } : {}),
      ...(properties === undefined ? {} : { properties: Object.fromEntries(fields) }),
      ...(items === undefined ? {} : { items: this.form(items, false) }),
      ...(additionalProperties === undefined
        ? {}
        : {
            additionalProperties:
              additionalProperties === false ? false : orNull(this.form(additionalProperties, isMerged)),
          }),
    };
  }
}
