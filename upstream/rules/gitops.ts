import { App, Chart } from 'cdk8s';
import { Cilium } from '../../lib/cilium/cilium';
import { HelmRelease } from '../../lib/gitops/helm-release';
import { HELM_RELEASE_PROP_IDS, HELM_RELEASE_RULES } from '../../lib/gitops/rules';
import type { HelmReleaseExample } from '../../lib/gitops/rules';
import { book, listed, plain } from './book';
import type { RuleBook } from './book';

export const helmReleases: RuleBook = book<HelmReleaseExample>({
  name: 'HelmRelease',
  over: 'A release of Cilium that Flux installs, with its Cilium.',
  rules: listed<HelmReleaseExample>([...HELM_RELEASE_RULES, ...HELM_RELEASE_PROP_IDS]),
  judge: (example) => {
    const chart = new Chart(new App(), 'network');
    const cilium = new Cilium(chart, 'cilium', { version: '1.19.6', ...example.cilium });
    return new HelmRelease(chart, 'flux', { cilium, ...example.props }).findings;
  },
  input: (example) => plain(example),
});
