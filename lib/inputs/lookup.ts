/** Finds the objects and files that an input refers to: in the same file, in its folder, among files that the user names. */
import { isMap } from '../kubernetes/json';
import { isObject, readText } from './document';
import type { InputDocument } from './document';
import { Node } from './entry';
import { besides } from './files';
import type { Files } from './files';
import type { Variables } from './placeholders';

/** How an input is read. */
export interface InputOptions {
  /** Values of placeholders by name. Default: none. */
  readonly variables?: Variables;
  /** The release to read, by name or as `namespace/name`, where an input has several. */
  readonly release?: string | undefined;
  /** More files with objects that the input refers to. Default: none. */
  readonly include?: readonly string[] | undefined;
  /** Default: those of this machine. */
  readonly files?: Files;
}

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** A text that an object holds, in a scalar or in a file. */
export type Held =
  | { readonly is: 'scalar'; readonly node: Node; readonly isBase64: boolean }
  | { readonly is: 'file'; readonly path: string };

/** Looks for what one input refers to. Files are read when something is not found in the input. */
export class Lookup {
  private readonly parsed = new Map<string, readonly InputDocument[]>();

  constructor(
    private readonly file: string,
    private readonly own: () => readonly InputDocument[],
    private readonly options: Required<Pick<InputOptions, 'files' | 'variables' | 'include'>>,
  ) {}

  /** An object by kind and name. */
  object(kind: string, name: string): InputDocument | undefined {
    const isIt = ({ data }: InputDocument): boolean =>
      isObject(data) && data.kind === kind && isMap(data.metadata) && data.metadata.name === name;
    const here = this.own().find(isIt);
    if (here !== undefined) return here;
    for (const path of this.others()) {
      // Files that do not name it are not parsed.
      if (this.options.files.read(path)?.includes(name) !== true) continue;
      const found = this.documentsOf(path).find(isIt);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The text of a key of a ConfigMap or Secret, which a generator of kustomize may make. */
  held(kind: string, name: string, key: string): Held | undefined {
    const found = this.object(kind, name);
    if (found !== undefined) {
      const root = Node.root(found);
      for (const [field, isBase64] of [
        ['stringData', false],
        ['data', kind === 'Secret'],
      ] as const) {
        const node = entryOf(root.at(field), key);
        if (node !== undefined) return { is: 'scalar', node, isBase64 };
      }
    }
    for (const [folder, kustomization] of this.kustomizations()) {
      const generators = kustomization.at(kind === 'Secret' ? 'secretGenerator' : 'configMapGenerator').items;
      for (const generator of generators.filter((one) => one.at('name').text === name)) {
        for (const { text = '' } of generator.at('files').items) {
          const at = text.indexOf('=');
          const path = text.slice(at + 1);
          if ((at === -1 ? path.split('/').at(-1) : text.slice(0, at)) === key)
            return { is: 'file', path: besides(`${folder}/x`, path) };
        }
      }
    }
    return undefined;
  }

  /** The namespace that the kustomization of the folder gives to its objects. */
  kustomizeNamespace(): string | undefined {
    for (const [, kustomization] of this.kustomizations()) {
      const namespace = kustomization.at('namespace').text;
      if (namespace !== undefined) return namespace;
    }
    return undefined;
  }

  /** The dependency on Cilium of the chart in the folder. */
  chart(): Node | undefined {
    const path = besides(this.file, 'Chart.yaml');
    const [document] = this.options.files.read(path) === undefined ? [] : this.documentsOf(path);
    return document === undefined ? undefined : Node.root(document);
  }

  /** The kustomizations of the folder and of the one above. */
  private *kustomizations(): Generator<readonly [folder: string, root: Node]> {
    for (const up of ['.', '..'])
      for (const name of KUSTOMIZATIONS) {
        const path = besides(this.file, `${up}/${name}`);
        if (this.options.files.read(path) === undefined) continue;
        for (const document of this.documentsOf(path)) yield [besides(this.file, up), Node.root(document)] as const;
      }
  }

  private others(): readonly string[] {
    const folder = besides(this.file, '.');
    const beside = this.options.files
      .list(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => besides(this.file, name));
    return [...this.options.include, ...beside.filter((path) => path !== this.file)];
  }

  private documentsOf(path: string): readonly InputDocument[] {
    const known = this.parsed.get(path);
    if (known !== undefined) return known;
    const text = this.options.files.read(path) ?? '';
    const { documents } = readText({ name: path, text }, this.options.variables);
    this.parsed.set(path, documents);
    return documents;
  }
}

/** The entry of a map, whose name may have dots. */
function entryOf(map: Node, key: string): Node | undefined {
  return map.entries.find(([name]) => name === key)?.[1];
}
