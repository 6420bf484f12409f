import { GOOD_POLICIES } from '../../__tests__/resources/policy/good-policies';
import { WRONG_POLICIES } from '../../__tests__/resources/policy/wrong-policies';
import { schemaFindings } from '../../lib/resource/schema';
import { resourceFindings } from '../../lib/resource/resource';
import type { ResourceKind, ResourceProps } from '../../lib/resource/kind';
import { isTruthy } from '../../lib/helm/truth';
import type { JsonObject } from '../../lib/kubernetes/json';
import { clusterwideNetworkPolicy, networkPolicy } from '../../lib/resources/policy/network-policy';
import { writtenBody } from '../../lib/resources/policy/body';
import { AGENTS, askAgent, changes } from './agent';
import type { AgentSettings, Question } from './agent';
import { CLAIMS } from './claims';
import { exampleCases, hostCases } from './host-firewall';
import { ciliumWith, released } from '../../upstream/rules/released';

/*
 * Compares our findings about policies with Cilium's own code: its agent, which rejects policies, and its policy engine, which
 * decides what they allow. One program per minor.
 */

/** What was judged: a line for each difference. */
interface Verdict {
  readonly judged: number;
  /** How many of them Cilium rejects, where that is compared. */
  readonly refused?: number;
  readonly wrong: readonly string[];
}

const KINDS = [networkPolicy, clusterwideNetworkPolicy] as unknown as readonly ResourceKind[];

/** One of so many changed policies is judged: some 3,000 per minor. */
const SHARE = 2;

