import type { CiliumNetworkPolicyKafka } from '../../../imports/cilium.io';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';

/** Names of Kafka's request types, as Cilium knows them. */
const REQUESTS: readonly string[] = (
  'produce fetch offsets metadata leaderandisr stopreplica updatemetadata controlledshutdown offsetcommit offsetfetch findcoordinator ' +
  'joingroup heartbeat leavegroup syncgroup describegroups listgroups saslhandshake apiversions createtopics deletetopics deleterecords ' +
  'initproducerid offsetforleaderepoch addpartitionstotxn addoffsetstotxn endtxn writetxnmarkers txnoffsetcommit describeacls ' +
  'createacls deleteacls describeconfigs alterconfigs'
).split(' ');

/** What Cilium rejects in a Kafka rule, which 1.18 and 1.19 support. */
export function kafkaProblems(
  at: string,
  { apiKey = '', apiVersion = '', role, topic = '' }: CiliumNetworkPolicyKafka,
): readonly Problem[] {
  const found: Problem[] = [];
  if (apiKey !== '' && role !== undefined)
    found.push(
      problem(
        [`${at}.role`, `${at}.apiKey`],
        'A role is a set of request types; Cilium does not allow a single type next to it.',
        'Keep one.',
      ),
    );
  if (apiKey !== '' && !REQUESTS.includes(apiKey.toLowerCase()))
    found.push(
      problem(`${at}.apiKey`, `'${apiKey}' is not a Kafka request type.`, `Write one of ${REQUESTS.join(', ')}.`),
    );
  if (apiVersion !== '' && !(/^\+?\d+$/.test(apiVersion) && Number(apiVersion) <= 32767))
    found.push(
      problem(`${at}.apiVersion`, `'${apiVersion}' is not a Kafka API version.`, "Write a number in quotes, '2'."),
    );
  if (topic !== '' && !/^[A-Za-z0-9\\._-]+$/.test(topic))
    found.push(
      problem(
        `${at}.topic`,
        `'${topic}' is not a valid topic name.`,
        'Use letters, digits, dots, dashes and underscores.',
      ),
    );
  return found;
}
