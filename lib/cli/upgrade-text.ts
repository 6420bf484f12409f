/** An upgrade for people. */
import { describePlace } from '../inputs/places';
import type { Place } from '../inputs/places';
import type { Json } from '../kubernetes/json';
import { describeFinding } from '../rules/finding';
import { pathTo } from '../rules/nearest';
import { minorOf } from '../releases/history';
import type { RenderDifference } from '../releases/render-difference';
import { describeConfig } from '../releases/render-difference';
import { minorsBetween } from '../upgrade/route';
import type { KindChange } from '../upgrade/served';
import type { MovedSetting } from '../upgrade/talos';
import type { Upgrade } from '../upgrade/upgrade';
import type { ValueChange } from '../upgrade/values';

/** A change with where it is written. */
export interface PlacedChange extends ValueChange {
  readonly place: Place;
}

/** What the text also needs. */
export interface TextOptions {
  readonly placeOf: (path: string) => Place | undefined;
  readonly isTalos: boolean;
  readonly talos?: TalosMove | undefined;
}

/** An upgrade of Talos beside that of Cilium. */
export interface TalosMove {
  readonly from: string;
  readonly to: string;
  /** The minors one after another. */
  readonly route: readonly string[];
  readonly moved: readonly MovedSetting[];
}

/** The text, by sections; those without anything are left out. */
export function describeUpgrade(plan: Upgrade, changes: readonly PlacedChange[], options: TextOptions): string {
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Values to decide', changes.filter(({ outcome }) => outcome === 'kept').flatMap(describeChange)],
    ['Values to convert', changes.filter(({ outcome }) => outcome === 'converted').flatMap(describeChange)],
    ['Values to remove', changes.filter(({ outcome }) => outcome === 'dropped').flatMap(describeChange)],
    ['Findings of the new release', plan.findings.map((one) => placed(one.paths, options) + describeFinding(one))],
    ['Gone with the new release', plan.mended.map(({ id, message }) => `${id}: ${message}`)],
    ['Changed defaults that you do not set', plan.defaults.flatMap(describeDefault)],
    ['Changed defaults that you set', plan.overridden.map(describeOverridden)],
    ['upgradeCompatibility', describeCompatibility(plan)],
    ['Custom resources', plan.kinds.map((change) => describeKind(change, plan))],
    ['Gateway API', describeGatewayApi(plan)],
    [
      'Notes',
      plan.notes.flatMap(({ minor, text, hint, docs }) => [
        `${minor}: ${text}${hint === undefined ? '' : ` ${hint}`} ${docs}`,
      ]),
    ],
    ['Talos', describeTalos(options.talos)],
    ...describeObjects(plan, options),
    ['Going back', describeWayBack(plan)],
  ];
  const texts = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join('\n'));
  return [heading(plan), ...texts].join('\n\n');
}

/** `hubble.relay.enabled` */
export function pathOf(path: readonly string[]): string {
  return path.reduce((at, name) => pathTo(at, name), '');
}

/** `2 files` */
export function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function heading({ from, to, route, difference }: Upgrade): string {
  const minors = minorsBetween(from, to);
  const steps = `One minor at a time, from the newest patch of each: ${[from, ...route].join(' -> ')}.`;
  const unknown = 'Objects are not compared: this library renders Cilium 1.18 and later.';
  return [
    `Cilium ${from} to ${to}`,
    ...(minors > 1 || route.length > 1 ? [steps] : []),
    ...(difference === undefined && minorsBetween('1.18.0', from) < 0 ? [unknown] : []),
  ].join('\n');
}

function describeChange({ path, value, into, outcome, reason, hint, place }: PlacedChange): readonly string[] {
  const target = Object.entries(into).map(([other, fresh]) => `${other}: ${short(fresh)}`);
  const result = outcome === 'converted' ? ` -> ${target.join(', ')}` : '';
  return [
    // An option names the path itself.
    `${describePlace(place)}${place.line === 0 ? '' : ` ${pathOf(path)}`}: ${short(value)}${result}`,
    `    ${reason}${hint === undefined ? '' : ` ${hint}`}`,
  ];
}

function describeDefault({ path, before, after, effect }: Upgrade['defaults'][number]): readonly string[] {
  return [`${path}: ${difference(before, after)} (${list(effect, 4)})`];
}

function describeOverridden({ path, before, after, own }: Upgrade['overridden'][number]): string {
  return `${path}: ${difference(before, after)}; yours is ${short(own)}`;
}

/** Of lists only what differs. */
function difference(before: Json | undefined, after: Json | undefined): string {
  if (!Array.isArray(before) || !Array.isArray(after)) return `${short(before)} -> ${short(after)}`;
  const texts = (items: readonly unknown[]): readonly string[] => items.map((item) => JSON.stringify(item));
  const [was, is] = [texts(before), texts(after)];
  const changes = [
    ...is.filter((item) => !was.includes(item)).map((item) => `+${item}`),
    ...was.filter((item) => !is.includes(item)).map((item) => `-${item}`),
  ];
  return changes.length === 0 ? 'another order' : changes.join(' ');
}

