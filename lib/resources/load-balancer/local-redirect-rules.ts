import { contains, parseCidr } from '../../kubernetes/cidr';
import { mapOf } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { clusterSubnets } from '../../resource/addresses';
import { levelByNamespace } from '../../resource/kind';
import type { ReadResource, ResourceRule } from '../../resource/kind';
import { servicesNamed } from '../../resource/service-index';
import { othersOfGroup, resourcesByKey } from '../../resource/sharing';
import { problem } from '../../rules/rule';
import { someOf } from '../../rules/words';
import { toAddress, toService } from './local-redirect-examples';
import type { LocalRedirectModel } from './local-redirect-model';
import { REDIRECT_PORT_RULES } from './local-redirect-port-rules';
import type { LocalRedirectPolicyProps } from './props';

type RedirectRule = ResourceRule<LocalRedirectPolicyProps, LocalRedirectModel>;

const ON = { localRedirectPolicies: { enabled: true } } as const;
const ADDRESS = toAddress('169.254.169.254');
const good = { props: ADDRESS };

const RULES: readonly RedirectRule[] = [
  {
    id: 'local-redirect/address',
    level: 'error',
    find: ({ model: { ip } }) =>
      ip !== undefined &&
      ip.address === undefined &&
      problem(
        'redirectFrontend.addressMatcher.ip',
        `'${ip.text}' is not an IP address.`,
        'Write one address, without a prefix: `169.254.169.254`.',
      ),
    examples: { bad: { props: toAddress(' 169.254.169.254') }, good },
  },
  {
    id: 'local-redirect/address-not-allowed',
    level: 'error',
    find: ({ model: { ip }, cilium }) => {
      const allowed = (cilium?.v.localRedirectPolicies.addressMatcherCIDRs ?? []) as readonly string[];
      const networks = allowed.flatMap((text) => parseCidr(text) ?? []);
      const address = ip?.address;
      if (address === undefined || networks.length === 0 || networks.some((network) => contains(network, address)))
        return undefined;
      return problem(
        ['redirectFrontend.addressMatcher.ip', 'cilium.localRedirectPolicies.addressMatcherCIDRs'],
        `Policies may redirect only addresses in ${allowed.join(', ')}.`,
        'Add the address to `localRedirectPolicies.addressMatcherCIDRs`.',
      );
    },
    examples: {
      bad: { ...good, values: { localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ['198.51.100.0/24'] } } },
      good: {
        ...good,
        values: { localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ['169.254.169.254/32'] } },
      },
    },
  },
  {
    id: 'local-redirect/address-of-service',
    level: 'warning',
    find: ({ model: { ip }, cilium }) => {
      const address = ip?.address;
      const subnet =
        address && clusterSubnets(cilium).find(({ of, cidr }) => of === 'service' && contains(cidr, address));
      return (
        subnet &&
        problem(
          ['redirectFrontend.addressMatcher.ip', subnet.path],
          `The address is in the cluster's service subnet ${subnet.text}, and Cilium redirects no Service by its address.`,
          'Name the Service: `redirectFrontend: { serviceMatcher: { serviceName: … } }`.',
        )
      );
    },
    examples: {
      bad: { props: toAddress('10.96.0.10'), values: ON, talos: { talosVersion: '1.13' } },
      good: { ...good, values: ON, talos: { talosVersion: '1.13' } },
    },
  },
  {
    id: 'local-redirect/other-namespace',
    level: levelByNamespace,
    find: ({ model: { service }, namespace = '' }) => {
      const theirs = service?.namespace ?? namespace;
      return (
        theirs !== namespace &&
        problem(
          ['redirectFrontend.serviceMatcher.namespace', 'namespace'],
          `The Service is in ${theirs} and the policy in ${namespace}; Cilium refuses policies for other namespaces.`,
          `Put the policy, and the pods that it selects, into ${theirs}.`,
        )
      );
    },
    examples: {
      bad: {
        props: { ...toService(), redirectFrontend: { serviceMatcher: { serviceName: 'web', namespace: 'shop' } } },
      },
      good: {
        props: {
          ...toService(),
          namespace: 'shop',
          redirectFrontend: { serviceMatcher: { serviceName: 'web', namespace: 'shop' } },
        },
      },
    },
  },
  {
    id: 'local-redirect/service-type',
    level: 'error',
    find: ({ model, namespace, services }) => {
      const name = model.service?.serviceName;
      const found = servicesNamed(services, name ?? '').find(
        ({ metadata }) => (metadata.namespace ?? 'default') === namespace,
      );
      const { clusterIP, type } = mapOf(found?.spec);
      const isHeadless = clusterIP === 'None';
      return (
        (isHeadless || type === 'ExternalName') &&
        problem(
          'redirectFrontend.serviceMatcher.serviceName',
          `The Service ${String(name)} ${isHeadless ? 'is headless' : 'is an ExternalName'}, so it has no address whose traffic could be redirected.`,
          'Name a Service of type ClusterIP.',
        )
      );
    },
    examples: {
      bad: { props: toService(), services: [serviceWith({ clusterIP: 'None' })] },
      good: { props: toService(), services: [serviceWith({})] },
    },
  },
  {
    id: 'local-redirect/same-frontend',
    level: 'error',
    find: (subject) => {
      const byFrontend = subject.others.ofCluster(policiesByFrontend);
      const groups = frontendsOf(subject).map((frontend) => ({
        frontend,
        others: othersOfGroup(subject, byFrontend.get(frontend)),
      }));
      const reported = new Set<unknown>();
      return groups.flatMap(({ frontend, others }) => {
        // Policies with several frontends in common are reported with one.
        const fresh = others.filter((other) => !reported.has(other));
        for (const other of fresh) reported.add(other);
        return fresh.length === 0
          ? []
          : problem(
              'redirectFrontend',
              `${someOf(fresh.map(({ name }) => name))} already ${fresh.length === 1 ? 'redirects' : 'redirect'} ${frontend}, and only one policy can.`,
              'Keep one of the policies.',
            );
      });
    },
    examples: {
      bad: { ...good, others: [{ subject: 'local-redirect', props: ADDRESS }] },
      good: { ...good, others: [{ subject: 'local-redirect', props: toAddress('169.254.169.253') }] },
    },
  },
  {
    id: 'local-redirect/every-pod',
    level: 'warning',
    find: ({ props }) => {
      const { matchLabels = {}, matchExpressions = [] } = props.redirectBackend.localEndpointSelector;
      return (
        Object.keys(matchLabels).length + matchExpressions.length === 0 &&
        problem(
          'redirectBackend.localEndpointSelector',
          'It selects every pod of the namespace, so the traffic goes to any of them that has the port.',
          'Write the labels of the backends.',
        )
      );
    },
    examples: {
      bad: { props: { ...ADDRESS, redirectBackend: { ...ADDRESS.redirectBackend, localEndpointSelector: {} } } },
      good,
    },
  },
];

const policiesByFrontend = resourcesByKey<LocalRedirectPolicyProps, LocalRedirectModel>(['local-redirect'], (policy) =>
  frontendsOf(policy),
);

/** Rules of local redirect policies. */
export const LOCAL_REDIRECT_RULES: readonly RedirectRule[] = [...REDIRECT_PORT_RULES, ...RULES];

function serviceWith(spec: object): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { ports: [{ port: 80 }], ...spec },
  };
}

/** What a policy redirects, in words: an address with each port, or a Service. */
function frontendsOf({
  model: { ip, service, lists },
  namespace = '',
}: ReadResource<LocalRedirectPolicyProps, LocalRedirectModel>): readonly string[] {
  if (service !== undefined) return [`the Service ${namespace}/${service.serviceName}`];
  const address = ip?.address?.network.replace(/\/\d+$/, '') ?? '';
  const ports = lists.find(({ of }) => of === 'address')?.ports ?? [];
  return ports.map(({ port, protocol }) => `${address} port ${String(port)}/${protocol}`);
}
