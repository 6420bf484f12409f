import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject, PolicyRule } from '../kubernetes/types';
import { printNumber } from '../helm/numbers';
import type { ConfigValue, Contribution, Contributions, PodContribution } from './feature';

/** One contribution and its feature. */
export interface Contributor {
  readonly name: string;
  readonly contribution: Contribution;
}

/** The merged contributions, with the features that wrote them. */
export interface Merged extends Contributions {
  readonly objects: readonly { readonly by: string; readonly object: KubernetesObject }[];
  /** Line of the output -> the features that wrote it: `config enable-ipv4`, `agent volume bpf-maps`, `permission …`. */
  readonly provenance: ReadonlyMap<string, readonly string[]>;
}

type Pod = 'agent' | 'operator' | 'envoy';
type Item<Slot extends keyof PodContribution> = Required<PodContribution>[Slot][number];

/**
 * Add-only union of contributions. The order of contributors changes only the order of lists.
 * @throws CiliumError naming both writers, for every config key written twice and every two different volumes, mounts,
 *   env entries, ports or containers of one name. The same volume written twice is one volume.
 */
export function mergeContributions(contributors: readonly Contributor[]): Merged {
  const book = new Book();
  const config: Record<string, string> = {};
  for (const { name, contribution } of contributors) {
    for (const [key, value] of Object.entries(contribution.config ?? {})) {
      if (value === undefined || value === null) continue;
      if (book.claim(`config ${key}`, name, value, { exclusive: true })) config[key] = configText(value);
    }
  }
  const merged: Merged = {
    config,
    agent: mergePod('agent', contributors, book),
    operator: mergePod('operator', contributors, book),
    envoy: mergePod('envoy', contributors, book),
    permissions: {
      agent: mergePermissions('agent', contributors, book),
      operator: mergePermissions('operator', contributors, book),
    },
    objects: contributors.flatMap(({ name, contribution }) =>
      (contribution.objects ?? []).map((object) => ({ by: name, object })),
    ),
    provenance: book.writers,
  };
  book.refuseConflicts();
  return merged;
}

/** How a config value is printed: strings as they are, booleans as true or false, numbers as plain decimals. */
export function configText(value: Exclude<ConfigValue, null | undefined>): string {
  return typeof value === 'number' ? printNumber(value) : String(value);
}

function mergePod(pod: Pod, contributors: readonly Contributor[], book: Book): Required<PodContribution> {
  const union = <Slot extends keyof PodContribution>(
    slot: Slot,
    line: (item: Item<Slot>) => string,
  ): readonly Item<Slot>[] =>
    contributors.flatMap(({ name, contribution }) =>
      ((contribution[pod]?.[slot] ?? []) as readonly Item<Slot>[]).filter((item) =>
        book.claim(`${pod} ${line(item)}`, name, item),
      ),
    );
  return {
    volumes: union('volumes', ({ name }) => `volume ${String(name)}`),
    mounts: union('mounts', ({ mountPath }) => `mount ${String(mountPath)}`),
    env: union('env', ({ name }) => `env ${name}`),
    ports: union('ports', ({ name, containerPort }) => `port ${name ?? String(containerPort)}`),
    initContainers: union('initContainers', ({ name }) => `init container ${name}`),
    containers: union('containers', ({ name }) => `container ${name}`),
    args: union('args', (arg) => `arg ${arg}`),
  };
}

function mergePermissions(
  pod: 'agent' | 'operator',
  contributors: readonly Contributor[],
  book: Book,
): readonly PolicyRule[] {
  return contributors.flatMap(({ name, contribution }) =>
    (contribution.permissions?.[pod] ?? []).map((rule) => {
      for (const group of rule.apiGroups)
        for (const resource of rule.resources)
          book.note(`${pod} permission ${resource}${group === '' ? '' : `.${group}`}`, name);
      return rule;
    }),
  );
}

/** The features that wrote each line, and the lines that two of them wrote differently. */
class Book {
  readonly writers = new Map<string, string[]>();
  private readonly first = new Map<string, unknown>();
  private readonly conflicts: Finding[] = [];

  /** True when this writer is the first; a second one must write the same, or nothing at all when `exclusive`. */
  claim(line: string, by: string, item: unknown, { exclusive = false } = {}): boolean {
    const earlier = this.writers.get(line)?.[0];
    this.note(line, by);
    if (earlier === undefined) {
      this.first.set(line, item);
      return true;
    }
    if (exclusive || !isDeepStrictEqual(this.first.get(line), item)) {
      this.conflicts.push({
        id: 'features/conflict',
        level: 'error',
        paths: [line],
        message: `Written by two features, '${earlier}' and '${by}'.`,
        hint: 'Contributions only add: let one feature write it, or use another name.',
      });
    }
    return false;
  }

  note(line: string, by: string): void {
    const names = this.writers.get(line) ?? [];
    if (!names.includes(by)) this.writers.set(line, [...names, by]);
  }

  refuseConflicts(): void {
    if (this.conflicts.length > 0) throw new CiliumError(this.conflicts, 'Features contradict each other');
  }
}
