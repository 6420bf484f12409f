import { ApiObject } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { describeFinding, refuseErrors, withoutSilenced } from '../findings';
import type { Finding } from '../findings';
import { poolFindings, poolObject, sameCluster, sharedAddresses } from './pool';
import type { LoadBalancerIPPoolProps, NamedPool } from './pool';

/**
 * Addresses that Cilium hands out to Services of type LoadBalancer.
 *
 * ```ts
 * new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/29'] });
 * ```
 *
 * Pools of one cluster must not share addresses; that is looked at over the whole app when it is synthesized.
 * @throws CiliumError with every problem of the pool by itself: no CIDR, a range that runs backwards, an address twice.
 */
export class LoadBalancerIPPool extends Construct {
  /** The custom resource, for JSON patches. */
  readonly apiObject: ApiObject;
  /** Name of the pool. */
  readonly name: string;
  private readonly pool: NamedPool;

  constructor(scope: Construct, id: string, props: LoadBalancerIPPoolProps) {
    super(scope, id);
    this.name = props.name ?? id;
    this.pool = { ...props, name: this.name };
    refuseErrors(poolFindings(this.pool), `The load-balancer pool '${this.name}' is refused`);
    this.apiObject = new ApiObject(this, 'pool', poolObject(this.pool) as unknown as ApiObjectProps);
    this.node.addValidation({ validate: () => this.findings.filter((f) => f.level === 'error').map(describeFinding) });
  }

  /** What is wrong, or worth knowing, with all pools that the app has by now; silenced warnings are left out. */
  get findings(): readonly Finding[] {
    const others = this.node.root.node.findAll().filter((node): node is LoadBalancerIPPool => node instanceof LoadBalancerIPPool);
    // Each pair is told of once, by the pool that came later.
    const earlier = others.slice(0, others.indexOf(this)).filter(({ pool }) => sameCluster(pool, this.pool));
    const shared = earlier.flatMap(({ pool }) => sharedAddresses(this.pool, pool));
    return withoutSilenced([...poolFindings(this.pool), ...shared], this.pool.silence);
  }
}
