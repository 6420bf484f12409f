import { join } from 'node:path';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { recommendedChannel, recommendedGatewayApi } from '../../lib/resources/gateway-api/bundles';
import { readDefinitions } from './manifests';
import { taken } from './server';
import type { Server } from './server';
import { RESTRICTED_NAMESPACE } from './wrong';

/** An environment variable that `run` sets. @throws Error without it. */
export function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: start conformance/apiserver/run.`);
  return value;
}

/** Large definitions that nothing here is an instance of. */
const UNUSED =
  /^(alertmanager|prometheus(es|agents)\.|thanosrulers|scrapeconfigs|probes\.|challenges|orders|buckets|gitrepositories|helmcharts)/;

/** The definitions of the Gateway API that `gatewayApiManifest` brings for a minor of Cilium. */
export function gatewayApiFolder(ciliumMinor: string): string {
  const version = recommendedGatewayApi(ciliumMinor);
  if (version === undefined) throw new Error(`No release of the Gateway API is recommended for Cilium ${ciliumMinor}.`);
  return join(environment('GATEWAY_API'), `gateway-api@v${version}`, 'config', 'crd', recommendedChannel(ciliumMinor));
}

/** Applies the CRDs for a minor of Cilium and waits until they are served. */
export async function define(server: Server, ciliumMinor: string): Promise<void> {
  const folders = [
    join(environment('CILIUM_CRDS'), `cilium-${ciliumMinor}`),
    gatewayApiFolder(ciliumMinor),
    ...['MONITORING_CRDS', 'CERT_MANAGER_CRDS', 'HELM_CONTROLLER_CRDS', 'SOURCE_CONTROLLER_CRDS'].map(environment),
  ];
  const definitions = folders.flatMap(readDefinitions).filter(({ metadata }) => !UNUSED.test(metadata.name));
  for (const definition of definitions) {
    const answer = await server.define(definition);
    if (!taken(answer)) throw new Error(`${identity(definition)}: ${answer.message}`);
  }
  for (const definition of definitions) await served(server, definition);
  await server.apply(RESTRICTED_NAMESPACE);
}

/** What the judges read of a CustomResourceDefinition. */
export interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean; readonly storage: boolean }[];
  };
}

async function served(server: Server, definition: KubernetesObject): Promise<void> {
  const { group, names, versions } = (definition as unknown as Definition).spec;
  const paths = versions.flatMap(({ name, served: asked }) =>
    asked ? [`/apis/${group}/${name}/${names.plural}`] : [],
  );
  for (const path of paths) {
    for (const end = Date.now() + 20_000; (await server.get(path)).status !== 200;) {
      if (Date.now() > end) throw new Error(`${path} is not served within 20 seconds.`);
      await new Promise((later) => setTimeout(later, 50));
    }
  }
}
