/** Objects as the documents that `helm template` prints: in its order, each with the template it is from. */
import type { TemplatesOfPatch } from '../cilium/versions';
import { valueAt } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { compareText, identity, installRank } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';

/** One document. */
export interface HelmDocument {
  readonly object: KubernetesObject;
  /** The template, `templates/cilium-agent/daemonset.yaml`; `undefined` for an object that no template of the chart prints. */
  readonly source: string | undefined;
}

/** The annotation that makes an object a hook: Helm prints hooks last. */
const HOOK = 'helm.sh/hook';

/** Whether Helm runs it as a hook instead of installing it. */
export function isHook({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.[HOOK] !== undefined;
}

/**
 * The documents in Helm's order: by kind, then by template, then as in the template; hooks last.
 * @param values the merged values, which some names are from
 */
export function helmDocuments(
  objects: readonly KubernetesObject[],
  templates: TemplatesOfPatch,
  values: JsonObject,
): readonly HelmDocument[] {
  const places = new Places(templates, values);
  return objects
    .map((object) => ({ object, place: places.of(object) }))
    .sort(
      (a, b) =>
        Number(isHook(a.object)) - Number(isHook(b.object)) ||
        byKind(a.object.kind, b.object.kind) ||
        a.place - b.place ||
        compareText(identity(a.object), identity(b.object)),
    )
    .map(({ object, place }) => ({ object, source: templates[place]?.source }));
}

/** Kinds that Helm's order does not name come last, by name. */
function byKind(a: string, b: string): number {
  const difference = installRank(a) - installRank(b);
  return difference !== 0 ? difference : compareText(a, b);
}

class Places {
  private readonly exact = new Map<string, number>();
  /** Names with `*`; those with more text first. */
  private readonly patterns: { readonly kind: string; readonly name: RegExp; readonly place: number }[] = [];
  private readonly last: number;

  constructor(templates: TemplatesOfPatch, values: JsonObject) {
    this.last = templates.length;
    for (const [place, { kind, name: written }] of templates.entries()) {
      const name = written.replace(/\{(.*?)\}/g, (_, path: string) => String(valueAt(values, path) ?? ''));
      if (!written.includes('*')) {
        if (!this.exact.has(`${kind} ${name}`)) this.exact.set(`${kind} ${name}`, place);
      } else this.patterns.push({ kind, name: patternOf(name), place });
    }
    this.patterns.sort((a, b) => b.name.source.length - a.name.source.length);
  }

  of({ kind, metadata: { name } }: KubernetesObject): number {
    const found = this.patterns.find((one) => one.kind === kind && one.name.test(name));
    return this.exact.get(`${kind} ${name}`) ?? found?.place ?? this.last;
  }
}

function patternOf(name: string): RegExp {
  return new RegExp(`^${name.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`);
}
