/** A regular expression as a tree. Classes and conditions are in JavaScript's syntax, for the flag `u`. */
export type Expression =
  /** One character of a class: `[a-z]`. */
  | { readonly one: string }
  /** No character, but a condition on what is around the place: `(?![^])`. */
  | { readonly where: string }
  | { readonly all: readonly Expression[] }
  | { readonly any: readonly Expression[] }
  | Repeat;

interface Repeat {
  readonly repeat: Expression;
  readonly least: number;
  /** `undefined` means without end. */
  readonly most: number | undefined;
}

/** One step: it takes a character, asks for a condition, or only leads on. The last step of a machine is its goal. */
interface Step {
  readonly takes?: (character: string) => boolean;
  readonly where?: RegExp;
  /** Steps that come after it. */
  readonly next: number[];
}

/**
 * Whether an expression matches anywhere in a text. All ways are followed at once, character by character, as Go does it: the time
 * grows with the length of the text, and no repetition within a repetition makes it explode as with JavaScript's own.
 */
export function matcher(expression: Expression): (text: string) => boolean {
  const steps: Step[] = [];
  const start = append(steps, [], {});
  const goal = append(steps, write(steps, [start], expression, new Map()), {});
  return (text) => run(steps, start, goal, text);
}

/** Adds a step after others and gives its number. */
function append(steps: Step[], after: readonly number[], step: Omit<Step, 'next'>): number {
  const at = steps.push({ ...step, next: [] }) - 1;
  for (const before of after) steps[before]?.next.push(at);
  return at;
}

type Classes = Map<string, (character: string) => boolean>;

/** Adds the steps of an expression after others; gives the steps that it can end with. */
function write(steps: Step[], after: readonly number[], expression: Expression, classes: Classes): readonly number[] {
  if ('one' in expression) return [append(steps, after, { takes: classOf(expression.one, classes) })];
  if ('where' in expression) return [append(steps, after, { where: new RegExp(expression.where, 'uy') })];
  if ('all' in expression) return expression.all.reduce((ends, part) => write(steps, ends, part, classes), after);
  if ('any' in expression) {
    const fork = append(steps, after, {});
    return expression.any.flatMap((part) => write(steps, [fork], part, classes));
  }
  return writeRepeat(steps, after, expression, classes);
}

function writeRepeat(steps: Step[], after: readonly number[], { repeat, least, most }: Repeat, classes: Classes): readonly number[] {
  let ends = after;
  for (let i = 0; i < least; i++) ends = write(steps, ends, repeat, classes);
  if (most === undefined) {
    const loop = append(steps, ends, {});
    for (const end of write(steps, [loop], repeat, classes)) steps[end]?.next.push(loop);
    return [loop];
  }
  const out: number[] = [];
  for (let i = least; i < most; i++) {
    const fork = append(steps, ends, {});
    out.push(fork);
    ends = write(steps, [fork], repeat, classes);
  }
  return [...out, ...ends];
}

function classOf(source: string, classes: Classes): (character: string) => boolean {
  const known = classes.get(source);
  if (known !== undefined) return known;
  const expression = new RegExp(`^${source}$`, 'u');
  const answers = new Map<string, boolean>();
  const takes = (character: string): boolean => {
    const answer = answers.get(character) ?? expression.test(character);
    answers.set(character, answer);
    return answer;
  };
  classes.set(source, takes);
  return takes;
}

function run(steps: readonly Step[], start: number, goal: number, text: string): boolean {
  const seen = new Int32Array(steps.length).fill(-1);
  let waiting: Step[] = [];
  let position = 0;
  /** Follows steps that take no character; true when the goal is among them. */
  const follow = (from: readonly number[]): boolean => {
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const step = steps[at];
      if (step === undefined || seen[at] === position) continue;
      seen[at] = position;
      if (at === goal) return true;
      if (step.takes !== undefined) waiting.push(step);
      else if (step.where === undefined || holds(step.where, text, position)) open.push(...step.next);
    }
    return false;
  };
  if (follow([start])) return true;
  for (const character of text) {
    const before = waiting;
    waiting = [];
    position += character.length;
    for (const { takes, next } of before) if (takes?.(character) === true && follow(next)) return true;
    if (follow([start])) return true; // a match may begin anywhere
  }
  return false;
}

function holds(condition: RegExp, text: string, position: number): boolean {
  condition.lastIndex = position;
  return condition.test(text);
}
