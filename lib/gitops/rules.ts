import type { CiliumProps } from '../cilium/cilium';
import { detailsOf } from '../cilium/reference';
import type { ICilium } from '../cilium/reference';
import { loadProfile } from '../cilium/versions';
import { RELEASE_NAME_RULES } from '../helm/ownership';
import { isMap } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import { secretTexts, secretsIn } from '../kubernetes/secrets';
import type { SecretFound } from '../kubernetes/secrets';
import type { Finding } from '../rules/finding';
import { problem, runRules } from '../rules/rule';
import type { Problem, ReadingRule, Rule } from '../rules/rule';
import { isFluxDuration } from './actions';
import { releaseOf } from './objects';
import type { Release } from './objects';
import type { HelmReleaseProps } from './props';

/** A release as its rules see it. */
interface ReleaseSubject extends Release {
  /** Prefix of the paths of its name and namespace. */
  readonly at: string;
  readonly cilium: ICilium;
  /** Props of the Cilium that no value replaces. */
  readonly beyondValues: readonly string[];
  /** The chart's default values. */
  readonly defaults: Json | undefined;
}

/** Input of an example. */
export interface HelmReleaseExample {
  /** Props of the Cilium, of release 1.19.6. */
  readonly cilium?: Partial<CiliumProps<'1.19.6'>>;
  /** Other props of the release. */
  readonly props?: Readonly<Record<string, unknown>>;
}

const GOOD: HelmReleaseExample = {};
const KEY = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n';

/** Rules about releases of Cilium that Flux installs, in the order of their findings. */
export const HELM_RELEASE_RULES: readonly Rule<ReleaseSubject, HelmReleaseExample>[] = [
  ...RELEASE_NAME_RULES,
  {
    id: 'helm-release/url',
    level: 'error',
    docs: 'https://fluxcd.io/flux/components/source/helmrepositories/#url',
    find: wrongUrl,
    examples: { bad: { props: { url: 'helm.cilium.io' } }, good: { props: { url: 'https://helm.cilium.io' } } },
  },
  {
    id: 'helm-release/interval',
    level: 'error',
    docs: 'https://fluxcd.io/flux/components/helm/helmreleases/#interval',
    find: ({ interval }) =>
      !isFluxDuration(interval) &&
      problem(
        'interval',
        `'${interval}' is not a duration for Flux.`,
        'Write hours, minutes or seconds: 1h, 30m, 90s.',
      ),
    examples: { bad: { props: { interval: '1d' } }, good: { props: { interval: '24h' } } },
  },
  {
    id: 'helm-release/uninstall',
    level: 'warning',
    docs: 'https://fluxcd.io/flux/components/helm/helmreleases/#upgrade-remediation',
    find: ({ actions: { upgrade } }) =>
      upgrade?.remediation?.strategy === 'uninstall' &&
      problem(
        'upgrade.remediation.strategy',
        'A failed upgrade would uninstall Cilium, and pods have no network until it is installed again.',
        'Leave it out: Flux rolls back by default.',
      ),
    examples: {
      bad: { props: { upgrade: { remediation: { strategy: 'uninstall' } } } },
      good: { props: { upgrade: { remediation: { retries: 3 } } } },
    },
  },
  {
    id: 'helm-release/other-owner',
    level: 'error',
    find: otherOwner,
    examples: {
      bad: { cilium: { helmRelease: { name: 'cni' } }, props: { name: 'cilium' } },
      good: { cilium: { helmRelease: { name: 'cni' } } },
    },
  },
  {
    id: 'helm-release/null',
    level: 'error',
    find: ({ values, defaults }) =>
      nullPaths(values, defaults).map((path) =>
        problem(
          `cilium.values.${path}`,
          'A null removes the default of the chart, and an object of Kubernetes cannot hold one: the default would come back.',
          "Write the value that you want instead: false, '', [] or {}.",
        ),
      ),
    examples: {
      bad: { cilium: { values: { operator: { tolerations: null } } } },
      good: { cilium: { values: { operator: { tolerations: [] } } } },
    },
  },
  {
    id: 'helm-release/private-key',
    level: 'warning',
    find: (subject) => secretProblems(subject, 'key', 'This is a private key'),
    examples: { bad: { cilium: { values: { tls: { ca: { key: KEY } } } } }, good: GOOD },
  },
  {
    id: 'helm-release/secret',
    level: 'warning',
    find: (subject) => [
      ...secretProblems(subject, 'secret', 'This becomes the data of a Secret'),
      ...secretProblems(subject, 'credential', 'This looks like a credential'),
    ],
    examples: {
      bad: {
        cilium: { values: { etcd: { enabled: true, endpoints: ['https://root:hunter2@etcd.example.org:2379'] } } },
      },
      good: { cilium: { values: { etcd: { enabled: true, endpoints: ['https://etcd.example.org:2379'] } } } },
    },
  },
  {
    id: 'helm-release/beyond-values',
    level: 'warning',
    find: ({ beyondValues }) =>
      beyondValues.map((name) =>
        problem(
          `cilium.${name}`,
          `No value expresses what ${name} of the Cilium add to its objects, so Helm renders them without it.`,
          'Deploy the manifests instead, or use values.',
        ),
      ),
    examples: {
      bad: { cilium: { features: [{ name: 'label-nodes', contribute: () => ({}) }] } },
      good: GOOD,
    },
  },
];

