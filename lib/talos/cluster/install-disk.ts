import { text } from '../../props/shape';
import { problem } from '../../rules/rule';
import { document, nodesOf } from './setting';
import type { ClusterWith, NodeSetting, OnNodes, Output } from './setting';

export interface InstallDiskSetting {
  /** `/dev/sda`, `/dev/disk/by-id/…`. @default - as generated */
  readonly installDisk?: string;
}

/**
 * The disk that Talos is installed to, without wiping it first: as `talosctl gen config --install-disk` writes it.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/runtime/unattendedinstallconfig
 */
export const installDisk: NodeSetting<InstallDiskSetting> = {
  name: 'install-disk',
  nodeShape: { installDisk: text },
  since: '1.14',
  generatedSince: '1.14',
  sections: ['machine.install'],
  wanted: ({ talos }) => disks(talos).length > 0,
  section: ({ talos }) =>
    disks(talos).map(({ output, disk }) => ({ output, document: { machine: { install: { disk } } } })),
  documents: ({ talos }) =>
    disks(talos).map(({ output, disk }) => ({
      output,
      document: document('UnattendedInstallConfig', {
        provisioning: { diskSelector: { match: matching(disk) }, wipe: false },
      }),
    })),
  rules: [
    {
      id: 'talos-cluster/install-disk',
      level: 'error',
      find: (talos) =>
        disks(talos).flatMap(({ place, disk }) =>
          /^\/dev\/[^\s"\\]+$/.test(disk)
            ? []
            : problem(
                `talos.${place}installDisk`,
                `'${disk}' is not a device path.`,
                'Write it as /dev/sda or /dev/disk/by-id/….',
              ),
        ),
      examples: { bad: { installDisk: 'sda' }, good: { installDisk: '/dev/sda' } },
    },
  ],
};

interface Disk {
  readonly output: Output;
  readonly place: string;
  readonly disk: string;
}

function disks(talos: ClusterWith<OnNodes<InstallDiskSetting>>): readonly Disk[] {
  return nodesOf<InstallDiskSetting>(talos).flatMap(({ output, place, props: { installDisk: disk } }) =>
    disk === undefined ? [] : [{ output, place, disk }],
  );
}

/** A CEL expression for one disk; names below /dev/disk are links to it. */
function matching(path: string): string {
  return path.startsWith('/dev/disk/') ? `"${path}" in disk.symlinks` : `disk.dev_path == "${path}"`;
}
