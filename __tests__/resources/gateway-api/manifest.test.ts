import {
  CiliumError,
  TalosCluster,
  gatewayApiManifest,
  renderCilium,
  renderTalosPatch,
  talosValues,
} from '../../../lib';
import type { ExternalManifest, Finding } from '../../../lib';
import { layered } from '../../../lib/cilium/layers';

const urlOf = (version: string, channel = 'standard'): string =>
  `https://github.com/kubernetes-sigs/gateway-api/releases/download/v${version}/${channel}-install.yaml`;

/** The findings of a patch for a Cilium with the Gateway API. */
function patchFindings(version: string, externalManifests: readonly ExternalManifest[]): readonly Finding[] {
  const talos = new TalosCluster({ talosVersion: '1.13' });
  const values = layered([talosValues(talos, version), { gatewayAPI: { enabled: true } }]);
  const rendered = renderCilium({ version, values, talos });
  const manifests = [{ name: '01-cilium', objects: rendered.objects }];
  try {
    return renderTalosPatch({ talos, cilium: { kubeProxyReplacement: true, rendered }, manifests, externalManifests })
      .findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

describe('the manifest of the Gateway API', () => {
  it.each([
    ['1.18.4', '1.3.0'],
    ['1.18.12', '1.3.0'],
    ['1.19.6', '1.4.1'],
    ['1.20.0', '1.6.1'],
    ['v1.20.0', '1.6.1'],
  ])('is for Cilium %s the pinned release %s, and sorts before all others', (cilium, release) => {
    const channel = /^v?1\.1[89]/.test(cilium) ? 'experimental' : 'standard';
    expect(gatewayApiManifest(cilium)).toEqual({ name: '00-gateway-api', url: urlOf(release, channel) });
  });

  it('may have another release, channel and name', () => {
    expect(gatewayApiManifest('1.19.6', { version: 'v1.5.1', channel: 'experimental', name: '05-gateways' })).toEqual({
      name: '05-gateways',
      url: urlOf('1.5.1', 'experimental'),
    });
  });

  it.each([
    ['1.18.4', { version: '1.5.0', channel: 'standard' as const }, /crashes in a loop/],
    ['1.19.6', { version: '1.6.1', channel: 'standard' as const }, /Use 1\.1 to 1\.4 .* preferably 1\.4\.1/],
    ['1.18.4', { version: '1.0.0' }, /no GRPCRoute v1/],
    ['1.20.0', { version: '1.4.1' }, /neither TLSRoute v1 nor ReferenceGrant v1/],
    ['1.20.0', { version: '1.4.1', channel: 'experimental' as const }, /1\.5 or newer/],
    ['1.18.4', { version: 'latest' }, /"latest" is not a release/],
    ['1.18.4', { version: 'main' }, /not a release/],
    ['1.17.0', {}, /Unknown Cilium release "1\.17\.0"/],
  ])('is an error for Cilium %s with %j', (cilium, options, reason) => {
    expect(() => gatewayApiManifest(cilium, options)).toThrow(CiliumError);
    expect(() => gatewayApiManifest(cilium, options)).toThrow(reason);
  });

  it.each(['1.18.4', '1.19.6', '1.20.0'])('is required by a patch for Cilium %s', (version) => {
    const said = (manifests: readonly ExternalManifest[]): readonly string[] =>
      patchFindings(version, manifests).map(({ id }) => id);
    expect(said([])).toContain('talos-patch/no-gateway-api');
    expect(said([gatewayApiManifest(version)])).not.toContain('talos-patch/no-gateway-api');
  });

  it.each([
    ['1.18.4', urlOf('1.6.1')],
    ['1.20.0', urlOf('1.3.0')],
    [
      '1.20.0',
      'https://raw.githubusercontent.com/kubernetes-sigs/gateway-api/v1.2.1/config/crd/standard/gateway.networking.k8s.io_gateways.yaml',
    ],
  ])('is an error for Cilium %s with %s', (version, url) => {
    expect(
      patchFindings(version, [{ name: '00-gateway-api', url }]).map(({ id, level }) => `${level} ${id}`),
    ).toContain('error talos-patch/gateway-api-bundle');
  });
});
