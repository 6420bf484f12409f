/** The values whose render is nearest to some objects. */
import type { CiliumValues } from '../../imports/cilium-chart';
import { writtenObjects } from '../cilium/render';
import type { Profile } from '../cilium/versions';
import { isMap, ownValue, setOwn, valueAt } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import type { Leaf } from './leaves';
import { leavesOf } from './leaves';
import { BETWEEN, LineReader, differing, distanceOf, objectAt } from './lines';
import type { Lines } from './lines';
import { choicesOf, probesOf, readBack } from './probe';
import { LeafTable } from './table';
import { Written } from './written';

/** What a render is of, besides its values. */
export interface Surroundings {
  readonly version: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

/** What is searched. */
export interface Target {
  readonly objects: readonly KubernetesObject[];
  /** The same objects with all that is written in them, defaults of the API server, too: values are read there. */
  readonly written: readonly KubernetesObject[];
  /** A rendered object in the form of `objects`; `undefined` where that is as it is rendered. */
  readonly asCompared: undefined | ((object: KubernetesObject) => KubernetesObject);
  readonly profile: Profile;
  readonly around: Surroundings;
  /** Releases of Kubernetes that the render may have assumed, besides that of `around`. */
  readonly kubeVersions: readonly string[];
  /** Whether a line is not compared. */
  readonly isIgnored: (place: string) => boolean;
  /** Whether a value may be among those that are found. */
  readonly isUsable: (path: string, value: Json) => boolean;
  /** Paths of values whose render is refused. */
  readonly refusedPaths: (values: JsonObject, kubeVersion: string) => readonly string[];
}

/** Values with their render. */
export interface State {
  readonly values: JsonObject;
  readonly kubeVersion: string;
  /** As they are compared. */
  readonly objects: readonly KubernetesObject[];
  /** As they are rendered. */
  readonly written: readonly KubernetesObject[];
  readonly lines: Lines;
  /** How many lines differ from the wanted ones. */
  readonly distance: number;
}

/** The outcome of a search. */
export interface Found {
  readonly state: State;
  /** Places of lines that still differ. */
  readonly left: readonly string[];
  /** The lines that each value explains. */
  readonly explained: ReadonlyMap<string, readonly string[]>;
  readonly renders: number;
}

/** Searches values whose render has the wanted lines, from the defaults of the release. */
export function searchValues(target: Target): Found {
  return new Search(target).run();
}

/** A leaf that moves lines which differ. */
interface Candidate {
  readonly leaf: Leaf;
  /** How many such lines it moves; one that n leaves move counts one n-th. */
  readonly weight: number;
  /** These lines as they are. */
  readonly lines: string;
}

interface Proposal {
  readonly leaf: Leaf;
  readonly value: Json;
}

const MOST_ROUNDS = 8;

/** After so many renders, what still differs is left: some fifteen seconds of one core. */
const MOST_RENDERS = 2000;

/** A switch that makes fewer lines right is not tried with its section while it makes others wrong. */
const LEAST_RIGHT = 4;

const PAIR = 2;

/** Objects that share fewer lines with the defaults of the release are not a render of it: no values make them one. */
const LEAST_SHARED = 0.1;

class Search {
  private readonly leaves: readonly Leaf[];
  private readonly table: LeafTable;
  private readonly reader = new LineReader();
  private readonly written: Written;
  private readonly wanted: Lines;
  /** Renders since the state changed: what comes after is of other values. */
  private readonly known = new Map<string, State | undefined>();
  /** The lines that a leaf moves, as they were when it was tried last. */
  private readonly tried = new Map<string, string>();
  private state: State;
  private renders = 0;

  constructor(private readonly target: Target) {
    this.leaves = leavesOf(target.profile);
    this.table = LeafTable.of(target.profile.minor);
    this.written = new Written(target.objects, target.written);
    this.wanted = this.compared(target.objects);
    const { kubeVersion } = target.around;
    const nothing = {
      values: {},
      kubeVersion,
      objects: [],
      written: [],
      lines: new Map<string, string>(),
      distance: this.wanted.size,
    };
    this.state = this.rendered({}, kubeVersion) ?? nothing;
  }

