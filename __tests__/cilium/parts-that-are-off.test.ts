import { exampleTalos, TALOS_VALUES } from '../../lib/cilium/parts/example-talos';
import { layered } from '../../lib/cilium/layers';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';

const WORKER = { 'node-role.kubernetes.io/worker': '' };
const FOLDER = [{ name: 'a', mountPath: '/a', hostPath: '/srv/a', hostPathType: 'DirectoryOrCreate' }];

/** What is found, also where something is refused: an error hides no warning. */
function ids(...layers: readonly object[]): readonly string[] {
  const values = layered([TALOS_VALUES, ...layers]);
  try {
    return renderCilium({ version: '1.19.6', values, talos: exampleTalos() }).findings.map(({ id }) => id);
  } catch (error) {
    if (error instanceof CiliumError) return error.findings.map(({ id }) => id);
    throw error;
  }
}

/** A warning about a part of Cilium, and what switches the part off. */
test.each<[string, object, object]>([
  ['hubble-export/old-file-settings', { hubble: { export: { fileMaxBackups: 2 } } }, { hubble: { enabled: false } }],
  [
    'hubble-relay/mtls-without-tls',
    { hubble: { relay: { enabled: true, tls: { server: { mtls: true } } } } },
    { hubble: { enabled: false } },
  ],
  [
    'hubble-relay/service-monitor-without-metrics',
    { hubble: { relay: { enabled: true, prometheus: { serviceMonitor: { enabled: true } } } } },
    { hubble: { enabled: false } },
  ],
  [
    'hubble-ui/base-url-slashes',
    { hubble: { relay: { enabled: true }, ui: { enabled: true, baseUrl: '/hubble' } } },
    { hubble: { enabled: false } },
  ],
  [
    'hubble-ui/relay-elsewhere',
    { hubble: { relay: { enabled: true, servicePort: 4245 }, ui: { enabled: true } } },
    { hubble: { enabled: false } },
  ],
  ['talos/worker-role', { operator: { nodeSelector: WORKER } }, { operator: { enabled: false } }],
  ['talos/read-only-folder', { operator: { extraHostPathMounts: FOLDER } }, { operator: { enabled: false } }],
  ['talos/read-only-folder', { envoy: { extraHostPathMounts: FOLDER } }, { envoy: { enabled: false } }],
])('%s is reported for a part that is rendered, and for no other: %j', (id, values, off) => {
  expect(ids(values)).toContain(id);
  expect(ids(values, off)).not.toContain(id);
});
