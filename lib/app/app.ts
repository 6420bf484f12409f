import type { App } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** What this library keeps at the root of an app, shared by all copies of it. */
export interface Hook {
  /** The `synth` of the app before this library replaced it; `undefined` where the root is not an app. */
  readonly synth?: () => void;
  /** What was printed on standard error, so that it is printed once. */
  readonly printed: Set<string>;
  /** The app's own `synth` runs, which may call {@link synthesize} again. */
  isRunning: boolean;
}

const HOOK = Symbol.for('cdk8s-talos-cilium.app');

/** What this library keeps at a root; begins with it when there is nothing yet. */
export function hookOf(root: object): Hook {
  if (!hasHook(root)) {
    const hook: Hook = { synth: isApp(root) ? root.synth : undefined, printed: new Set(), isRunning: false };
    Object.defineProperty(root, HOOK, { value: hook });
  }
  return Reflect.get(root, HOOK) as Hook;
}

/** Whether this library keeps something at a root already. */
export function hasHook(root: object): boolean {
  return HOOK in root;
}

/** Whether something is an app, of whatever copy of cdk8s: by its shape. */
export function isApp(root: unknown): root is App {
  if (typeof root !== 'object' || root === null) return false;
  const { node, outdir, synth, synthYaml } = root as { readonly [name: string]: unknown };
  return (
    typeof node === 'object' &&
    typeof outdir === 'string' &&
    typeof synth === 'function' &&
    typeof synthYaml === 'function'
  );
}

/** The output folder of the app that a construct is in; that of cdk8s by default where the root is not an app. */
export function outdirOf({ node: { root } }: IConstruct): string {
  return isApp(root) ? root.outdir : 'dist';
}

/** What `app.synth` was before this library replaced it. */
export function synthOf(app: App): () => void {
  return hookOf(app).synth ?? app.synth;
}

/** Whether an app writes as cdk8s does: it has the `synth` of cdk8s, and a folder that can be set. */
export function isOrdinary(app: App): boolean {
  const outdir = Object.getOwnPropertyDescriptor(app, 'outdir');
  return outdir?.writable === true && synthOf(app) === synthOfCdk8s(app);
}

/** The `synth` of the copy of cdk8s that an app comes from, known by what jsii writes into its classes. */
export function synthOfCdk8s(app: App): (() => void) | undefined {
  for (
    let proto: unknown = Object.getPrototypeOf(app);
    typeof proto === 'object' && proto !== null;
    proto = Object.getPrototypeOf(proto)
  ) {
    const { constructor: made } = proto as { readonly constructor: unknown };
    const { fqn } = (Object.getOwnPropertyDescriptor(Object(made), RTTI)?.value ?? {}) as { readonly fqn?: unknown };
    if (fqn === 'cdk8s.App') return (proto as App).synth;
  }
  return undefined;
}

const RTTI = Symbol.for('jsii.rtti');