  run(): Found {
    const { lines, distance } = this.state;
    const shared = (lines.size + this.wanted.size - distance) / 2;
    if (shared < Math.min(lines.size, this.wanted.size) * LEAST_SHARED)
      return { state: this.state, left: differing(this.wanted, lines), explained: new Map(), renders: this.renders };
    this.tryKubernetes();
    // A switch that takes away more than it brings would hide what belongs to it, so nothing that is right already is given up at first.
    for (const mayLose of [false, true, false]) this.improve(mayLose);
    this.tryConfig();
    const explained = this.prune();
    this.mend();
    return { state: this.state, left: differing(this.wanted, this.state.lines), explained, renders: this.renders };
  }

  private isDone(): boolean {
    return this.state.distance === 0 || this.renders >= MOST_RENDERS;
  }

  private improve(mayLose: boolean): void {
    for (let round = 0; round < MOST_ROUNDS && !this.isDone(); round += 1) {
      const before = this.state.distance;
      if (!mayLose && round === 0) this.tryPairs();
      if (!mayLose) this.tryTogether(this.candidates());
      for (const { leaf, lines } of this.candidates()) {
        // Nothing that a leaf moves has changed since it was tried.
        const signature = `${String(mayLose)} ${lines}`;
        if (this.tried.get(leaf.name) === signature) continue;
        this.tried.set(leaf.name, signature);
        this.tryLeaf(leaf, mayLose);
        if (this.isDone()) return;
      }
      this.tryKubernetes();
      if (this.state.distance === before) this.tryNeighbours(mayLose);
      if (this.state.distance === before) this.trySections();
      if (this.state.distance === before) this.tryWords();
      if (this.state.distance === before) return;
    }
  }

  /** Switches beside values that are found, and around them: they may show only together. */
  private tryNeighbours(mayLose: boolean): void {
    const sections = sectionsOf(this.state.values, '');
    for (const leaf of this.leaves) {
      if (this.isDone()) return;
      if (leaf.kinds.has('boolean') && sections.has(leaf.path.slice(0, -1).join('.'))) this.tryLeaf(leaf, mayLose);
    }
  }

  /** Switches and words that bring nearer only with another value of their section: a name, a namespace, a port. */
  private trySections(): void {
    for (const { leaf } of this.candidates()) {
      const section = leaf.path.slice(0, -1).join('.');
      if (section === '') continue;
      for (const choice of choicesOf(leaf)) this.tryWithSection(leaf, choice, section);
    }
  }

  private tryWithSection(leaf: Leaf, choice: Json, section: string, mayAdd = false): void {
    const before = this.state;
    if (this.isDone() || choice === (valueAt(before.values, leaf.path) ?? leaf.default)) return;
    const next = this.rendered(withValue(before.values, leaf.path, choice), before.kubeVersion);
    if (next === undefined || differing(next.lines, before.lines).length === 0) return;
    if (!mayAdd && !this.bringsNames(next) && next.distance > before.distance) return;
    this.keep(next);
    for (const other of this.candidates())
      if (other.leaf.name.startsWith(`${section}.`) && other.leaf !== leaf) this.tryLeaf(other.leaf, true);
    const found = this.state;
    if (found.distance >= before.distance || (mayAdd && this.losesFrom(before, found))) this.keep(before);
  }

  /** A method or type with the switch around it: each changes nothing without the other. */
  private tryWords(): void {
    for (const leaf of this.leaves) {
      if (this.isDone()) return;
      const enabled = leaf.words.length === 0 ? undefined : this.switchAround(leaf);
      if (enabled === undefined) continue;
      let best = this.state;
      for (const word of leaf.words) {
        const { values, kubeVersion } = this.state;
        const both = withValue(withValue(values, enabled.path, true), leaf.path, word);
        const next = this.rendered(both, kubeVersion);
        if (next !== undefined && next.distance < best.distance) best = next;
      }
      this.keep(best);
    }
  }

  private switchAround(leaf: Leaf): Leaf | undefined {
    const name = [...leaf.path.slice(0, -1), 'enabled'].join('.');
    return this.leaves.find((other) => other.name === name);
  }

  /** Texts of one section, all empty by default, that are printed only together: no line shows which one. */
  private tryPairs(): void {
    const sections = new Map<string, Leaf[]>();
    for (const leaf of this.leaves) {
      const section = leaf.path.slice(0, -1).join('.');
      if (section !== '') sections.set(section, [...(sections.get(section) ?? []), leaf]);
    }
    for (const leaves of sections.values())
      if (leaves.length === PAIR && leaves.every((leaf) => leaf.kinds.has('text') && (leaf.default ?? '') === ''))
        this.tryParts(this.readTogether(leaves));
  }