function describeTalos(move: TalosMove | undefined): readonly string[] {
  if (move === undefined) return [];
  const { from, to, route, moved } = move;
  return [
    `Talos ${from} to ${to}${route.length > 2 ? `, one minor at a time: ${route.join(' -> ')}` : ''}.`,
    ...moved.map(({ section, document, since }) => `${section}: a document since Talos ${since}, ${document}`),
    moved.length === 0
      ? 'No section of the machine configs gets a document.'
      : 'The sections stay valid; Talos refuses most of them beside their documents. See docs/upgrading-talos.md.',
  ];
}

function describeCompatibility({ compatibility }: Upgrade): readonly string[] {
  if (compatibility === undefined) return [];
  const { written, value, keeps } = compatibility;
  const own = written === undefined ? 'It is not set' : `It is ${short(written)}`;
  return [`${own}; '${value}' keeps what the older release did by default: ${list(keeps, 6)}.`];
}

function describeKind({ kind, gone, write, instead, isDeprecated }: KindChange, { to }: Upgrade): string {
  if (isDeprecated) return `${kind}: write apiVersion ${write ?? ''}; the older version is deprecated.`;
  if (write !== undefined)
    return `${kind}: Cilium ${to} does not serve ${gone.join(', ')}; write ${write} before the upgrade.`;
  return `${kind}: Cilium ${to} does not have this kind${instead === undefined ? '' : `; write ${instead} before the upgrade`}.`;
}

function describeGatewayApi({ gatewayApi: need, to }: Upgrade): readonly string[] {
  if (need === undefined) return [];
  const { before, after, channel, problem } = need;
  return [
    `Cilium ${minorOf(to)} needs the definitions of Gateway API ${after ?? 'a newer release'} (${channel} channel)${before === undefined ? '' : `; the older release needed ${before}`}. Install them before Cilium.`,
    ...(problem === undefined ? [] : [problem]),
  ];
}

function describeObjects(
  { difference: found }: Upgrade,
  { isTalos }: TextOptions,
): readonly (readonly [string, readonly string[]])[] {
  if (found === undefined) return [];
  const names = (change: string): readonly string[] =>
    found.objects.filter((one) => one.change === change).map(({ object }) => object);
  const removed = names('removed');
  const prunes = isTalos
    ? 'Talos deletes none of them: delete them by hand.'
    : 'Where nothing prunes they stay: delete them by hand.';
  return [
    ['Config keys', found.config.map(describeConfig)],
    ['Restarts', found.restarts.map(({ object, because }) => `${object}: ${list(because, 4)}`)],
    [
      'Not restarted, although their configuration changes',
      found.stale.map(({ object, readers }) => `${object}, read by ${readers.join(', ')}`),
    ],
    [
      'Cannot be changed in place: delete them first',
      found.recreated.map(({ object, fields }) => `${object}: ${fields.join(', ')} is immutable`),
    ],
    [
      'On Talos',
      isTalos && found.recreated.length > 0
        ? ['talosctl upgrade-k8s fails while an object exists that cannot be changed in place.']
        : [],
    ],
    ['New objects', names('added')],
    ['Objects that are gone', removed.length === 0 ? [] : [...removed, prunes]],
    ['Changed in place', changedInPlace(found)],
  ];
}

function changedInPlace({ objects, recreated }: RenderDifference): readonly string[] {
  const fixed = new Set(recreated.map(({ object }) => object));
  return objects
    .filter(({ change, object }) => change === 'changed' && !fixed.has(object))
    .map(({ object, fields }) => `${object}: ${plural(fields.length, 'field')}`);
}

function describeWayBack({ from, to, difference: found, kinds }: Upgrade): readonly string[] {
  const added = (found?.objects ?? []).filter(({ change }) => change === 'added').map(({ object }) => object);
  const policies = added.filter((object) => object.includes('/ValidatingAdmissionPolicy'));
  return [
    `Apply Cilium ${from} with the values as they are now: keep this file. Go back one minor at a time, too.`,
    ...(added.length === 0 ? [] : [`Where nothing prunes these stay: ${added.join(', ')}.`]),
    ...(policies.length === 0 ? [] : [`Delete ${policies.join(' and ')}: they still act.`]),
    ...(kinds.some(({ write }) => write !== undefined)
      ? [`Definitions stay as ${to} registered them; objects in versions that ${from} does not serve are not read.`]
      : []),
  ];
}

function placed(paths: readonly string[], { placeOf }: TextOptions): string {
  const place = paths[0] === undefined ? undefined : placeOf(paths[0]);
  return place === undefined ? '' : `${describePlace(place)} `;
}

function list(items: readonly string[], most: number): string {
  const more = items.length - most;
  return more <= 0 ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${String(more)} more`;
}

function short(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value);
  return text.length <= 70 ? text : `${text.slice(0, 70)}…`;
}
