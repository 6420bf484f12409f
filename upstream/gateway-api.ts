/** From the definitions of the Gateway API to the files of `imports/gateway.networking.k8s.io/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { MINORS } from '../lib/kubernetes/cilium-api';
import { GATEWAY_GROUP, GATEWAY_KINDS, readVersion } from '../lib/kubernetes/gateway-api';
import type { GatewayKind } from '../lib/kubernetes/gateway-api';
import { recommendedGatewayApi } from '../lib/resources/gateway-api/bundles';
import { schemaFiles } from './crd-schemas';
import { typeFiles } from './crd-types';
import { simpler } from './crds';
import type { Definition, Kind, Schema } from './crds';
import type { GeneratedFile } from '../lib/releases/generated-file';
import { compareMinors } from '../lib/releases/exact-version';

/**
 * Types and schemas of the kinds that Cilium reads, in the versions that the Cilium of each release reads: of the standard channel, or of
 * the experimental one where only that has the version; and schemas of the experimental channel.
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
    GATEWAY_KINDS.map((name) => {
      const found = releases.flatMap(({ minor, crds }) => {
        const version = versionOf(name, minor);
        return version === undefined ? [] : [{ minor, version, schema: readKind(crds, channel, name, version) }];
      });
      return {
        name,
        ...(channel === 'standard' ? {} : { variant: channel }),
        apiVersions: [...new Set(found.map(({ version }) => `${GATEWAY_GROUP}/${version}`))].reverse(),
        schemas: new Map(found.map(({ minor, schema }) => [minor, schema])),
      };
    });
  const kinds = kindsOf('standard');
  // Programs are not written for one minor only: the types over all minors show which fields exist.
  const types = typeFiles(kinds).filter(({ path }) => !path.includes('/'));
  const said = types.map(({ path, text }) => ({ path, text: text.replaceAll('@since ', '@since Gateway API ') }));
  return { files: [...said, ...schemaFiles([...kinds, ...kindsOf('experimental')])], minors };
}

/** The version of a kind that the Cilium reads which a minor is recommended for. */
function versionOf(kind: GatewayKind, minor: string): string | undefined {
  const cilium = MINORS.find((one) => recommendedGatewayApi(one)?.startsWith(`${minor}.`));
  if (cilium === undefined) throw new Error(`No Cilium release is recommended Gateway API ${minor}.`);
  return readVersion(kind, cilium);
}

function readKind(crds: string, channel: string, kind: GatewayKind, version: string): Schema {
  const plural = kind
    .toLowerCase()
    .replace(/(?<=[^aeiou])y$/, 'ie')
    .replace(/s$/, 'se');
  const paths = [...new Set([channel, 'experimental'])].map((one) =>
    join(crds, one, `${GATEWAY_GROUP}_${plural}s.yaml`),
  );
  for (const path of paths.filter(existsSync)) {
    const { spec } = parse(readFileSync(path, 'utf8')) as Definition;
    const served = spec.versions.find((one) => one.name === version && one.served);
    if (served !== undefined) return judged(simpler(served.schema.openAPIV3Schema));
  }
  throw new Error(`${crds} does not serve ${kind} ${version}.`);
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
