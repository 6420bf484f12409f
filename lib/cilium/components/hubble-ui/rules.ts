import { isTruthy } from '../../../helm/truth';
import { isVersion, satisfies } from '../../../helm/semver';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import { layered, valuesWith } from '../../layers';
import type { ValuesRule } from '../../values-rule';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { selectorLabelRule } from '../../parts/selector-label';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/setup/';
const ON = { hubble: { relay: { enabled: true }, ui: { enabled: true } } } as const;

const needsRelay: ValuesRule = {
  id: 'hubble-ui/needs-relay',
  level: 'error',
  find: ({ v: { hubble } }) =>
    isTruthy(hubble.ui.enabled) &&
    !isTruthy(hubble.ui.standalone.enabled) &&
    !isTruthy(hubble.relay.enabled) &&
    problem(
      ['hubble.ui.enabled', 'hubble.relay.enabled'],
      'Hubble UI needs the relay, which is off.',
      'Set hubble.relay.enabled, or hubble.ui.standalone.enabled when a relay is installed separately.',
    ),
  docs: DOCS,
  chart: 'validate.yaml',
  examples: { bad: { values: { hubble: { ui: { enabled: true } } } }, good: { values: ON } },
};

const standaloneCertificates: ValuesRule = {
  id: 'hubble-ui/standalone-needs-certificates',
  level: 'error',
  find: ({ v: { hubble } }) => {
    const { enabled, standalone } = hubble.ui;
    return (
      isTruthy(enabled) &&
      isTruthy(standalone.enabled) &&
      isTruthy(hubble.relay.tls.server.enabled) &&
      !isTruthy(standalone.tls.certsVolume) &&
      problem(
        ['hubble.ui.standalone.tls.certsVolume', 'hubble.relay.tls.server.enabled'],
        'The relay requires TLS, and a standalone Hubble UI has no certificate.',
        'Set hubble.ui.standalone.tls.certsVolume to a volume with client.crt, client.key and hubble-relay-ca.crt.',
      )
    );
  },
  docs: DOCS,
  chart: 'validate.yaml',
  examples: {
    bad: {
      values: {
        hubble: {
          relay: { enabled: true, tls: { server: { enabled: true } } },
          ui: { enabled: true, standalone: { enabled: true } },
        },
      },
    },
    good: {
      values: {
        hubble: {
          relay: { enabled: true, tls: { server: { enabled: true } } },
          ui: {
            enabled: true,
            standalone: { enabled: true, tls: { certsVolume: { secret: { secretName: 'hubble-ui' } } } },
          },
        },
      },
    },
  },
};

/** The chart compares tags as versions, unless one of the two is `latest`. */
function oldTag({ v: { hubble } }: Context, own: string | null | undefined): boolean {
  const { enabled, backend, frontend } = hubble.ui;
  if (!isTruthy(enabled) || backend.image.tag === 'latest' || frontend.image.tag === 'latest') return false;
  const tag = (own ?? '').replace(/@.*$/, '').replace(/^v/, '');
  return !isVersion(tag) || satisfies(tag, '<0.9.0');
}

const tooOld = (part: 'backend' | 'frontend'): ValuesRule => ({
  id: `hubble-ui/old-${part}`,
  level: 'error',
  find: (ctx) =>
    oldTag(ctx, ctx.v.hubble.ui[part].image.tag) &&
    problem(
      `hubble.ui.${part}.image.tag`,
      `The tag '${ctx.v.hubble.ui[part].image.tag ?? ''}' is not v0.9.0 or newer.`,
      "Use a tag of v0.9.0 or newer, or 'latest'; set any other image in image.override together with such a tag.",
    ),
  docs: DOCS,
  chart: 'validate.yaml',
  examples: {
    bad: { values: layered([ON, valuesWith(`hubble.ui.${part}.image.tag`, 'v0.8.5')]) },
    good: { values: layered([ON, valuesWith(`hubble.ui.${part}.image.tag`, 'v0.13.2')]) },
  },
});

const relayElsewhere: ValuesRule = {
  id: 'hubble-ui/relay-elsewhere',
  level: 'warning',
  find: (ctx) => {
    const { hubble } = ctx.v;
    const { servicePort, tls } = hubble.relay;
    const isSetByUser = hubble.ui.backend.extraEnv?.some(({ name }) => name === 'FLOWS_API_ADDR') ?? false;
    return (
      installed(ctx) &&
      isTruthy(servicePort) &&
      servicePort !== (isTruthy(tls.server.enabled) ? 443 : 80) &&
      !isSetByUser &&
      problem(
        ['hubble.relay.servicePort', 'hubble.ui.enabled'],
        `The relay's Service has port ${String(ctx.v.hubble.relay.servicePort)}, but Hubble UI always connects to 80, or to 443 with TLS.`,
        'Remove hubble.relay.servicePort, or set FLOWS_API_ADDR in hubble.ui.backend.extraEnv.',
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: layered([ON, { hubble: { relay: { servicePort: 4245 } } }]) },
    good: { values: ON },
  },
};

const settingsWithoutUi: ValuesRule = {
  id: 'hubble-ui/off',
  level: 'warning',
  find: ({ v: { hubble } }) =>
    !isTruthy(hubble.ui.enabled) &&
    (isTruthy(hubble.ui.ingress.enabled) || isTruthy(hubble.ui.standalone.enabled)) &&
    problem(
      'hubble.ui.enabled',
      'Hubble UI is off, so its ingress and its standalone mode have no effect.',
      'Set hubble.ui.enabled.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { ui: { ingress: { enabled: true, hosts: ['hubble.example.org'] } } } } },
    good: { values: layered([ON, { hubble: { ui: { ingress: { enabled: true, hosts: ['hubble.example.org'] } } } }]) },
  },
};

const neededSlash: ValuesRule = {
  id: 'hubble-ui/base-url-slashes',
  level: 'warning',
  find: (ctx) =>
    installed(ctx) &&
    !/^\/(.*\/)?$/.test(ctx.v.hubble.ui.baseUrl ?? '/') &&
    problem(
      'hubble.ui.baseUrl',
      'The base URL does not begin and end with a slash: the pages find neither their files nor the backend.',
      "Write it like '/hubble/'.",
    ),
  docs: DOCS,
  examples: {
    bad: { values: layered([ON, { hubble: { ui: { baseUrl: '/hubble' } } }]) },
    good: { values: layered([ON, { hubble: { ui: { baseUrl: '/hubble/' } } }]) },
  },
};

/** Rules about Hubble UI. */
export const HUBBLE_UI_RULES: readonly ValuesRule[] = [
  needsRelay,
  standaloneCertificates,
  tooOld('backend'),
  tooOld('frontend'),
  ...neededValues([neededAccount('ui', installed, { on: ON, good: 'hubble-ui' })]),
  selectorLabelRule({
    component: 'hubble-ui',
    label: 'hubble-ui',
    path: 'hubble.ui.podLabels',
    podLabels: ({ v }) => v.hubble.ui.podLabels,
    enabled: installed,
    on: ON,
  }),
  relayElsewhere,
  settingsWithoutUi,
  neededSlash,
];

function installed({ v: { hubble } }: Context): boolean {
  return isTruthy(hubble.ui.enabled) && (isTruthy(hubble.enabled) || isTruthy(hubble.ui.standalone.enabled));
}