/** @param folder - the rendered examples; without it their policies are not judged. */
function main(folder: string | undefined): number {
  let [passed, failed] = [0, 0];
  for (const [minor, release] of Object.entries(AGENTS)) {
    const verdicts = {
      rules: judgeExamples,
      tables: judgeTables,
      changed: judgeChanged,
      claims: judgeClaims,
      hosts: judgeHosts,
    };
    for (const [name, judge] of Object.entries(verdicts)) {
      const { judged, refused, wrong } = judge(minor, release, folder);
      const detail = refused === undefined ? '' : ` (${String(refused)} refused by Cilium)`;
      const sound = wrong.length === 0 ? 'ok' : 'not ok';
      console.log(
        `${sound} ${name}, Cilium ${release}: ${String(judged)} judged${detail}, ${String(wrong.length)} wrong`,
      );
      for (const line of wrong.slice(0, 40)) console.log(`    ${line}`);
      passed += judged - wrong.length;
      failed += wrong.length;
    }
  }
  console.log(`conformance/policy: ${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** A policy with our errors about it. */
interface Case {
  readonly question: Question;
  readonly errors: readonly string[];
}

/** The agent rejects no policy without errors of ours. */
function compare(minor: string, cases: readonly Case[]): Verdict {
  const answers = askAgent(
    minor,
    cases.map(({ question }) => question),
  );
  const wrong = cases.flatMap(({ question, errors }, i) => {
    const refused = answers[i]?.refused;
    return refused !== undefined && errors.length === 0
      ? [`${question.id}: we accept it, Cilium says: ${refused}`]
      : [];
  });
  const refusals = answers.filter(({ refused }) => refused !== undefined).length;
  return { judged: cases.length, refused: refusals, wrong };
}

/** The examples of every rule, good and bad ones. */
function judgeExamples(minor: string, release: string): Verdict {
  const cases = KINDS.flatMap((of) =>
    of.rules.flatMap(({ id, examples }) =>
      Object.entries(examples).flatMap(([which, { props, values, version }]): readonly Case[] => {
        if (version !== undefined && !version.startsWith(`${minor}.`)) return [];
        const cilium = values === undefined ? released(release) : ciliumWith(release, { values });
        const v = cilium.rendered?.context.v;
        const settings: AgentSettings | undefined = v && {
          l7Proxy: isTruthy(v.l7Proxy),
          nodeSelectorLabels: isTruthy(v.nodeSelectorLabels),
          extendedIPProtocols: String(v.extraConfig?.['enable-extended-ip-protocols']) === 'true',
        };
        return [caseOf(of, `${id}, ${which}`, props as JsonObject, { ...props, cilium }, settings)];
      }),
    ),
  );
  return compare(minor, cases);
}

function caseOf(of: ResourceKind, id: string, props: JsonObject, whole: ResourceProps, settings?: AgentSettings): Case {
  const errors = resourceFindings({ of, name: 'judged', props: whole })
    .filter(({ level }) => level === 'error')
    .map((finding) => finding.id);
  return { question: { id, policies: [policyOf(of, props)], settings }, errors };
}

/** The object as the agent receives it, even when it is wrong. */
function policyOf(
  of: ResourceKind,
  { namespace = 'default', ...fields }: JsonObject & { readonly namespace?: string },
): JsonObject {
  const metadata = of.subject === 'network-policy' ? { name: 'judged', namespace } : { name: 'judged' };
  return { apiVersion: 'cilium.io/v2', kind: of.api.kind, metadata, ...writtenBody(fields) };
}

/** The tables of wrong and good policies: the agent rejects those that are marked, and no other one. */
function judgeTables(minor: string, release: string): Verdict {
  const isFor = (versions: readonly string[] | undefined): boolean =>
    versions?.some((version) => version.startsWith(`${minor}.`)) ?? true;
  const rows = [...WRONG_POLICIES, ...GOOD_POLICIES.map((row) => ({ ...row, agent: undefined }))].filter(
    ({ versions }) => isFor(versions),
  );
  const answers = askAgent(
    minor,
    rows.map(({ what, kind, props }) => ({ id: what, policies: [policyOf(kindOf(kind), props as JsonObject)] })),
  );
  const wrong = rows.flatMap(({ what, agent }, i) => {
    const refused = answers[i]?.refused;
    if ((refused !== undefined) === (agent === true)) return [];
    return [
      `${what}: ${refused === undefined ? 'the table expects Cilium to reject it' : `Cilium says: ${refused}`} (${release})`,
    ];
  });
  return { judged: rows.length, wrong };
}

function kindOf(subject: string): ResourceKind {
  return KINDS.find((of) => of.subject === subject) as ResourceKind;
}

/** Good policies with one change, if an API server accepts them. */
function judgeChanged(minor: string, release: string): Verdict {
  const cases: Case[] = [];
  let turn = 0;
  for (const { what, kind, props } of GOOD_POLICIES) {
    const of = kindOf(kind);
    const { namespace, ...fields } = props as JsonObject & { readonly namespace?: string };
    const { spec } = writtenBody(fields);
    if (spec === undefined) continue;
    for (const [change, changed] of changes(spec, 'spec', (other) => (other ?? {}) as JsonObject)) {
      if (turn++ % SHARE !== 0) continue;
      const body = JSON.parse(JSON.stringify({ spec: changed })) as { readonly spec: JsonObject };
      if (
        typeof body.spec !== 'object' ||
        schemaFindings(of.api.kind as 'CiliumNetworkPolicy', release, body, '').length > 0
      )
        continue;
      const own = { ...body.spec, ...(namespace === undefined ? {} : { namespace }) };
      cases.push(caseOf(of, `${what}, ${change}`, own, { ...own, cilium: released(release) }));
    }
  }
  return compare(minor, cases);
}

/** Statements about policies that Cilium accepts, but that do not do what they seem to. */
function judgeClaims(minor: string): Verdict {
  const answers = askAgent(
    minor,
    CLAIMS.map(({ message, policy, flows }) => ({
      id: message,
      policies: [policyOf(networkPolicy as unknown as ResourceKind, policy as JsonObject)],
      flows: flows.map(([flow]) => flow),
    })),
  );
  const wrong = CLAIMS.flatMap(({ message, flows }, i) => {
    const { refused, passed = [] } = answers[i] ?? {};
    if (refused !== undefined) return [`${message}: Cilium says: ${refused}`];
    return flows.every(([, passes], j) => passed[j] === passes) ? [] : [`${message}: ${JSON.stringify(passed)}`];
  });
  return { judged: CLAIMS.length, wrong };
}

/** What the host firewall allows to nodes, and what it drops. */
function judgeHosts(minor: string, release: string, folder: string | undefined): Verdict {
  const cases = [...hostCases(release), ...(folder === undefined ? [] : exampleCases(folder))];
  const answers = askAgent(
    minor,
    cases.map(({ what, policies, flows }) => ({ id: what, policies, flows: flows.map(({ flow }) => flow) })),
  );
  const wrong = cases.flatMap(({ what, flows }, i) => {
    const { refused, passed = [] } = answers[i] ?? {};
    if (refused !== undefined) return [`${what}: Cilium says: ${refused}`];
    return flows.flatMap(({ flow, passes, why }, j) =>
      passed[j] === passes
        ? []
        : [
            `${what}: ${why}: ${flow.from.join()} to ${String(flow.port)}/${flow.protocol} ${passes ? 'is dropped' : 'passes'}`,
          ],
    );
  });
  return { judged: cases.reduce((sum, { flows }) => sum + flows.length, 0), wrong };
}

process.exit(main(process.argv[2]));
