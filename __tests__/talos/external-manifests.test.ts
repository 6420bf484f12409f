import { CiliumError } from '../../lib/rules/finding';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { ExternalManifest } from '../../lib/talos/cluster/setting';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import { HEADERS, URLS } from './url-rows';

const talos = new TalosCluster({ talosVersion: '1.14', kubernetesVersion: '1.35.2' });

function found(manifest: Partial<ExternalManifest>, allowSecrets = false): readonly string[] {
  const external = { name: '00-app', url: 'https://example.org/a.yaml', ...manifest };
  try {
    renderTalosPatch({ talos, manifests: [], allowSecrets, externalManifests: [external] });
    return [];
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    expect(error.message).not.toContain('hunter2');
    return error.findings.map(({ id, level, paths }) => `${level} ${id} ${paths.join()}`);
  }
}

describe('external manifests', () => {
  it.each(URLS)('%j: sent is %j', (url, isSent) => {
    expect(found({ url })).toEqual(isSent ? [] : ['error talos-patch/url externalManifests.00-app.url']);
  });

  it.each(HEADERS)('header %j: %j, sent is %j', (name, value, isSent) => {
    const ids = found({ headers: { [name]: value } }).map((one) => one.split(' ')[1]);
    expect(ids).toEqual(isSent ? [] : ['talos-patch/headers']);
  });

  it('may have placeholders in the URL', () => {
    expect(found({ url: 'https://${HOST}/a.yaml' })).toEqual([]);
  });

  it.each([
    'https://user:hunter2@example.org/a',
    'https://example.org/a?token=hunter2',
    'https://example.org/a?x=1&access_token=hunter2',
    'https://example.org/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=hunter2',
    'https://example.org/a?private_token=hunter2#x',
    'https://example.org/a?sv=2024&sig=hunter2',
  ])('%s has a credential', (url) => {
    expect(found({ url })).toEqual(['error talos-patch/secret externalManifests.00-app.url']);
    expect(found({ url }, true)).toEqual([]);
  });

  it.each([
    'https://user@example.org/a',
    'https://user:${PASSWORD}@example.org/a',
    'https://example.org/a?token=${TOKEN}',
    'https://example.org/a?version=1.2&tokens=3',
    'https://example.org/a@b:c?x=@',
  ])('%s has none', (url) => {
    expect(found({ url })).toEqual([]);
  });

  it.each([
    'Authorization',
    'X-Auth',
    'X-Password',
    'X-Secret',
    'Cookie',
    'Private-Token',
    'PRIVATE-TOKEN',
    'X-Api-Key',
    'XAuthToken',
    'X-Vault-Token',
  ])('the header %s is a credential', (header) => {
    const at = `error talos-patch/secret externalManifests.00-app.headers.${header}`;
    expect(found({ headers: { [header]: 'hunter2' } })).toEqual([at]);
    expect(found({ headers: { [header]: '${TOKEN}' } })).toEqual([]);
  });

  it.each(['X-Author', 'Accept', 'User-Agent', 'X-Monkey', 'Keep-Alive'])('the header %s is none', (header) => {
    expect(found({ headers: { [header]: 'network' } })).toEqual([]);
  });
});
