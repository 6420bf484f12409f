import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { recommendedChannel, recommendedGatewayApi } from '../../lib/resources/gateway-api/bundles';
import { readDefinitions } from '../apiserver/manifests';
import { moduleFolder } from '../control-plane/programs';

/** Patches that the module proxy serves. */
const MODULES: Readonly<Record<string, string>> = { '1.18': '1.18.11', '1.19': '1.19.6', '1.20': '1.20.0' };

const known = new Map<string, readonly KubernetesObject[]>();

/** What the operator of a release registers. */
export function definitionsOf(version: string): readonly KubernetesObject[] {
  const minor = version.split('.').slice(0, 2).join('.');
  return kept(minor, () => {
    const module = moduleFolder(`github.com/cilium/cilium@v${MODULES[minor] ?? ''}`);
    const folder = join(module, 'pkg/k8s/apis/cilium.io/client/crds');
    return readdirSync(folder).flatMap((group) => readDefinitions(join(folder, group)));
  });
}

/** The definitions of the Gateway API that a release needs; Talos applies them before everything else. */
export function gatewayApiOf(version: string): readonly KubernetesObject[] {
  const module = `sigs.k8s.io/gateway-api@v${recommendedGatewayApi(version) ?? ''}`;
  return kept(module, () => readDefinitions(join(moduleFolder(module), 'config', 'crd', recommendedChannel(version))));
}

function kept(key: string, read: () => readonly KubernetesObject[]): readonly KubernetesObject[] {
  const found = known.get(key) ?? read();
  known.set(key, found);
  return found;
}
