import type { Component } from '../feature';
import { agent } from './agent';
import { clusterMesh } from './cluster-mesh';
import { corednsMcsapi } from './coredns-mcsapi';
import { envoy } from './envoy';
import { hubbleCertificates } from './hubble-certificates';
import { hubbleRelay } from './hubble-relay';
import { hubbleUi } from './hubble-ui';
import { operator } from './operator';
import { preflight } from './preflight';
import { spire } from './spire';
import { standaloneDnsProxy } from './standalone-dns-proxy';
import { ztunnel } from './ztunnel';

/** Every component: everything with its own pods. */
export const COMPONENTS: readonly Component[] = [
  agent,
  clusterMesh,
  corednsMcsapi,
  envoy,
  hubbleCertificates,
  hubbleRelay,
  hubbleUi,
  operator,
  preflight,
  spire,
  standaloneDnsProxy,
  ztunnel,
];
