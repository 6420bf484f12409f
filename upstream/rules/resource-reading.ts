import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY_GROUP } from '../../lib/kubernetes/gateway-api';
import { isClusterScoped } from '../../lib/kubernetes/order';
import type { ResourceExample, ResourceKind } from '../../lib/resource/kind';
import type { Finding } from '../../lib/rules/finding';
import type { ListedRule, Weight } from './book';

/** An example, or one without the prop `cilium`. */
export type ResourceInput = ResourceExample & { readonly withoutCilium?: true };

interface Examples {
  readonly bad: ResourceInput;
  readonly good: ResourceInput;
}

/** Written by resource-examples.ts. */
const FOUND = JSON.parse(readFileSync(join(__dirname, 'resource-examples.json'), 'utf8')) as Readonly<
  Record<string, Examples>
>;

/** Releases of which some lack a kind. */
const RELEASES = ['1.18.4', '1.19.6', '1.20.0'];

/** Findings that every kind may have before its rules run: on the common props, and by its schema. All are errors. */
export function readingOf(
  { subject, rules, api }: ResourceKind,
  judge: (example: ResourceInput) => readonly Finding[],
): readonly ListedRule<ResourceInput>[] {
  const good = FOUND[`${subject}/name`]?.good ?? { props: {} };
  const own: Record<string, Examples> = {
    [`${subject}/missing`]: { bad: { props: good.props, withoutCilium: true }, good },
    [`${subject}/acknowledge`]: {
      bad: { ...good, props: { ...good.props, acknowledge: { [`${subject}/no-such-rule`]: 'accepted' } } as never },
      good,
    },
  };
  const lacking = RELEASES.find((version) => api.releaseFindings(subject, version).length > 0);
  if (lacking !== undefined) own[`${subject}/version`] = { bad: { ...good, version: lacking }, good };
  const notJson = Object.keys(good.props)
    .map((name): ResourceInput => ({ ...good, props: { ...good.props, [name]: new Date(0) } as never }))
    .find((bad) => {
      const errors = judge(bad).filter(({ level }) => level === 'error');
      return errors.length > 0 && errors.every(({ id }) => id === `${subject}/json`);
    });
  if (notJson !== undefined) own[`${subject}/json`] = { bad: notJson, good };
  const known = new Set(rules.map(({ id }) => id));
  return [...Object.entries(own), ...Object.entries(FOUND).filter(([id]) => id.startsWith(`${subject}/`))]
    .filter(([id]) => !known.has(id))
    .map(([id, examples]) => ({ id, level: levelOf(id, api), examples }));
}

/** The API server drops namespaces of cluster-scoped kinds; which definitions of the Gateway API a cluster has is not known. */
function levelOf(id: string, { kind, group }: ResourceKind['api']): Weight {
  const rule = id.slice(id.indexOf('/') + 1);
  if (rule === 'namespace' && isClusterScoped(kind)) return 'warning';
  const isSchema = ['unknown-field', 'required', 'choice', 'type', 'word', 'text', 'range', 'size'].includes(rule);
  return isSchema && group === GATEWAY_GROUP ? 'either' : 'error';
}