  /** Whether a render has an object that is wanted, in a namespace or with a prefix that is not. */
  private bringsNames({ lines }: State): boolean {
    const known = new Set([...this.state.lines.keys()].map(objectAt));
    const added = new Set([...lines.keys()].map(objectAt).filter((name) => !known.has(name)));
    const missing = new Set(
      [...this.wanted.keys()]
        .map(objectAt)
        .filter((name) => !known.has(name))
        .map(bareName),
    );
    return [...added].some((name) => missing.has(bareName(name)));
  }

  /** Leaves that move lines which differ: switches first, then those of most such lines. */
  private candidates(): readonly Candidate[] {
    const counts = new Map<string, { weight: number; lines: string }>();
    for (const place of differing(this.wanted, this.state.lines)) {
      const names = this.table.leavesAt(place);
      const line = `${place}=${this.state.lines.get(place) ?? ''}\n`;
      for (const name of names) {
        const known = counts.get(name) ?? { weight: 0, lines: '' };
        counts.set(name, { weight: known.weight + 1 / names.size, lines: known.lines + line });
      }
    }
    return this.leaves
      .flatMap((leaf) => {
        const count = leaf.name === 'extraConfig' ? undefined : counts.get(leaf.name);
        return count === undefined ? [] : [{ leaf, ...count }];
      })
      .sort((a, b) => Number(b.leaf.kinds.has('boolean')) - Number(a.leaf.kinds.has('boolean')) || b.weight - a.weight);
  }

  /** Tries the likeliest value of many leaves in one render, of halves of them where that is not right, and so on. */
  private tryTogether(candidates: readonly Candidate[]): void {
    const switches = candidates.flatMap(({ leaf }) => {
      const now = valueAt(this.state.values, leaf.path) ?? leaf.default;
      return typeof now === 'boolean' ? [{ leaf, value: !now }] : [];
    });
    this.tryGroup(this.bestFirst(switches));
    const printed = this.candidates()
      .map(({ leaf }) => leaf)
      .filter(({ kinds }) => [...kinds].some((kind) => kind !== 'boolean'));
    const read = this.readTogether(printed);
    this.tryGroup(read);
    this.tryParts(read);
  }

  /** In the order of what each brings nearer; the first is kept, since those after it may only show beside it. */
  private bestFirst(proposals: readonly Proposal[]): readonly Proposal[] {
    const { values, kubeVersion } = this.state;
    const rated = proposals.map((proposal) => {
      const next = this.rendered(withValue(values, proposal.leaf.path, proposal.value), kubeVersion);
      return { proposal, next, distance: next === undefined || this.loses(next) ? Infinity : next.distance };
    });
    const [widest] = rated
      .filter(({ next }) => next !== undefined && next.distance >= this.state.distance && !this.loses(next))
      .map(({ proposal, next }) => ({ proposal, right: next === undefined ? 0 : this.newlyRight(next) }))
      .sort((a, b) => b.right - a.right);
    // A switch that also prints defaults of its section, which are other values there.
    if (widest !== undefined && widest.right >= LEAST_RIGHT) {
      const { leaf, value } = widest.proposal;
      const before = this.state;
      this.tryWithSection(leaf, value, leaf.path.slice(0, -1).join('.'), true);
      if (this.state !== before) return proposals.filter((one) => one.leaf !== leaf);
    }
    rated.sort((a, b) => a.distance - b.distance);
    const [best, ...others] = rated;
    if (best?.next === undefined || best.distance >= this.state.distance) return rated.map(({ proposal }) => proposal);
    this.keep(best.next);
    return others.map(({ proposal }) => proposal);
  }

  /** The likeliest values of leaves, read back from one render with a probe in each. */
  private readTogether(leaves: readonly Leaf[]): readonly Proposal[] {
    if (leaves.length === 0) return [];
    const { values, kubeVersion, lines } = this.state;
    const probes = leaves.flatMap((leaf, i) => probesOf(leaf, i).slice(0, 1));
    const probed = this.rendered(
      probes.reduce((all, { leaf, value }) => withValue(all, leaf.path, value), values),
      kubeVersion,
    );
    if (probed === undefined) {
      if (leaves.length < 4) return [];
      const half = Math.floor(leaves.length / 2);
      return [...this.readTogether(leaves.slice(0, half)), ...this.readTogether(leaves.slice(half))];
    }
    const renders = {
      present: lines,
      probed: probed.lines,
      shown: new Written(probed.objects, probed.written),
      wanted: this.written,
    };
    const changed = differing(probed.lines, lines);
    return probes.flatMap((probe) => {
      const now = JSON.stringify(valueAt(values, probe.leaf.path) ?? probe.leaf.default ?? null);
      const [value] = readBack(probe, renders, changed).filter(
        (one) => one !== null && JSON.stringify(one) !== now && this.target.isUsable(probe.leaf.name, one),
      );
      return value === undefined ? [] : [{ leaf: probe.leaf, value }];
    });
  }

