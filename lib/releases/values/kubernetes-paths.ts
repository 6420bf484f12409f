import { isUntyped } from './kubernetes-types';
import type { ValueTable } from './kubernetes-types';
import { shapeAt, sortedChildren } from './tree';
import type { Node } from './tree';

/** The paths of values by their types of Kubernetes, and the open maps and lists that the table has no entry for. */
export function kubernetesTypes(
  root: Node,
  table: ValueTable | undefined,
): { readonly byType: Readonly<Record<string, readonly string[]>>; readonly unknown: readonly string[] } {
  const byType: Record<string, string[]> = {};
  const unknown: string[] = [];
  const walk = (node: Node, path: string): void => {
    for (const [name, child] of sortedChildren(node)) {
      const at = path === '' ? name : `${path}.${name}`;
      const shape = shapeAt(child);
      const type = table?.typeAt(at, shape);
      if (type !== undefined) (byType[type] ??= []).push(at);
      else if (child.children.size === 0 && isUntyped(shape) && table?.reasonAt(at) === undefined) unknown.push(at);
      walk(child, at);
    }
  };
  walk(root, '');
  return { byType, unknown: table === undefined ? [] : unknown };
}
