/** Which template of the chart prints which object: read from the templates, judged by the `# Source:` lines of Helm. */

/** One object that a template may print. */
export interface TemplateObject {
  /** The file, `templates/cilium-agent/daemonset.yaml`. */
  readonly source: string;
  readonly kind: string;
  /** The name; `{a.b}` is the text of a value, and `*` any text. */
  readonly name: string;
}

const DOCUMENT = /^kind: *(?<kind>.*)$(?<rest>(?:\n(?!kind:|---).*)*)/gm;
const NAME = /^metadata:\n(?:(?: {2}.*|\s*\{\{.*\}\}.*|)\n)*? {2}name: *(?<name>.*)$/m;

/** The objects of all templates, in the order in which Helm prints those of one kind: by file, and as in the file. */
export function templateObjects(
  files: readonly { readonly path: string; readonly text: string }[],
): readonly TemplateObject[] {
  return files
    .map(({ path, text }) => ({ source: path.replace(/^[^/]*\//, ''), text }))
    .filter(({ source }) => isPrinted(source))
    .sort((a, b) => (a.source < b.source ? -1 : 1))
    .flatMap(({ source, text }) => {
      const found = [...text.matchAll(DOCUMENT)].flatMap(({ groups: { kind = '', rest = '' } = {} }) => {
        const name = nameOf(NAME.exec(rest)?.groups?.name ?? '');
        return kindsOf(kind).map((one) => ({ source, kind: one, name }));
      });
      return [...new Map(found.map((one) => [`${one.kind} ${one.name}`, one])).values()];
    });
}

/** Key material that Helm makes while it renders has no object here (docs/parity.md). */
function isPrinted(source: string): boolean {
  return /^templates\/(?:.*\/)?[^_/][^/]*\.ya?ml$/.test(source) && !source.includes('/tls-helm/');
}

function kindsOf(kind: string): readonly string[] {
  return /^\w+$/.test(kind) ? [kind] : [...kind.matchAll(/"(\w+)"/g)].map(([, one = '']) => one);
}

function nameOf(written: string): string {
  return written.replace(/^"(.*)"$/, '$1').replace(/\{\{-? *(.*?) *-?\}\}/g, (_, action: string) => {
    const [, path] = /^\.Values\.([\w.]+)(?: *\| *quote)?$/.exec(action) ?? [];
    return path === undefined ? '*' : `{${path}}`;
  });
}
