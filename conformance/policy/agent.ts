import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../lib/kubernetes/json';

/** Settings of the agent that change which policies it accepts; all are on by default. */
export interface AgentSettings {
  readonly l7Proxy?: boolean;
  readonly nodeSelectorLabels?: boolean;
  readonly extendedIPProtocols?: boolean;
}

/** One connection between two endpoints, given by their labels: `reserved:host`, `k8s:app=web`. */
export interface Flow {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  /** For ICMP the type. */
  readonly port: number;
}

/** A question to an agent: whether it accepts policies, and which flows they allow. */
export interface Question {
  readonly id: string;
  readonly policies: readonly JsonObject[];
  readonly settings?: AgentSettings;
  readonly flows?: readonly Flow[];
}

/** The answer of an agent: why it rejects, or which flows pass. */
export interface Answer {
  readonly id: string;
  readonly refused?: string;
  readonly passed?: readonly boolean[];
}

/** The releases whose code judges, by minor. */
export const AGENTS: Readonly<Record<string, string>> = { '1.18': '1.18.11', '1.19': '1.19.6', '1.20': '1.20.0' };

/** Cilium's own answers, in the order of the questions. @throws Error when the judge fails. */
export function askAgent(minor: string, questions: readonly Question[]): readonly Answer[] {
  const folder = process.env.POLICY_JUDGES;
  if (folder === undefined) throw new Error('POLICY_JUDGES is not set: start conformance/policy/run.');
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const { stdout, stderr, status } = spawnSync(join(folder, `judge-${minor}`), {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`The judge of Cilium ${minor} failed: ${stderr}`);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  if (answers.length !== questions.length) throw new Error(`The judge of Cilium ${minor} left questions unanswered.`);
  return answers;
}

/** Every single change of a policy: another value, one field more, one field less. */
export function* changes(
  value: Json,
  path: string,
  put: (other: Json | undefined) => JsonObject,
): Generator<readonly [what: string, policy: JsonObject]> {
  for (const other of OTHERS) yield [`${path}: ${JSON.stringify(other)}`, put(other)];
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    for (const [i, item] of items.entries()) {
      const withItem = (other: Json | undefined): JsonObject =>
        put(other === undefined ? items.filter((_, j) => j !== i) : items.with(i, other));
      yield [`${path}[${String(i)}]: none`, withItem(undefined)];
      yield* changes(item, `${path}[${String(i)}]`, withItem);
    }
  } else if (typeof value === 'object' && value !== null) {
    const fields = value as JsonObject;
    for (const [name, field] of Object.entries(fields)) {
      const withField = (other: Json | undefined): JsonObject => put({ ...fields, [name]: other });
      yield [`${path}.${name}: none`, withField(undefined)];
      if (field !== undefined) yield* changes(field, `${path}.${name}`, withField);
    }
    for (const more of MORE) yield [`${path} with ${JSON.stringify(more)}`, put({ ...fields, ...more })];
  }
}

const OTHERS: readonly Json[] = [
  ...[
    '',
    '0',
    '00',
    '08',
    '80',
    '0x50',
    '70000',
    '-1',
    'a',
    'A b',
    'a-b',
    'a--b',
    'abcdefghijklmnop',
    '1-2',
    'a:b',
    'a:b:c',
    ':a',
    '(',
    '[[:alpha:]]',
    '*',
    '**.a',
    'a..b',
  ],
  ...[
    '192.0.2.1/24',
    '10.0.0.0/8',
    '2001:db8::/32',
    '::ffff:192.0.2.0/120',
    'TCP',
    'UDP',
    'ANY',
    'SCTP',
    'VRRP',
    'IPv6',
    'EchoReply',
    'Photuris',
    'PacketTooBig',
    'PRODUCE',
    'fetch',
  ],
  ...[0, 1, 53, 255, 256, 65535, 65536, true, false],
  ...[[], {}, [{}], ['a'], ['0.0.0.0/0']],
];

/** Fields that are valid somewhere. */
const MORE: readonly JsonObject[] = [
  { fromEntities: ['host'] },
  { fromCIDR: ['192.0.2.0/24'] },
  { fromEndpoints: [{}] },
  { fromNodes: [{}] },
  { toEntities: ['host'] },
  { toCIDRSet: [{ cidr: '192.0.2.0/24', except: ['192.0.2.0/28'] }] },
  { toFQDNs: [{ matchName: 'a.example' }] },
  { toServices: [{ k8sService: { serviceName: 'a' } }] },
  { icmps: [{ fields: [{ family: 'IPv6', type: 128 }] }] },
  { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] },
  { rules: { http: [{ path: '/' }] } },
  { rules: { dns: [{ matchPattern: '*' }] } },
  { serverNames: ['a.example'] },
  { listener: { name: 'a', envoyConfig: { name: 'a' } } },
  { endPort: 90 },
  { protocol: 'UDP' },
  { nodeSelector: {} },
  { endpointSelector: {} },
  { ingress: [{ fromEntities: ['all'] }] },
  { egressDeny: [{ toEntities: ['world'] }] },
  { enableDefaultDeny: { ingress: false, egress: false } },
  { matchExpressions: [{ key: 'a', operator: 'In' }] },
  { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
  { matchLabels: { 'a:b:c': 'd' } },
];
