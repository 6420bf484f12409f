/** What changed in the values of a chart: names, defaults, types, reads and images. */
import type { Json } from '../../kubernetes/json';
import type { Chart } from './chart';
import { ancestors, defaultLeaves } from './chart';
import type { Change, Part } from './report';

const IMAGE_LEAF = /\.(repository|tag|digest|[a-z]+Digest)$/;

export function valueParts(before: Chart, after: Chart): readonly Part[] {
  const [a, b] = [defaultLeaves(before), defaultLeaves(after)];
  const images = (path: string): boolean => isImageLeaf(path, a) || isImageLeaf(path, b);
  const [known, now] = [allValues(before, a), allValues(after, b)];
  const both = [...now].filter((path) => known.has(path) && a.has(path) && b.has(path));
  const typed = [...after.types].filter(([path, type]) => before.types.has(path) && before.types.get(path) !== type);
  return [
    {
      title: 'values added',
      changes: only(now, known).map((path) =>
        change(path, `${after.types.get(path) ?? ''}, default ${show(b.get(path))}`),
      ),
    },
    { title: 'values removed', changes: only(known, now).map((path) => change(path)) },
    {
      title: 'defaults changed',
      changes: both
        .filter((path) => !images(path) && JSON.stringify(a.get(path)) !== JSON.stringify(b.get(path)))
        .sort()
        .map((path) => change(path, `${show(a.get(path))} -> ${show(b.get(path))}`)),
    },
    {
      title: 'types changed',
      changes: typed.map(([path, type]) => change(path, `${before.types.get(path) ?? ''} -> ${type}`)).sort(byWhat),
    },
    { title: 'hidden reads added', changes: only(hiddenReads(after), hiddenReads(before)).map((path) => change(path)) },
    {
      title: 'hidden reads removed',
      changes: only(hiddenReads(before), hiddenReads(after)).map((path) => change(path)),
    },
    {
      title: 'images',
      changes: [...new Set([...a.keys(), ...b.keys()])]
        .filter(images)
        .sort()
        .flatMap((path) => image(path, a, b)),
    },
  ];
}

function change(path: string, detail?: string): Change {
  return { what: path, detail, subjects: [{ value: path }] };
}

function image(path: string, a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): readonly Change[] {
  const [old, fresh] = [a.get(path), b.get(path)];
  // The section is what our files name.
  const subjects = [{ value: path.slice(0, path.lastIndexOf('.')) }];
  return JSON.stringify(old) === JSON.stringify(fresh)
    ? []
    : [{ what: path, detail: `${show(old)} -> ${show(fresh)}`, subjects }];
}

function isImageLeaf(path: string, defaults: ReadonlyMap<string, Json>): boolean {
  return IMAGE_LEAF.test(path) && defaults.has(`${path.slice(0, path.lastIndexOf('.'))}.repository`);
}

function allValues({ types }: Chart, defaults: ReadonlyMap<string, Json>): ReadonlySet<string> {
  return new Set([...types.keys(), ...defaults.keys()]);
}

/** Reads of what neither the schema nor values.yaml declares: below a section, not below a free map. */
function hiddenReads(chart: Chart): ReadonlySet<string> {
  const declared = new Set([...allValues(chart, defaultLeaves(chart))].flatMap((path) => [path, ...ancestors(path)]));
  const free = (path: string): boolean => /(^|\|)(map|any)/.test(chart.types.get(path) ?? '');
  return new Set(chart.reads.filter((path) => !declared.has(path) && !ancestors(path).some(free)));
}

function only(these: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...these].filter((path) => !others.has(path)).sort();
}

function show(value: Json | undefined): string {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value);
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}

function byWhat(a: Change, b: Change): number {
  return a.what < b.what ? -1 : 1;
}
