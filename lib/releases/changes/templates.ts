/** Takes templates apart as far as a comparison needs it: where something stands, under which conditions, over which values. */
import { readsOf, withoutComments } from '../values/reads';

/** Something found in a template. */
export interface Site {
  /** Path of the template below the chart's folder. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Conditions around it, outermost first, white space folded. Only compared, never printed. */
  readonly conditions: readonly string[];
  /** What is written there, white space folded. Only compared, never printed. */
  readonly text: string;
  /** Values that the conditions and the text read. */
  readonly reads: readonly string[];
}

/** An object of a template. */
export interface ObjectSite extends Site {
  readonly kind: string;
  /** `undefined` where the name is computed. */
  readonly name: string | undefined;
}

interface Action {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Around the action itself. */
  readonly conditions: readonly string[];
}

/** A template with its actions and the values of its variables. */
interface Template {
  readonly file: string;
  readonly text: string;
  readonly actions: readonly Action[];
  readonly variables: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Keys of `cilium-config`, each with the places that write it. */
export function configKeys(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly Site[]> {
  const file = 'templates/cilium-configmap.yaml';
  const template = read(file, files.get(file) ?? '');
  const found = new Map<string, Site[]>();
  const from = /^data:/m.exec(template.text)?.index ?? template.text.length;
  for (const match of template.text.matchAll(/^ {2}["']?([A-Za-z0-9][\w.-]*)["']?:(.*)$/gm)) {
    if (match.index < from || isInside(template, match.index)) continue;
    found.set(match[1], [...(found.get(match[1]) ?? []), site(template, match.index, match[2])]);
  }
  return found;
}

/** Objects that templates write. */
export function objects(files: ReadonlyMap<string, string>): readonly ObjectSite[] {
  return templates(files).flatMap((template) =>
    [...template.text.matchAll(/^kind: *(.+)$/gm)].map((match): ObjectSite => {
      const rest = template.text.slice(match.index);
      const written = /^metadata:\n(?:.*\n)*? {2}name: *(.+)$/m.exec(rest)?.[1].trim() ?? '';
      const kind = match[1].trim();
      return {
        ...site(template, match.index, `${kind} ${written}`),
        kind: kind.includes('{{') ? '(computed kind)' : kind,
        name: written === '' || written.includes('{{') ? undefined : written.replace(/^["']|["']$/g, ''),
      };
    }),
  );
}

/** Places where a template stops the render: `fail` and `required`. */
export function refusals(files: ReadonlyMap<string, string>): readonly Site[] {
  return templates(files).flatMap((template) =>
    template.actions
      .filter(({ text }) => /(^|[\s(|])(fail|required)\s/.test(withoutTexts(text)))
      .map(({ start, text, conditions }): Site => {
        const reads = [...conditions, withoutTexts(text)].flatMap((part) =>
          readsWithVariables(part, template.variables),
        );
        return { ...site(template, start, text), conditions, reads: [...new Set(reads)].sort() };
      }),
  );
}

function templates(files: ReadonlyMap<string, string>): readonly Template[] {
  return [...files]
    .filter(([path]) => /^templates\/.*\.(yaml|tpl|txt)$/.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => read(path, text));
}

function read(file: string, written: string): Template {
  const text = withoutComments(written);
  const actions = actionsOf(text);
  const variables = new Map<string, Set<string>>();
  for (const { text: action, conditions } of actions) {
    const [, name, expression] = /^\$(\w+)\s*:?=\s*(.*)$/s.exec(action) ?? [];
    if (name === undefined) continue;
    const reads = [...conditions, expression].flatMap((part) => readsWithVariables(part, variables));
    variables.set(name, new Set([...(variables.get(name) ?? []), ...reads]));
  }
  return { file, text, actions, variables };
}

function actionsOf(text: string): readonly Action[] {
  const stack: string[] = [];
  const actions: Action[] = [];
  for (const match of text.matchAll(/\{\{-?([\s\S]*?)-?\}\}/g)) {
    const action = folded(match[1]);
    const word = /^\w+/.exec(action)?.[0] ?? '';
    if (word === 'end') stack.pop();
    else if (word === 'else') stack.push(`${stack.pop() ?? ''}; ${action}`);
    actions.push({ start: match.index, end: match.index + match[0].length, text: action, conditions: [...stack] });
    if (['if', 'with', 'range', 'define', 'block'].includes(word)) stack.push(action);
  }
  return actions;
}

function site({ file, text, actions, variables }: Template, index: number, written: string): Site {
  const before = actions.findLast(({ end }) => end <= index);
  const conditions = before === undefined ? [] : after(before);
  const reads = [...conditions, written].flatMap((part) => readsWithVariables(part, variables));
  return {
    file,
    line: text.slice(0, index).split('\n').length,
    conditions,
    text: folded(written),
    reads: [...new Set(reads)].sort(),
  };
}

/** The conditions behind an action. */
function after({ text, conditions }: Action): readonly string[] {
  return /^(if|with|range|define|block)\b/.test(text) ? [...conditions, text] : conditions;
}

function isInside({ actions }: Template, index: number): boolean {
  return actions.some(({ start, end }) => start < index && index < end);
}

function readsWithVariables(text: string, variables: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const named = [...text.matchAll(/\$(\w+)/g)].flatMap(([, name]) => [...(variables.get(name) ?? [])]);
  return [...readsOf(text), ...named];
}

function withoutTexts(action: string): string {
  return action.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
