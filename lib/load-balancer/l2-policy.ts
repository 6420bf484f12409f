import { ApiObject } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { refuseErrors, withoutSilenced } from '../findings';
import type { Finding } from '../findings';
import { policyFindings, policyObject } from './policy';
import type { L2AnnouncementPolicyProps } from './policy';

/**
 * Which nodes answer in the local network for the addresses of services, and on which interfaces.
 *
 * ```ts
 * new L2AnnouncementPolicy(chart, 'home', { cilium, interfaces: ['^eth[0-9]+$'], loadBalancerIPs: true });
 * ```
 *
 * @throws CiliumError with every problem at once: nothing announced, an expression that Go refuses, Cilium's announcements off.
 */
export class L2AnnouncementPolicy extends Construct {
  /** The custom resource, for JSON patches. */
  readonly apiObject: ApiObject;
  /** Name of the policy. */
  readonly name: string;
  /** What is worth knowing; silenced warnings are left out. */
  readonly findings: readonly Finding[];

  constructor(scope: Construct, id: string, props: L2AnnouncementPolicyProps) {
    super(scope, id);
    this.name = props.name ?? id;
    const policy = { ...props, name: this.name };
    const findings = policyFindings(policy);
    refuseErrors(findings, `The L2 announcement policy '${this.name}' is refused`);
    this.findings = withoutSilenced(findings, props.silence);
    this.apiObject = new ApiObject(this, 'policy', policyObject(policy) as unknown as ApiObjectProps);
  }
}
