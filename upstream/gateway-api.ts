/** From the definitions of the Gateway API to the files of `imports/gateway.networking.k8s.io/`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { GATEWAY_KINDS } from '../lib/kubernetes/gateway-api';
import { schemaFiles } from './crd-schemas';
import { typeFiles } from './crd-types';
import { simpler } from './crds';
import type { Definition, Kind, Schema } from './crds';
import type { GeneratedFile } from './generate';
import { compareMinors } from './version';

const GROUP = 'gateway.networking.k8s.io';
const VERSION = 'v1';

/**
 * Types of the kinds that are written here, of the standard channel, and schemas of both channels.
 * @param folder with releases as `gateway-api@v<version>/`, as Go's module cache has them; one per minor.
 * @throws Error when there are none, two of one minor, or a release lacks a kind.
 */
export function generateGatewayApi(folder: string): {
  readonly files: readonly GeneratedFile[];
  readonly minors: readonly string[];
} {
  const releases = readdirSync(folder).flatMap((name) => {
    const [, version, minor] = /^gateway-api@v((\d+\.\d+)\.\d+)$/.exec(name) ?? [];
    return version === undefined || minor === undefined ? [] : [{ minor, crds: join(folder, name, 'config', 'crd') }];
  });
  releases.sort((a, b) => compareMinors(a.minor, b.minor));
  const minors = releases.map(({ minor }) => minor);
  if (minors.length === 0 || new Set(minors).size < minors.length)
    throw new Error(`${folder} must hold one gateway-api@v<version>/ per minor.`);
  const kindsOf = (channel: string): readonly Kind[] =>
    GATEWAY_KINDS.map((name) => ({
      name,
      ...(channel === 'standard' ? {} : { variant: channel }),
      apiVersion: `${GROUP}/${VERSION}`,
      schemas: new Map(
        releases.map(({ minor, crds }) => [
          minor,
          readKind(join(crds, channel, `${GROUP}_${name.toLowerCase()}${name.endsWith('s') ? 'es' : 's'}.yaml`)),
        ]),
      ),
    }));
  const kinds = kindsOf('standard');
  // Programs are not written for one minor only: the types over all minors show which fields exist.
  const types = typeFiles(kinds).filter(({ path }) => !path.includes('/'));
  const said = types.map(({ path, text }) => ({ path, text: text.replaceAll('@since ', '@since Gateway API ') }));
  return { files: [...said, ...schemaFiles([...kinds, ...kindsOf('experimental')])], minors };
}

function readKind(path: string): Schema {
  const { spec } = parse(readFileSync(path, 'utf8')) as Definition;
  const stored = spec.versions.find(({ name }) => name === VERSION);
  if (stored?.storage !== true) throw new Error(`${path} does not store ${VERSION}.`);
  return judged(simpler(stored.schema.openAPIV3Schema));
}

/** Without choices between values, which the checks of the kind make. */
function judged({ oneOf, properties, items, ...schema }: Schema): Schema {
  const compares = oneOf?.some((choice) => choice.properties !== undefined) === true;
  return {
    ...schema,
    ...(oneOf === undefined || compares ? {} : { oneOf }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, judged(child)])) }),
    ...(items === undefined ? {} : { items: judged(items) }),
  };
}
