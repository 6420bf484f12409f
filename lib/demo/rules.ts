import { registryProblem } from '../kubernetes/images';
import { annotationProblems } from '../kubernetes/metadata-checks';
import { isDnsLabel } from '../kubernetes/names';
import { problem } from '../rules/rule';
import type { Problem, ReadingRule, Rule } from '../rules/rule';
import { quoted } from '../rules/words';

/** The workload as its rules see it. */
interface ExampleSubject {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly imageRegistry: string | undefined;
  /** As they were given: values may be of any type. */
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** Input of an example: props of the workload. */
export type ExampleProps = Readonly<Record<string, unknown>>;

/** Rules about the example workload. */
export const EXAMPLE_WORKLOAD_RULES: readonly Rule<ExampleSubject, ExampleProps>[] = [
  {
    id: 'example/name',
    level: 'error',
    find: ({ name }) => wrongName('name', name),
    examples: { bad: { name: 'My_Web' }, good: { name: 'my-web' } },
  },
  {
    id: 'example/namespace',
    level: 'error',
    find: ({ name, namespace }) => namespace !== name && wrongName('namespace', namespace),
    examples: { bad: { namespace: '1st' }, good: { namespace: 'first' } },
  },
  {
    id: 'example/image',
    level: 'error',
    find: ({ image }) =>
      !/^\S+$/.test(image) &&
      problem('image', `${quoted(image)} is not a valid image.`, 'Write repository:tag@sha256:….'),
    examples: { bad: { image: 'example.org/web :1' }, good: { image: 'example.org/web:1.0.0' } },
  },
  {
    id: 'example/image-registry',
    level: 'error',
    find: ({ imageRegistry }) => imageRegistry !== undefined && registryProblem(imageRegistry, 'imageRegistry'),
    examples: {
      bad: { imageRegistry: 'https://harbor.example.org' },
      good: { imageRegistry: 'harbor.example.org/mirror' },
    },
  },
  {
    id: 'example/annotation',
    level: 'error',
    find: ({ annotations }) => annotationProblems('annotations', annotations),
    examples: {
      bad: { annotations: { 'io.cilium/lb ipam': '192.0.2.10' } },
      good: { annotations: { 'lbipam.cilium.io/ips': '192.0.2.10' } },
    },
  },
];

/** Ids of findings about props, with examples. */
export const EXAMPLE_WORKLOAD_PROP_IDS: readonly ReadingRule<unknown, ExampleProps>[] = (
  [
    ['unknown-prop', { size: 2 }],
    ['type', { dualStack: 'yes' }],
    ['port', { port: 0 }],
    ['replicas', { replicas: 1.5 }],
  ] as const
).map(([rule, bad]) => ({ id: `example/${rule}`, level: 'error', examples: { bad, good: { port: 80, replicas: 2 } } }));

function wrongName(at: 'name' | 'namespace', name: string): Problem | false {
  return (
    !(isDnsLabel(name) && /^[a-z]/.test(name)) &&
    problem(
      at,
      `${quoted(name)} is not a valid name of a Service or Namespace.`,
      'Use at most 63 lower-case letters, digits and dashes, a letter first.',
    )
  );
}
