import { document, nodePropsOf } from './setting';
import type { Output, Setting } from './setting';
import type { TalosCluster } from './cluster';

/** The disk that Talos installs itself to, not wiped first: as `talosctl gen config --install-disk` writes it. */
export const installDisk: Setting = {
  name: 'install-disk',
  since: '1.14',
  generatedSince: '1.14',
  sections: ['machine.install'],
  wanted: ({ talos }) => disks(talos).length > 0,
  section: ({ talos }) =>
    disks(talos).map(([output, disk]) => ({ output, document: { machine: { install: { disk } } } })),
  documents: ({ talos }) =>
    disks(talos).map(([output, disk]) => ({
      output,
      document: document('UnattendedInstallConfig', {
        provisioning: { diskSelector: { match: matching(disk) }, wipe: false },
      }),
    })),
};

function disks(talos: TalosCluster): readonly (readonly [Output, string])[] {
  return nodePropsOf(talos).flatMap(([output, { installDisk: disk }]) =>
    disk === undefined ? [] : [[output, disk] as const],
  );
}

/** A CEL expression for one disk; names below /dev/disk are links to it. */
function matching(path: string): string {
  return path.startsWith('/dev/disk/') ? `"${path}" in disk.symlinks` : `disk.dev_path == "${path}"`;
}
