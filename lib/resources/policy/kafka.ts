import type { CiliumNetworkPolicyKafka } from '../../../imports/cilium.io';
import type { Problem } from '../../rules/rule';
import { problem } from './policy-rule';

/** Kafka's kinds of requests by name, as Cilium knows them. */
const REQUESTS: readonly string[] = (
  'produce fetch offsets metadata leaderandisr stopreplica updatemetadata controlledshutdown offsetcommit offsetfetch findcoordinator ' +
  'joingroup heartbeat leavegroup syncgroup describegroups listgroups saslhandshake apiversions createtopics deletetopics deleterecords ' +
  'initproducerid offsetforleaderepoch addpartitionstotxn addoffsetstotxn endtxn writetxnmarkers txnoffsetcommit describeacls ' +
  'createacls deleteacls describeconfigs alterconfigs'
).split(' ');

/** What Cilium refuses of a rule about Kafka, which 1.18 and 1.19 have. */
export function kafkaProblems(
  at: string,
  { apiKey = '', apiVersion = '', role, topic = '' }: CiliumNetworkPolicyKafka,
): readonly Problem[] {
  const found: Problem[] = [];
  if (apiKey !== '' && role !== undefined)
    found.push(
      problem(
        [`${at}.role`, `${at}.apiKey`],
        'A role is a set of kinds of requests; Cilium takes no single kind beside it.',
        'Keep one.',
      ),
    );
  if (apiKey !== '' && !REQUESTS.includes(apiKey.toLowerCase()))
    found.push(problem(`${at}.apiKey`, `'${apiKey}' is no kind of request.`, `Write one of ${REQUESTS.join(', ')}.`));
  if (apiVersion !== '' && !(/^\+?\d+$/.test(apiVersion) && Number(apiVersion) <= 32767))
    found.push(
      problem(`${at}.apiVersion`, `'${apiVersion}' is no version of a request.`, "Write a number in quotes, '2'."),
    );
  if (topic !== '' && !/^[A-Za-z0-9\\._-]+$/.test(topic))
    found.push(
      problem(`${at}.topic`, `'${topic}' is no name of a topic.`, 'Use letters, digits, dots, dashes and underscores.'),
    );
  return found;
}
