import type { JsonObject } from '../../kubernetes/json';
import type { KernelModuleProps } from '../cluster-props';
import { document, isMultidoc, nodePropsOf } from '../setting';
import type { Setting } from '../setting';

/** Kernel modules to load. The section is a list, which appends; a document is merged into the one of its name, but its parameters append. */
export const kernelModules: Setting = {
  name: 'kernel-modules',
  wanted: ({ talos }) => nodePropsOf(talos).some(([, props]) => (props.kernelModules ?? []).length > 0),
  asDocuments: isMultidoc,
  section: ({ talos }) =>
    nodePropsOf(talos).flatMap(([output, { kernelModules: modules = [] }]) =>
      modules.length === 0 ? [] : [{ output, document: { machine: { kernel: { modules: modules.map(fields) } } } }],
    ),
  documents: ({ talos }) =>
    nodePropsOf(talos).flatMap(([output, { kernelModules: modules = [] }]) =>
      modules.map((module) => ({ output, document: document('KernelModuleConfig', fields(module)) })),
    ),
};

function fields({ name, parameters = [] }: KernelModuleProps): JsonObject {
  return parameters.length === 0 ? { name } : { name, parameters };
}