  /** Values of one section that show only together: the name and the key of a ConfigMap. */
  private tryParts(read: readonly Proposal[]): void {
    const sections = new Map<string, Proposal[]>();
    for (const proposal of read) {
      const section = proposal.leaf.path.slice(0, -1).join('.');
      if (section !== '') sections.set(section, [...(sections.get(section) ?? []), proposal]);
    }
    for (const proposals of sections.values()) {
      if (proposals.length === 1 || this.state.distance === 0) continue;
      const next = this.rendered(
        proposals.reduce((all, { leaf, value }) => withValue(all, leaf.path, value), this.state.values),
        this.state.kubeVersion,
      );
      if (next !== undefined && next.distance < this.state.distance && !this.loses(next)) this.keep(next);
    }
  }

  private tryGroup(proposals: readonly Proposal[]): void {
    if (proposals.length === 0 || this.state.distance === 0) return;
    const next = this.rendered(
      proposals.reduce((all, { leaf, value }) => withValue(all, leaf.path, value), this.state.values),
      this.state.kubeVersion,
    );
    if (next !== undefined && this.state.distance - next.distance >= proposals.length && !this.loses(next)) {
      this.keep(next);
      return;
    }
    if (proposals.length === 1) return;
    const half = Math.ceil(proposals.length / 2);
    this.tryGroup(proposals.slice(0, half));
    this.tryGroup(proposals.slice(half));
  }

  private tryLeaf(leaf: Leaf, mayLose: boolean): void {
    const { values, kubeVersion } = this.state;
    let best = this.state;
    for (const value of this.proposals(leaf)) {
      const next = this.rendered(withValue(values, leaf.path, value), kubeVersion);
      if (next !== undefined && next.distance < best.distance && (mayLose || !this.loses(next))) best = next;
    }
    this.keep(best);
  }

  /** What a leaf may be. */
  private proposals(leaf: Leaf): readonly Json[] {
    const { values, kubeVersion, lines } = this.state;
    const now = valueAt(values, leaf.path) ?? leaf.default ?? null;
    const found = new Map<string, Json>();
    for (const value of choicesOf(leaf)) found.set(JSON.stringify(value), value);
    for (const probe of probesOf(leaf)) {
      const probed = this.rendered(withValue(values, leaf.path, probe.value), kubeVersion);
      if (probed === undefined) continue;
      const shown = new Written(probed.objects, probed.written);
      for (const value of readBack(probe, { present: lines, probed: probed.lines, shown, wanted: this.written }))
        found.set(JSON.stringify(value), value);
    }
    found.set('null', null);
    found.delete(JSON.stringify(now));
    return [...found.values()].filter((value) => this.target.isUsable(leaf.name, value));
  }

  /** How many lines would be right that are not now. */
  private newlyRight({ lines }: State): number {
    return differing(this.wanted, this.state.lines).filter(
      (place) => this.wanted.has(place) && lines.get(place) === this.wanted.get(place),
    ).length;
  }

  /** Whether a line that is right now would be wrong. */
  private loses(next: State): boolean {
    return this.losesFrom(this.state, next);
  }

  private losesFrom(before: State, { lines }: State): boolean {
    for (const [place, value] of before.lines)
      if (this.wanted.get(place) === value && lines.get(place) !== value) return true;
    return false;
  }

  private tryKubernetes(): void {
    for (const kubeVersion of this.target.kubeVersions) {
      if (this.state.distance === 0) return;
      const next = this.rendered(this.state.values, kubeVersion);
      if (next !== undefined && next.distance < this.state.distance) this.keep(next);
    }
  }

