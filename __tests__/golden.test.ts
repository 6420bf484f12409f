import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CiliumValues } from '../imports/cilium-chart';
import { differences, describeDifference } from '../lib/helm/difference';
import { normalForm } from '../lib/helm/normal-form';
import { renderCilium } from '../lib/cilium/render';
import { identity } from '../lib/kubernetes/order';
import type { KubernetesObject } from '../lib/kubernetes/types';
import { writeYaml } from '../lib/kubernetes/yaml';

/*
 * For people: the full default of each minor, one object a file, and for everything else only its difference to the
 * default. `npm run golden` rewrites them; read the diff. The truth is in the digests, not here.
 */
const GOLDEN = join(__dirname, 'golden');
const UPDATE = process.env.UPDATE_GOLDEN !== undefined;

describe.each(['1.18.4', '1.19.6', '1.20.0'])('the default of %s', (version) => {
  const folder = join(GOLDEN, version);
  const files = Object.fromEntries(
    renderCilium({ version }).objects.map((object) => [fileName(object), writeYaml(object)]),
  );
  if (UPDATE) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  }

  it('has the golden objects', () => {
    expect(Object.keys(files).sort()).toEqual(readdirSync(folder).sort());
  });

  it.each(Object.entries(files))('%s', (name, text) => {
    expect(text).toBe(readFileSync(join(folder, name), 'utf8'));
  });
});

const CASES: Readonly<Record<string, CiliumValues>> = {
  'bgp-control-plane': { bgpControlPlane: { enabled: true } },
  'encryption-wireguard': { encryption: { enabled: true, type: 'wireguard' } },
  'envoy-embedded': { envoy: { enabled: false } },
  'gateway-api': { kubeProxyReplacement: true, gatewayAPI: { enabled: true } },
  'hubble-relay-and-ui': { hubble: { relay: { enabled: true }, ui: { enabled: true } } },
  'kube-proxy-replacement': { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 },
  'l2-announcements': { kubeProxyReplacement: true, l2announcements: { enabled: true } },
  'native-routing': { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' },
};

describe('what a setting changes in 1.18.4', () => {
  const plain = normalForm(renderCilium({ version: '1.18.4' }).objects);

  it.each(Object.entries(CASES))('%s', (name, values) => {
    const changed = differences(plain, normalForm(renderCilium({ version: '1.18.4', values }).objects));
    const text = `${changed.map(describeDifference).join('\n').replaceAll('      helm: ', '      by default: ').replaceAll('      ours: ', '      then:       ')}\n`;
    const file = join(GOLDEN, 'differences', `${name}.txt`);
    if (UPDATE) {
      mkdirSync(join(GOLDEN, 'differences'), { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});

function fileName(object: KubernetesObject): string {
  const { metadata, kind } = object;
  const place =
    identity(object).includes('/') && metadata.namespace !== undefined && metadata.namespace !== 'kube-system'
      ? `${metadata.namespace}.`
      : '';
  return `${kind}.${place}${metadata.name.replace(/-[0-9a-f]{10}$/, '-hash')}.yaml`;
}
