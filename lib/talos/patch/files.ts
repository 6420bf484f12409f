import type { Output } from '../cluster/setting';

/**
 * Name of the file of a patch: `controlplane.patch.yaml`. talosctl names the machine configs that it generates `controlplane.yaml`
 * and `worker.yaml`.
 */
export function patchFile(output: Output): string {
  return `${output}.patch.yaml`;
}

/** The file of a patch as an argument of talosctl: `@talos/all.patch.yaml`, in quotes where a shell needs them. */
export function patchArgument(folder: string, output: Output): string {
  const argument = `@${folder}/${patchFile(output)}`;
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