/** Ids of findings about props, with examples. */
export const HELM_RELEASE_PROP_IDS: readonly ReadingRule<unknown, HelmReleaseExample>[] = (
  [
    ['unknown-prop', { releaseName: 'cilium' }],
    ['missing', { cilium: undefined }],
    ['type', { url: 8080 }],
    ['timeout', { timeout: '1d' }],
    ['retries', { install: { remediation: { retries: -2 } } }],
    ['strategy', { upgrade: { remediation: { strategy: 'ignore' } } }],
  ] as const
).map(([rule, props]) => ({
  id: `helm-release/${rule}`,
  level: 'error',
  examples: { bad: { props }, good: GOOD },
}));

/** All errors and warnings of a release. */
export function helmReleaseFindings(props: HelmReleaseProps): readonly Finding[] {
  const { cilium } = props;
  return runRules(HELM_RELEASE_RULES, {
    ...releaseOf(props),
    at: '',
    cilium,
    beyondValues: detailsOf(cilium).beyondValues ?? [],
    defaults: (cilium.rendered?.context.profile ?? loadProfile(cilium.version)?.profile)?.defaults,
  });
}

function wrongUrl({ kind, url }: ReleaseSubject): Problem | false {
  const schemes = kind === 'OCIRepository' ? ['oci:'] : ['https:', 'http:', 'oci:'];
  const isUrl = URL.canParse(url) && schemes.includes(new URL(url).protocol);
  return (
    !isUrl &&
    problem(
      'url',
      `'${url}' is not a URL of a ${kind}.`,
      `Begin with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.`,
    )
  );
}

function otherOwner({ cilium: { helmRelease: owner }, name, target }: ReleaseSubject): Problem | undefined {
  if (owner === undefined || (owner.name === name && owner.namespace === target)) return undefined;
  return problem(
    'name',
    `The objects are labelled for the release ${owner.namespace}/${owner.name}, and this one is ${target}/${name}, so Helm refuses to adopt them.`,
    'Use the same name and namespace, or leave them out here and in helmRelease of the Cilium.',
  );
}

/** Nulls that remove a default; others have no effect. */
function nullPaths(value: Json | undefined, byDefault: Json | undefined, path = ''): readonly string[] {
  if (value === null) return byDefault === undefined || byDefault === null ? [] : [path];
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    nullPaths(inner, isMap(byDefault) ? byDefault[key] : undefined, path === '' ? key : `${path}.${key}`),
  );
}

function secretProblems({ cilium, values }: ReleaseSubject, of: SecretFound['what'], fact: string): readonly Problem[] {
  const found = secretsIn(values);
  const texts = secretTexts(cilium.rendered?.objects ?? []);
  const rendered =
    of === 'secret' ? textPaths(values, texts).filter((path) => found.every(({ at }) => at !== path)) : [];
  return [...found.filter(({ what }) => what === of).map(({ at }) => at), ...rendered].map((path) =>
    problem(
      `cilium.values.${path}`,
      `${fact}, and a HelmRelease is stored in Git, where everyone with access to the repository reads it.`,
      'Let the cluster generate it (method cronJob or certmanager), or name an existing Secret.',
    ),
  );
}

/** Paths of texts that are among others. */
function textPaths(value: Json | undefined, texts: ReadonlySet<string>, path = ''): readonly string[] {
  if (typeof value === 'string') return texts.has(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => textPaths(item, texts, `${path}[${String(i)}]`));
  return isMap(value)
    ? Object.entries(value).flatMap(([key, inner]) => textPaths(inner, texts, path === '' ? key : `${path}.${key}`))
    : [];
}
