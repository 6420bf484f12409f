import { apps } from './app';
import { functionArguments } from './arguments';
import type { RuleBook } from './book';
import { kubeSpanRoutes } from './kubespan';
import { helmReleases } from './gitops';
import { exampleWorkloads } from './demo';
import { knownFaults } from './known-faults';
import { gatewayApiManifests } from './gateway-api-manifest';
import { hostFirewall } from './host-firewall';
import { charts, imports } from './import';
import { kubernetes, objects } from './kubernetes';
import { manifests, plainObjects } from './plain-objects';
import { resources } from './resources';
import { services } from './services';
import { talosBgpPeering } from './talos-bgp-peering';
import { talosCluster } from './talos-cluster';
import { commands, talosPatches } from './talos-patch';
import {
  adopted,
  clusters,
  files,
  installedByTalos,
  machineConfigs,
  reading,
  running,
  settings,
  values,
} from './values';

/** Every rule of the library, by room: what the test proves, and what the pages and `imports/rules/rules.json` are made of. */
export const RULE_BOOKS: readonly RuleBook[] = [
  apps,
  functionArguments,
  kubernetes,
  objects,
  values,
  reading,
  files,
  machineConfigs,
  adopted,
  running,
  installedByTalos,
  settings,
  clusters,
  knownFaults,
  talosCluster,
  ...resources,
  plainObjects,
  manifests,
  services,
  hostFirewall,
  talosBgpPeering,
  gatewayApiManifests,
  talosPatches,
  commands,
  kubeSpanRoutes,
  helmReleases,
  exampleWorkloads,
  charts,
  imports,
];
