import { renderCilium } from '../../lib/cilium/render';
import { SERVICE_RULES, serviceFindings } from '../../lib/resources/load-balancer/service-rules';
import type { ServiceExample } from '../../lib/resources/load-balancer/service-examples';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

/** Rules of Services of type LoadBalancer. */
export const services: RuleBook = book<ServiceExample>({
  name: 'Services',
  over: 'The Services of type LoadBalancer among the manifests of a cluster, with the values of its Cilium.',
  rules: listed<ServiceExample>(SERVICE_RULES),
  judge: ({ objects, values, version = '1.18.4' }) =>
    findingsOf(() => {
      const placed = objects.map((object) => ({ object, place: 'manifests' }));
      return serviceFindings(placed, renderCilium({ version, values }).context);
    }),
  input: ({ objects, values, version }) => plain([{ cilium: { version, values } }, ...objects]) as never,
});
