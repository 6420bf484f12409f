/** The schemas that the package ships, so that editors need no network. */
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import type { JsonObject } from '../kubernetes/json';
import { loadProfile } from '../cilium/versions';
import { valuesSchema } from './json-schema';

/** A schema, with its name: `1.19.6.schema.json`. */
export interface SchemaFile {
  readonly name: string;
  readonly text: string;
}

/** The schema of each known release. One with the same values as an earlier release refers to that one's file. */
export function schemaFiles(): readonly SchemaFile[] {
  const written = new Map<string, string>();
  return CILIUM_VERSIONS.flatMap((version) => {
    const profile = loadProfile(version)?.profile;
    if (profile === undefined) return [];
    const { $schema, title, ...values } = valuesSchema(profile);
    const name = `${version}.schema.json`;
    const text = JSON.stringify(values);
    const same = written.get(text);
    if (same === undefined) written.set(text, name);
    const content: JsonObject = same === undefined ? values : { $ref: `./${same}` };
    return [{ name, text: `${JSON.stringify({ $schema, title, ...content })}\n` }];
  });
}