  /** What no value explains in `cilium-config` is `extraConfig`. */
  private tryConfig(): void {
    const config: Record<string, Json> = {};
    for (const place of differing(this.wanted, this.state.lines)) {
      const [object = '', field, key] = place.split(BETWEEN);
      if (field !== 'data' || key === undefined || !/^ConfigMap .*\/cilium-config$/.test(object)) continue;
      const value = this.written.at([object, field, key]) ?? null;
      if (this.target.isUsable('extraConfig', value)) setOwn(config, key, value);
    }
    if (Object.keys(config).length === 0) return;
    const own = valueAt(this.state.values, 'extraConfig');
    const values = withValue(this.state.values, ['extraConfig'], { ...(isMap(own) ? own : {}), ...config });
    const next = this.rendered(values, this.state.kubeVersion);
    if (next !== undefined && next.distance < this.state.distance) this.keep(next);
  }

  /** Removes values that explain nothing; the lines that each of the others explains. */
  private prune(): ReadonlyMap<string, readonly string[]> {
    const explained = new Map<string, readonly string[]>();
    for (const { path, name } of this.leaves) {
      if (valueAt(this.state.values, path) === undefined) continue;
      const next = this.rendered(withoutValue(this.state.values, path), this.state.kubeVersion);
      if (next === undefined || next.distance > this.state.distance)
        explained.set(name, next === undefined ? [] : differing(next.lines, this.state.lines));
      else this.keep(next);
    }
    return explained;
  }

  /** Where the values are refused, other values of the refused sections that render the same: an existing Secret instead of a key. */
  private mend(): void {
    const { refusedPaths } = this.target;
    let refused = refusedPaths(this.state.values, this.state.kubeVersion);
    if (refused.length === 0) return;
    const sections = new Set(refused.map((path) => path.replace(/\.[^.]*$/, '')));
    for (const leaf of this.leaves) {
      if (!leaf.kinds.has('text') || !sections.has(leaf.path.slice(0, -1).join('.'))) continue;
      for (const value of this.proposals(leaf)) {
        if (value === null || value === '') continue;
        const next = this.rendered(withValue(this.state.values, leaf.path, value), this.state.kubeVersion);
        if (next === undefined || next.distance > this.state.distance) continue;
        const left = refusedPaths(next.values, next.kubeVersion);
        if (left.length >= refused.length) continue;
        this.keep(next);
        refused = left;
        break;
      }
    }
  }

  private keep(state: State): void {
    if (state === this.state) return;
    this.state = state;
    this.known.clear();
  }

  private rendered(values: JsonObject, kubeVersion: string): State | undefined {
    const key = kubeVersion + JSON.stringify(values);
    if (this.known.has(key)) return this.known.get(key);
    const state = this.render(values, kubeVersion);
    this.known.set(key, state);
    return state;
  }

  private render(values: JsonObject, kubeVersion: string): State | undefined {
    this.renders += 1;
    try {
      const input = {
        ...this.target.around,
        kubeVersion,
        values: values as CiliumValues,
        unknownValues: 'warn',
      } as const;
      const written = writtenObjects(input);
      if (written === undefined) return undefined;
      const { asCompared } = this.target;
      const objects = asCompared === undefined ? written : written.map(asCompared);
      const lines = this.compared(objects);
      return { values, kubeVersion, objects, written, lines, distance: distanceOf(this.wanted, lines) };
    } catch {
      return undefined;
    }
  }

  private compared(objects: readonly KubernetesObject[]): Lines {
    const lines = this.reader.linesOf(objects) as Map<string, string>;
    for (const place of lines.keys()) if (this.target.isIgnored(place)) lines.delete(place);
    return lines;
  }
}

/** The name of an object without its namespace. */
function bareName(object: string): string {
  return object.replace(/ .*\//, ' ');
}

/** The paths of the sections that hold values. */
function sectionsOf(values: JsonObject, at: string): ReadonlySet<string> {
  const below = Object.entries(values).flatMap(([name, value]) => {
    const path = at === '' ? name : `${at}.${name}`;
    return isMap(value) ? [path, ...sectionsOf(value, path)] : [];
  });
  return new Set(below);
}

/** Values with another one at a path. */
export function withValue(values: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject {
  const result: Record<string, Json | undefined> = { ...values };
  const own = ownValue(values, name);
  setOwn(result, name, rest.length === 0 ? value : withValue(isMap(own) ? own : {}, rest, value));
  return result as JsonObject;
}

/** Values without the one at a path; sections that are empty then are left out. */
export function withoutValue(values: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const { [name]: own, ...others } = values;
  if (!isMap(own) || rest.length === 0) return others;
  const inside = withoutValue(own, rest);
  return Object.keys(inside).length === 0 ? others : { ...values, [name]: inside };
}
