import { readable } from '../props/data';
import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { belongTo } from '../app/cilium';
import { findingsOf } from '../app/findings';
import { reportFindings } from '../app/join';
import { addObject } from '../app/objects';
import { withoutAcknowledged } from '../rules/acknowledge';
import { refuseErrors } from '../rules/finding';
import type { Finding } from '../rules/finding';
import type { KubernetesObject } from '../kubernetes/types';
import { kubeSpanRoutesFindings } from './rules';
import { REFUSED, kubeSpanRoutesObjects } from './objects';
import type { KubeSpanRoutesProps } from './settings';

/**
 * The DaemonSet that keeps pod traffic inside KubeSpan when Cilium routes natively: on every node a route to the pod
 * ranges through the tunnel and, for older Talos, the address from which KubeSpan learns the node's pod range.
 *
 * ```ts
 * new KubeSpanRoutes(chart, 'routes', { talos, cilium });
 * ```
 *
 * @throws CiliumError with every problem at once: KubeSpan off, pod ranges not announced, nothing to keep.
 */
export class KubeSpanRoutes extends Construct {
  /** The DaemonSet, for JSON patches. */
  readonly daemonSet: ApiObject;

  constructor(scope: Construct, id: string, props: KubeSpanRoutesProps) {
    super(scope, id);
    const findings = kubeSpanRoutesFindings(props);
    refuseErrors(withoutAcknowledged(findings, readable((props as object | undefined) ?? {}, 'acknowledge')), REFUSED);
    const [daemonSet] = kubeSpanRoutesObjects(props);
    this.daemonSet = addObject(this, 'daemon-set', daemonSet as KubernetesObject);
    belongTo(this, props.cilium);
    reportFindings(this, { subject: 'kubespan-routes', acknowledge: props.acknowledge, find: () => findings });
  }

  /** Warnings; acknowledged ones are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }
}
