/** What changed in the templates of a chart: config keys, objects, refusals and the files themselves. */
import type { Chart } from './chart';
import { changedLines } from './lines';
import type { Change, Part } from './report';
import type { ObjectSite, Site } from './templates';
import { configKeys, objects, refusals } from './templates';

export function templateParts(before: Chart, after: Chart): readonly Part[] {
  return [
    ...configParts(before, after),
    ...objectParts(before, after),
    ...refusalParts(before, after),
    fileParts(before, after),
  ];
}

function configParts(before: Chart, after: Chart): readonly Part[] {
  const [a, b] = [configKeys(before.files), configKeys(after.files)];
  const change = (key: string, detail?: string): Change => ({ what: key, detail, subjects: [{ word: key }] });
  const both = [...b.keys()].sort().flatMap((key) => {
    const old = a.get(key);
    return old === undefined ? [] : [{ key, old, fresh: b.get(key) ?? [] }];
  });
  const moved = both.filter(({ old, fresh }) => !same(old, fresh, conditionsOf));
  return [
    { title: 'config keys added', changes: missing(b, a).map((key) => change(key, asks(b.get(key) ?? []))) },
    { title: 'config keys removed', changes: missing(a, b).map((key) => change(key)) },
    {
      title: 'config keys under another condition',
      changes: moved.map(({ key, old, fresh }) => change(key, changedReads(old, fresh))),
    },
    {
      title: 'config keys written otherwise',
      changes: both
        .filter(({ old, fresh }) => !same(old, fresh, ({ text }) => text))
        .map(({ key, old, fresh }) => change(key, changedReads(old, fresh))),
    },
  ];
}

function objectParts(before: Chart, after: Chart): readonly Part[] {
  const [a, b] = [objects(before.files), objects(after.files)];
  const known = (list: readonly ObjectSite[], { text }: ObjectSite): boolean =>
    list.some((other) => other.text === text);
  const change = ({ kind, name, file }: ObjectSite): Change => ({
    what: `${kind} ${name ?? '(computed name)'}`,
    detail: file,
    subjects: [...(name === undefined ? [] : [{ kind, name }]), { template: file }],
  });
  return [
    { title: 'objects added', changes: b.filter((object) => !known(a, object)).map(change) },
    { title: 'objects removed', changes: a.filter((object) => !known(b, object)).map(change) },
  ];
}

function refusalParts(before: Chart, after: Chart): readonly Part[] {
  const [a, b] = [refusals(before.files), refusals(after.files)];
  const change = ({ file, line, reads }: Site): Change => ({
    what: `${file}:${String(line)}`,
    detail: reads.length === 0 ? undefined : `asks ${reads.join(', ')}`,
    subjects: reads.length === 0 ? [{ template: file }] : reads.map((value) => ({ value })),
  });
  const lacks = (list: readonly Site[], site: Site): boolean =>
    !list.some((other) => other.file === site.file && other.text === site.text);
  const elsewhere = b.filter(
    (site) =>
      !lacks(a, site) && !a.some((other) => other.text === site.text && conditionsOf(other) === conditionsOf(site)),
  );
  return [
    { title: 'new places that refuse (fail, required)', changes: b.filter((site) => lacks(a, site)).map(change) },
    { title: 'places that refuse under another condition', changes: elsewhere.map(change) },
    {
      title: `places that refuse no more (lines of ${before.version})`,
      changes: a.filter((site) => lacks(b, site)).map(change),
    },
  ];
}

function fileParts(before: Chart, after: Chart): Part {
  const ours = (path: string): boolean => /^(templates|files)\//.test(path);
  const paths = [...new Set([...before.files.keys(), ...after.files.keys()])].filter(ours).sort();
  const changes = paths.flatMap((path): Change[] => {
    const [old, fresh] = [before.files.get(path), after.files.get(path)];
    if (old === fresh) return [];
    const { added, removed } = changedLines(old ?? '', fresh ?? '');
    const word = old === undefined ? 'new, ' : fresh === undefined ? 'gone, ' : '';
    return [
      { what: path, detail: `${word}+${String(added)} -${String(removed)} lines`, subjects: [{ template: path }] },
    ];
  });
  return { title: 'templates and files touched', changes };
}

function missing(these: ReadonlyMap<string, unknown>, others: ReadonlyMap<string, unknown>): readonly string[] {
  return [...these.keys()].filter((key) => !others.has(key)).sort();
}

function conditionsOf({ conditions }: Site): string {
  return conditions.join('\n');
}

function same(a: readonly Site[], b: readonly Site[], what: (site: Site) => string): boolean {
  return JSON.stringify(a.map(what).sort()) === JSON.stringify(b.map(what).sort());
}

function readsOfSites(sites: readonly Site[]): readonly string[] {
  return [...new Set(sites.flatMap(({ reads }) => reads))].sort();
}

function asks(sites: readonly Site[]): string | undefined {
  const reads = readsOfSites(sites);
  return reads.length === 0 ? undefined : `asks ${reads.join(', ')}`;
}

function changedReads(old: readonly Site[], fresh: readonly Site[]): string {
  const [a, b] = [readsOfSites(old), readsOfSites(fresh)];
  const more = b.filter((path) => !a.includes(path)).map((path) => `+${path}`);
  const less = a.filter((path) => !b.includes(path)).map((path) => `-${path}`);
  return more.length + less.length === 0 ? 'asks the same values' : `asks ${[...more, ...less].join(', ')}`;
}
