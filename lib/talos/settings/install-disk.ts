import { document, isMultidoc } from '../setting';
import type { Setting } from '../setting';

/** The disk that Talos installs itself to, not wiped first: as `talosctl gen config --install-disk` writes it. */
export const installDisk: Setting = {
  name: 'install-disk',
  wanted: ({ talos }) => talos.given.installDisk !== undefined,
  asDocuments: isMultidoc,
  section: ({ talos }) => [{ output: 'all', document: { machine: { install: { disk: talos.given.installDisk } } } }],
  documents: ({ talos }) => [
    {
      output: 'all',
      document: document('UnattendedInstallConfig', {
        provisioning: { diskSelector: { match: matching(talos.given.installDisk ?? '') }, wipe: false },
      }),
    },
  ],
};

/** A CEL expression for one disk; names below /dev/disk are links to it. */
function matching(path: string): string {
  return path.startsWith('/dev/disk/') ? `"${path}" in disk.symlinks` : `disk.dev_path == "${path}"`;
}
