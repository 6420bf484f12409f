import type { JsonObject } from '../../kubernetes/json';
import type { KernelModuleProps } from './props';
import { GONE, document, nodePropsOf, setAnew } from './setting';
import type { Needs, Output, Setting, Statement } from './setting';

/**
 * Kernel modules to load. The section is a list, which appends, and of two items with one name nodes take the later. Documents exclude no
 * section, and win over it; their parameters append, so that those of all nodes go before those of a role are set.
 */
export const kernelModules: Setting = {
  name: 'kernel-modules',
  since: '1.14',
  sections: [],
  wanted: (needs) => modulesOf(needs).length > 0,
  section: (needs) =>
    modulesOf(needs).map(([output, modules]) => ({
      output,
      document: { machine: { kernel: { modules: modules.map(fields) } } },
    })),
  documents: (needs) =>
    modulesOf(needs).flatMap(([output, modules]) => [
      ...otherSpellings(needs, output, modules),
      ...modules.flatMap((module) =>
        setAnew(
          needs,
          output,
          document('KernelModuleConfig', fields(module)),
          document('KernelModuleConfig', { name: module.name, parameters: GONE }),
        ),
      ),
    ]),
  appends: (needs, way) => (way === 'documents' ? [] : modulesOf(needs).map(([output]) => PROPS[output])),
};

const PROPS: Readonly<Record<Output, string>> = {
  all: 'kernelModules',
  controlplane: 'controlPlanes.kernelModules',
  worker: 'workers.kernelModules',
};

function modulesOf({ talos }: Needs): readonly (readonly [Output, readonly KernelModuleProps[]])[] {
  return nodePropsOf(talos).flatMap(([output, { kernelModules: modules = [] }]) =>
    modules.length === 0 ? [] : [[output, modules] as const],
  );
}

/** A module that is written with `-` for all nodes and with `_` for a role has two documents: the role's stays. */
function otherSpellings({ talos }: Needs, output: Output, modules: readonly KernelModuleProps[]): readonly Statement[] {
  if (output === 'all') return [];
  const names = modules.map(({ name }) => name);
  const same = (talos.given.kernelModules ?? []).filter(
    ({ name }) => !names.includes(name) && names.map(plain).includes(plain(name)),
  );
  return same.map(({ name }) => ({
    output,
    place: 'first',
    document: document('KernelModuleConfig', { name, ...GONE }),
  }));
}

function plain(name: string): string {
  return name.replaceAll('-', '_');
}

function fields({ name, parameters = [] }: KernelModuleProps): JsonObject {
  return parameters.length === 0 ? { name } : { name, parameters };
}
