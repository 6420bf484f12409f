import type { TalosCluster } from './cluster';
import type { RenderedTalosPatch } from './render';

/**
 * The report of a patch as JSON, for scripts that deploy it: per file and per inline manifest its objects, bytes, gzip bytes and
 * SHA-256, the props whose lists append when the patch is applied again, and the warnings. The same patch gives the same bytes.
 */
export function reportText({ report, findings, appends }: RenderedTalosPatch, { talosVersion, generatedBy }: TalosCluster): string {
  const outputs = report.map(({ file, objects, bytes, gzipBytes, sha256, manifests }) => ({
    file,
    objects,
    bytes,
    gzipBytes,
    sha256,
    manifests: manifests.map((manifest) => ({
      name: manifest.name,
      objects: manifest.objects,
      bytes: manifest.bytes,
      gzipBytes: manifest.gzipBytes,
      sha256: manifest.sha256,
    })),
  }));
  const warnings = findings.map(({ id, at, says, fix }) => ({ id, at, says, fix }));
  return `${JSON.stringify({ talosVersion, generatedBy, appends, outputs, warnings }, undefined, 2)}\n`;
}
