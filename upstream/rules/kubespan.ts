import { KUBESPAN_ROUTES_PROP_IDS, KUBESPAN_ROUTES_RULES, kubeSpanRoutesFindings } from '../../lib/kubespan/rules';
import type { RoutesExample } from '../../lib/kubespan/rules';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { book, listed, plain } from './book';
import type { RuleBook } from './book';
import { ciliumWith, released } from './released';

const TALOS = { talosVersion: '1.11.5', kubeSpan: { enabled: true, advertiseKubernetesNetworks: true } } as const;

export const kubeSpanRoutes: RuleBook = book<RoutesExample>({
  name: 'KubeSpanRoutes',
  over: 'The routes of KubeSpan, with their Talos cluster and their Cilium.',
  rules: listed<RoutesExample>([...KUBESPAN_ROUTES_RULES, ...KUBESPAN_ROUTES_PROP_IDS]),
  judge: ({ talos, version = '1.18.4', values, props }) =>
    kubeSpanRoutesFindings({
      talos: { ...new TalosCluster(TALOS), ...talos },
      cilium: values === undefined ? released(version) : ciliumWith(version, { values }),
      ...props,
    }),
  input: (example) => plain(example),
});
