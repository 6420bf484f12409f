import type {
  CiliumClusterwideNetworkPolicyProps,
  CiliumNetworkPolicyProps,
} from '../../../lib/resources/policy/props';

/** A policy of real clusters, without findings. */
export type GoodPolicy = { readonly what: string; readonly versions?: readonly string[] } & (
  | { readonly kind: 'network-policy'; readonly props: Omit<CiliumNetworkPolicyProps, 'cilium'> }
  | {
      readonly kind: 'clusterwide-network-policy';
      readonly props: Omit<CiliumClusterwideNetworkPolicyProps, 'cilium'>;
    }
);

const dns = {
  toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
  toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*'] } }],
};
const outsideOfSystem = [{ key: 'io.kubernetes.pod.namespace', operator: 'NotIn' as const, values: ['kube-system'] }];

export const GOOD_POLICIES: readonly GoodPolicy[] = [
  {
    what: 'DNS names outside the cluster that one workload may reach',
    kind: 'network-policy',
    props: {
      namespace: 'media',
      endpointSelector: { matchLabels: { 'app.kubernetes.io/name': 'indexer' } },
      egress: [
        dns,
        {
          toFQDNs: ['api.example.com', { matchPattern: '*.cdn.example.com' }],
          toPorts: [{ ports: ['443/TCP', '443/UDP'] }],
        },
        {
          toEndpoints: [{ matchLabels: { 'app.kubernetes.io/name': 'postgres' } }],
          toPorts: [{ ports: ['5432/TCP'] }],
        },
      ],
    },
  },
  {
    what: 'HTTP paths that a client may request',
    kind: 'network-policy',
    props: {
      namespace: 'shop',
      endpointSelector: { matchLabels: { app: 'catalogue' } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: 'web' } }],
          toPorts: [
            {
              ports: ['8080/TCP'],
              rules: {
                http: [
                  { method: 'GET', path: '/items(/[0-9]+)?' },
                  { method: 'PUT|PATCH', path: '/items/[0-9]+', headers: ['X-Tenant', 'X-Stage: live'] },
                  {
                    method: 'GET',
                    host: '.*\\.shop\\.example',
                    headerMatches: [{ name: 'X-Trace', value: 'on', mismatch: 'LOG' }],
                  },
                ],
              },
            },
          ],
        },
        { fromEntities: ['host', 'health'] },
      ],
    },
  },
  {
    what: 'a namespace without ingress from others',
    kind: 'network-policy',
    props: {
      namespace: 'team-a',
      description: 'Pods of the team among themselves.',
      endpointSelector: {},
      ingress: [{ fromEndpoints: [{}] }],
      egress: [{ toEndpoints: [{}] }, dns],
    },
  },
  {
    what: 'a namespace with all traffic denied',
    kind: 'network-policy',
    props: { namespace: 'vault', endpointSelector: {}, ingress: [{}], egress: [{}] },
  },
  {
    what: 'ingress from Ingresses and Gateways only',
    kind: 'network-policy',
    props: {
      namespace: 'web',
      endpointSelector: { matchLabels: { app: 'site' } },
      ingress: [{ fromEntities: ['ingress'], toPorts: [{ ports: ['http/TCP', '8000-8010/TCP'] }] }],
    },
  },
  {
    what: 'metrics for Prometheus of another namespace',
    kind: 'network-policy',
    props: {
      namespace: 'db',
      endpointSelector: { matchLabels: { app: 'postgres' } },
      ingress: [
        {
          fromEndpoints: [
            {
              matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'monitoring', 'app.kubernetes.io/name': 'prometheus' },
            },
          ],
          toPorts: [{ ports: ['metrics', 9187] }],
        },
        {
          fromEndpoints: [
            { matchExpressions: [{ key: 'io.cilium.k8s.namespace.labels.team', operator: 'In', values: ['a', 'b'] }] },
          ],
        },
      ],
    },
  },
  {
    what: 'a controller that reaches the API server only',
    kind: 'network-policy',
    props: {
      namespace: 'flux-system',
      endpointSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
      egress: [
        dns,
        { toEntities: ['kube-apiserver'], toPorts: [{ ports: ['6443/TCP'] }] },
        { toEntities: ['world'], toPorts: [{ ports: ['443/TCP', '22/TCP'] }] },
      ],
    },
  },
  {
    what: 'the internet except private networks',
    kind: 'network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'crawler' } },
      egress: [
        dns,
        {
          toCIDRSet: [
            { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] },
            { cidr: '::/0', except: ['fc00::/7'] },
          ],
          toPorts: [{ ports: ['80/TCP', '443/TCP'] }],
        },
      ],
    },
  },
  {
    what: 'TLS by the name of the server',
    kind: 'network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'mailer' } },
      egress: [dns, { toEntities: ['world'], toPorts: [{ ports: ['443/TCP'], serverNames: ['api.example.com'] }] }],
    },
  },
  {
    what: 'TLS terminated for inspection',
    kind: 'network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'mailer' } },
      egress: [
        dns,
        {
          toFQDNs: ['api.example.com'],
          toPorts: [
            {
              ports: ['443/TCP'],
              terminatingTLS: { secret: { namespace: 'mail', name: 'api-tls' } },
              originatingTLS: { secret: { namespace: 'mail', name: 'roots' }, trustedCA: 'ca.crt' },
              rules: { http: [{ method: 'POST', path: '/v1/send' }] },
            },
          ],
        },
      ],
    },
  },
  {
    what: 'a Service of another namespace',
    kind: 'network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'web' } },
      egress: [
        dns,
        { toServices: [{ k8sService: { serviceName: 'shop', namespace: 'shop' } }] },
        { toServices: [{ k8sServiceSelector: { selector: { matchLabels: { stage: 'live' } }, namespace: 'shop' } }] },
      ],
    },
  },
  {
    what: 'pods of another cluster',
    kind: 'network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'replica' } },
      ingress: [
        {
          fromEndpoints: [
            {
              matchLabels: {
                app: 'primary',
                'io.cilium.k8s.policy.cluster': 'frankfurt',
                'io.kubernetes.pod.namespace': 'db',
              },
            },
          ],
          toPorts: [{ ports: ['5432/TCP'] }],
        },
      ],
    },
  },
  {
    what: 'pods of every cluster of a mesh',
    versions: ['1.20.0'],
    kind: 'clusterwide-network-policy',
    props: { endpointSelector: { matchLabels: { app: 'replica' } }, ingress: [{ fromEntities: ['cluster-mesh'] }] },
  },
  {
    what: 'several sets, with labels and a log value',
    kind: 'network-policy',
    props: {
      namespace: 'shop',
      specs: [
        {
          description: 'The web site.',
          endpointSelector: { matchLabels: { app: 'web' } },
          ingress: [{ fromEntities: ['world', 'cluster'], toPorts: [{ ports: ['80/TCP'] }] }],
          labels: [{ key: 'team', value: 'shop', source: 'k8s' }],
          log: { value: 'shop-web' },
        },
        {
          endpointSelector: { matchLabels: { app: 'db' } },
          ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }],
        },
      ],
    },
  },
  {
    what: 'mutual authentication of clients',
    kind: 'network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'vault' } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: 'web' } }],
          authentication: { mode: 'required' },
          toPorts: [{ ports: ['8200/TCP'] }],
        },
      ],
    },
  },
  {
    what: 'DNS visibility, nothing dropped',
    kind: 'clusterwide-network-policy',
    props: {
      endpointSelector: { matchExpressions: outsideOfSystem },
      egress: [dns],
      enableDefaultDeny: { egress: false, ingress: false },
    },
  },
  {
    what: 'the metadata service denied to all pods',
    kind: 'clusterwide-network-policy',
    props: {
      endpointSelector: { matchExpressions: outsideOfSystem },
      egressDeny: [{ toCIDR: ['169.254.169.254/32'] }, { toCIDRSet: [{ cidr: 'fd00:ec2::254/128' }] }],
      enableDefaultDeny: { egress: false },
    },
  },
  {
    what: 'the world denied to one namespace',
    kind: 'clusterwide-network-policy',
    props: {
      endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'vault' } },
      ingress: [{ fromEntities: ['cluster'] }],
      ingressDeny: [{ fromEntities: ['world'] }],
    },
  },
  {
    what: 'traffic of pods while they start',
    kind: 'clusterwide-network-policy',
    props: {
      endpointSelector: { matchLabels: { 'reserved:init': '' } },
      ingress: [{ fromEntities: ['host'] }],
      egress: [{ toEntities: ['all'], toPorts: [{ ports: ['53/UDP'] }] }],
    },
  },
  {
    what: 'the endpoints of ingresses',
    kind: 'clusterwide-network-policy',
    props: {
      endpointSelector: { matchLabels: { 'reserved:ingress': '' } },
      ingress: [{ fromCIDR: ['192.0.2.0/24'] }, { fromEntities: ['cluster'] }],
    },
  },
  {
    what: 'pings and path MTU',
    kind: 'clusterwide-network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'probe' } },
      ingress: [
        {
          fromEntities: ['all'],
          icmps: [
            {
              fields: [
                { family: 'IPv4', type: 'EchoRequest' },
                { family: 'IPv6', type: 'EchoRequest' },
                { family: 'IPv6', type: 'PacketTooBig' },
                { type: 3 },
              ],
            },
          ],
        },
      ],
    },
  },
  {
    what: 'control planes by their labels',
    kind: 'clusterwide-network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'etcd-backup' } },
      egress: [
        {
          toNodes: [{ matchLabels: { 'node-role.kubernetes.io/control-plane': '' } }],
          toPorts: [{ ports: ['2379/TCP'] }],
        },
        dns,
      ],
    },
  },
  {
    what: 'nodes at the edge',
    kind: 'clusterwide-network-policy',
    props: {
      description: 'Edge nodes serve the web.',
      nodeSelector: { matchLabels: { role: 'edge' } },
      ingress: [
        { fromEntities: ['remote-node', 'health'] },
        { fromEntities: ['world'], toPorts: [{ ports: ['80/TCP', '443/TCP'] }] },
      ],
    },
  },
  {
    what: 'VRRP between nodes',
    versions: ['1.19.6', '1.20.0'],
    kind: 'clusterwide-network-policy',
    props: {
      nodeSelector: {},
      ingress: [{ fromEntities: ['all'] }],
      egress: [{ toEntities: ['all'] }, { toPorts: [{ ports: [{ protocol: 'VRRP' }, { protocol: 'IGMP' }] }] }],
    },
  },
  {
    what: 'topics of Kafka',
    versions: ['1.18.4', '1.19.6'],
    kind: 'network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'kafka' } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: 'orders' } }],
          toPorts: [
            {
              ports: ['9092/TCP'],
              rules: {
                kafka: [
                  { role: 'produce', topic: 'orders' },
                  { apiKey: 'Metadata', apiVersion: '2' },
                ],
              },
            },
          ],
        },
      ],
    },
  },
  {
    what: 'an Envoy listener for egress',
    kind: 'network-policy',
    props: {
      endpointSelector: { matchLabels: { app: 'web' } },
      egress: [
        dns,
        {
          toEntities: ['world'],
          toPorts: [
            {
              ports: ['443/TCP'],
              listener: {
                name: 'sni',
                envoyConfig: { kind: 'CiliumClusterwideEnvoyConfig', name: 'sni' },
                priority: 10,
              },
            },
          ],
        },
      ],
    },
  },
];
