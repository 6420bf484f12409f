import { isSet, isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import { errorOnTalos } from '../../values-rule';
import type { ValuesRule } from '../../values-rule';

const IMAGE = { repository: 'registry.example.org/standalone-dns-proxy', tag: 'v1', useDigest: false } as const;
const PORT = { dnsProxy: { proxyPort: 10094 } } as const;

/** Rules about the standalone DNS proxy. */
export const STANDALONE_DNS_PROXY_RULES: readonly ValuesRule[] = [
  {
    id: 'standalone-dns-proxy/no-image',
    level: errorOnTalos,
    find: (ctx) =>
      isOn(ctx) &&
      !hasImage(ctx) &&
      problem(
        'standaloneDnsProxy.image',
        'The chart sets neither image nor digest for the proxy, so its pods do not start.',
        'Set repository, tag, and digest or useDigest: false in standaloneDnsProxy.image.',
      ),
    examples: {
      bad: { version: '1.19.6', values: { standaloneDnsProxy: { enabled: true }, ...PORT } },
      good: { version: '1.19.6', values: { standaloneDnsProxy: { enabled: true, image: IMAGE }, ...PORT } },
    },
  },
  {
    id: 'standalone-dns-proxy/selector-label',
    level: 'error',
    find: (ctx) =>
      isOn(ctx) &&
      isForeign(ctx.v.commonLabels?.['k8s-app']) &&
      problem(
        'commonLabels',
        "The label k8s-app selects the proxy's pods, and the API server accepts only the value 'standalone-dns-proxy' on them.",
        'Remove k8s-app, or use a label with another name.',
      ),
    examples: {
      bad: {
        version: '1.19.6',
        values: {
          agent: false,
          envoy: { enabled: false },
          standaloneDnsProxy: { enabled: true, image: IMAGE },
          ...PORT,
          commonLabels: { 'k8s-app': 'dns' },
        },
      },
      good: {
        version: '1.19.6',
        values: { standaloneDnsProxy: { enabled: true, image: IMAGE }, ...PORT, commonLabels: { team: 'dns' } },
      },
    },
  },
];

function isOn({ v }: Context): boolean {
  return isTruthy(v.standaloneDnsProxy?.enabled);
}

function isForeign(label: unknown): boolean {
  return isSet(label) && label !== 'standalone-dns-proxy';
}

function hasImage({ v }: Context): boolean {
  const { override, repository, useDigest, digest } = v.standaloneDnsProxy?.image ?? {};
  return isTruthy(override) || (isTruthy(repository) && (!isTruthy(useDigest) || isTruthy(digest)));
}
