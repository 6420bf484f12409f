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
  return shellWord(`@${folder}/${patchFile(output)}`);
}

/** What means itself in bash, zsh and sh; `~` and `=` mean something at the start. */
const PLAIN = /^[\w@%+:,./-][\w@%+=:,./~-]*$/;

/**
 * Text as one word of a shell, in quotes where bash or zsh would read it otherwise: `'https://[fd00::5]:6443'`.
 * Variables stay ones: `"https://[$ADDRESS]:6443"`.
 * @param mayHaveVariables `$NAME` and `${NAME}` are variables.
 */
export function shellWord(text: string, mayHaveVariables = false): string {
  if (PLAIN.test(text)) return text;
  if (mayHaveVariables && text.includes('$') && /^(?:[\w@%+=:,./[\]-]|\$\w+|\$\{\w+\})+$/.test(text))
    return /^(?:[\w@%+:,./-]|\$\w+)+$/.test(text) ? text : `"${text}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
