/**
 * What props may be, as data: each construct and each function declares its own, and `propFindings` compares. The types hold
 * shape and interface together: a shape must take everything that its interface allows, and a prop without a shape does not compile.
 *
 * ```ts
 * const KUBE_PRISM = props<KubePrismProps>({ enabled: boolean, port: integer(1, 65535) });
 * ```
 */
import type { Finding } from '../rules/finding';

/** A shape whose type does not matter. */
export type AnyShape = Shape<never> | Needed<never>;

/** What an optional prop of the type T may be. */
export interface Shape<in T> {
  readonly form: Form;
  /** Last part of the ids of its findings. @default - `type`, or `missing` where there is nothing */
  readonly rule?: string | undefined;
  readonly needed?: undefined;
  /** Holds the type; never there. A shape of more fits where less is wanted. */
  readonly takes?: (value: T) => void;
}

/** What a required prop of the type T may be. */
export interface Needed<in T> extends Omit<Shape<T>, 'needed'> {
  readonly needed: true;
}

/** A shape for each prop of a type, {@link needed} for those that are required. */
export type ShapesOf<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K>
    ? Shape<Exclude<T[K], undefined>>
    : Needed<Exclude<T[K], undefined>>;
};

export type Form =
  | { readonly is: 'anything' | 'boolean' | 'null' | 'string' | 'number' | 'function' }
  | { readonly is: 'integer'; readonly from: number; readonly to: number }
  | { readonly is: 'words'; readonly words: readonly string[] }
  | { readonly is: 'list'; readonly of: AnyShape }
  /** Names are the user's. */
  | { readonly is: 'map'; readonly of: AnyShape }
  | PropsForm
  | { readonly is: 'either'; readonly of: readonly AnyShape[] }
  | LikeForm
  | {
      readonly is: 'checked';
      readonly what: string;
      readonly check: (value: unknown, at: string) => readonly Finding[];
    };

/** A map whose names are known. */
export interface PropsForm {
  readonly is: 'props';
  readonly of: Readonly<Record<string, AnyShape>>;
  /** Names that belong somewhere else, with a hint. */
  readonly elsewhere: Readonly<Record<string, string>>;
  /** Other names do no harm: the data of others, or of our own results. */
  readonly open: boolean;
}

/** Values that a predicate accepts: instances by their shape, so that a second copy of this library in a tree does no harm. */
export interface LikeForm {
  readonly is: 'like';
  /** With its article, `a TalosCluster`. */
  readonly what: string;
  readonly fits: (value: unknown) => boolean;
  /** The way out, one sentence. */
  readonly hint: string | ((value: unknown) => string);
}

export const anything: Shape<unknown> = { form: { is: 'anything' } };
export const boolean: Shape<boolean> = { form: { is: 'boolean' } };
export const nil: Shape<null> = { form: { is: 'null' } };
export const text: Shape<string> = { form: { is: 'string' } };
/** Finite. */
export const number: Shape<number> = { form: { is: 'number' } };
/** Of any parameters: only that it can be called is judged. */
export const callable: Shape<unknown> = { form: { is: 'function' } };

/** An integer in a range, both ends included. */
export function integer(from: number, to: number): Shape<number> {
  return { form: { is: 'integer', from, to } };
}

/** One of some words. */
export function oneOf<const W extends string>(...words: readonly W[]): Shape<W> {
  return { form: { is: 'words', words } };
}

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return { form: { is: 'list', of: item } };
}

/** A map whose names are the user's: labels, headers. */
export function mapOf<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return { form: { is: 'map', of: item } };
}

/** A map with the props of a type. */
export function props<T extends object>(
  of: ShapesOf<T>,
  { elsewhere = {}, open = false }: Partial<Pick<PropsForm, 'elsewhere' | 'open'>> = {},
): Shape<T> {
  return { form: { is: 'props', of, elsewhere, open } };
}

/** Either of two. */
export function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return { form: { is: 'either', of: [a, b] } };
}

/** Whatever a predicate accepts. @param what with its article, `a TalosCluster`. */
export function like<T = unknown>(what: string, fits: LikeForm['fits'], hint: LikeForm['hint']): Shape<T> {
  return { form: { is: 'like', what, fits, hint } };
}

/** A string, or `null` for one that is taken away. */
export const textOrNull: Shape<string | null> = either(text, nil);

/** What needs its own check. @param what with its article, for lists of what is expected. */
export function checked<T = unknown>(
  what: string,
  check: (value: unknown, at: string) => readonly Finding[],
): Shape<T> {
  return { form: { is: 'checked', what, check } };
}

/** The shape of a required prop. */
export function needed<T>(shape: Shape<T>): Needed<T> {
  return { ...shape, needed: true };
}

/** The shape with another last part of the ids of its findings. */
export function ruled<T>(rule: string, shape: Shape<T>): Shape<T> {
  return { ...shape, rule };
}
