import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Cilium, L2AnnouncementPolicy, LoadBalancerIPPool, TalosCluster } from 'cdk8s-talos-cilium';

export interface NetworkProps {
  /** Addresses for services of type LoadBalancer. */
  readonly serviceAddresses: string;
}

/** A chart of a user's app: Cilium with an announced address pool, and a test next to it. */
export class Network extends Chart {
  constructor(scope: Construct, id: string, { serviceAddresses }: NetworkProps) {
    super(scope, id, { disableResourceNameHashes: true });
    const cilium = new Cilium(this, 'cilium', {
      version: '1.18.4',
      talos: new TalosCluster({ talosVersion: '1.14', kubernetesVersion: '1.33.7' }),
      values: { l2announcements: { enabled: true }, hubble: { enabled: false }, operator: { replicas: 1 } },
    });
    new LoadBalancerIPPool(this, 'services', { cilium, blocks: [serviceAddresses] });
    new L2AnnouncementPolicy(this, 'announcements', { cilium, name: 'services', loadBalancerIPs: true });
  }
}
