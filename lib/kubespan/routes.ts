import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { joinApp } from '../app/join';
import { addObject } from '../app/objects';
import { refuseErrors, withoutSilenced } from '../rules/finding';
import type { Finding } from '../rules/finding';
import type { KubernetesObject } from '../kubernetes/types';
import { silenceFindings } from '../rules/acknowledge';
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
  /** What is worth knowing; silenced warnings are left out. */
  readonly findings: readonly Finding[];

  constructor(scope: Construct, id: string, props: KubeSpanRoutesProps) {
    super(scope, id);
    const findings = kubeSpanRoutesFindings(props);
    // What no compiler saw may come without any.
    const silence = (props as KubeSpanRoutesProps | undefined | null)?.silence;
    const told = [...withoutSilenced(findings, silence), ...silenceFindings('kubespan-routes', silence)];
    refuseErrors(told, REFUSED);
    const [daemonSet] = kubeSpanRoutesObjects(props);
    this.daemonSet = addObject(this, 'daemon-set', daemonSet as KubernetesObject);
    this.findings = withoutSilenced(findings, silence);
    joinApp(this);
  }
}
