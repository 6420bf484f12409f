import type { Construct } from 'constructs';
import { CustomResource } from '../../resource/construct';
import { nodeConfig } from './node-config';
import { podIPPool } from './pod-ip-pool';
import type { CiliumNodeConfigProps, PodIPPoolProps } from './props';

/**
 * Options of the agents on some nodes. Agents read them when they start: delete their pods after a change.
 *
 * ```ts
 * new CiliumNodeConfig(chart, 'xdp', {
 *   cilium,
 *   nodeSelector: { matchLabels: { 'example.test/xdp': 'true' } },
 *   defaults: { 'bpf-lb-acceleration': 'native' },
 * });
 * ```
 */
export class CiliumNodeConfig extends CustomResource<CiliumNodeConfigProps> {
  constructor(scope: Construct, id: string, props: CiliumNodeConfigProps) {
    super(scope, id, nodeConfig, props);
  }
}

/**
 * Addresses for pods, with `ipam.mode: multi-pool`. Pods name their pool in the annotation `ipam.cilium.io/ip-pool`; the others
 * use `default`.
 *
 * ```ts
 * new PodIPPool(chart, 'default', { cilium, ipv4: { cidrs: ['10.20.0.0/16'], maskSize: 24 } });
 * ```
 */
export class PodIPPool extends CustomResource<PodIPPoolProps> {
  constructor(scope: Construct, id: string, props: PodIPPoolProps) {
    super(scope, id, podIPPool, props);
  }
}
