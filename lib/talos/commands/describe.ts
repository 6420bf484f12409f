import { checkArguments } from '../../props/check';
import { listOf, needed, props as propsOf, text } from '../../props/shape';
import { adoptCertificatesCommands, renewCertificatesCommands } from './certificates';
import { changeCommands } from './change';
import type { Command, CommandsInput, CommandsProps } from './command';
import { createCommands } from './create';
import { handOverCommands } from './hand-over';
import { rollbackCommands } from './rollback';
import { verifyCommands } from './verify';

export type { Command, CommandNode, CommandsInput, CommandsProps } from './command';

/** The commands over the life of a patch, each list in order. */
export interface TalosCommands {
  /** From nothing to a cluster. */
  readonly create: readonly Command[];
  /** For a running cluster, when the patch has changed. */
  readonly change: readonly Command[];
  /** Verify nodes and Cilium, after any of the others. */
  readonly verify: readonly Command[];
  /** Back to the configs that the first commands of `change` saved. */
  readonly rollback: readonly Command[];
  /** Transfer the objects of the inline manifests from Talos to Flux, Argo CD or Helm. */
  readonly handOver: readonly Command[];
  /** Renew the certificates of Hubble and of the mesh now, where certgen makes them; otherwise empty. */
  readonly renewCertificates: readonly Command[];
  /**
   * From certificates that Helm generated (method `helm`) to those of certgen, without an interruption: in place of `change`.
   * Empty where certgen makes none.
   */
  readonly adoptCertificates: readonly Command[];
}

/** The exact commands for a patch and its Talos release. */
export function talosCommands(input: CommandsInput, props: CommandsProps = {}): TalosCommands {
  return {
    create: createCommands(input, props),
    change: changeCommands(input, props),
    verify: verifyCommands(input, props),
    rollback: rollbackCommands(input, props),
    handOver: handOverCommands(input, props),
    renewCertificates: renewCertificatesCommands(input),
    adoptCertificates: adoptCertificatesCommands(input, props),
  };
}

const ARGUMENTS = propsOf<{ readonly commands: readonly Command[] }>({
  commands: needed(listOf(propsOf<Command>({ run: needed(text), why: needed(text) }))),
});

/** Commands as a shell script with their reasons as comments. */
export function describeCommands(commands: readonly Command[]): string {
  checkArguments('describeCommands', { commands }, ARGUMENTS);
  return commands.map(({ run, why }) => `# ${why}\n${run}\n`).join('\n');
}
