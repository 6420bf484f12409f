import { addressFamily } from '../../kubernetes/cidr';
import { listOf, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import { GONE, document, repeatsDocuments, setAnew } from './setting';
import type { Setting, Statement } from './setting';

export interface TimeSetting {
  /**
   * Names or addresses of NTP servers, in place of those that the config has. `machine.time` is deleted; from Talos 1.12 on they are written
   * as `TimeSyncConfig`. On 1.12 and 1.13 the list appends when the patch is applied again.
   * @default - Talos' own
   */
  readonly timeServers?: readonly string[];
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/i;

/**
 * NTP servers of the nodes: a document as soon as Talos knows it, which Talos refuses beside the section. The section can be deleted
 * from any config. Both lists append when patches are merged.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/network/timesyncconfig
 */
export const time: Setting<TimeSetting> = {
  name: 'time',
  shape: { timeServers: listOf(text) },
  since: '1.12',
  sections: [],
  wanted: ({ talos }) => (talos.given.timeServers ?? []).length > 0,
  section: ({ talos }) => [
    WITHOUT_SECTION,
    { output: 'all', document: { machine: { time: { servers: talos.given.timeServers } } } },
  ],
  documents: (needs) => [
    WITHOUT_SECTION,
    ...setAnew(
      needs,
      'all',
      document('TimeSyncConfig', { ntp: { servers: needs.talos.given.timeServers } }),
      document('TimeSyncConfig', { ntp: { servers: GONE } }),
    ),
  ],
  appends: ({ talos }, way) => (way === 'section' || repeatsDocuments(talos) ? [] : ['timeServers']),
  rules: [
    {
      id: 'talos-cluster/time-server',
      level: 'error',
      find: ({ given: { timeServers = [] } }) =>
        timeServers.flatMap((server, i) =>
          addressFamily(server) !== undefined || HOST_NAME.test(server)
            ? []
            : problem(
                `talos.timeServers[${String(i)}]`,
                `'${server}' is neither a host name nor an IP address.`,
                'Write it as time.cloudflare.com: no URL or port.',
              ),
        ),
      examples: {
        bad: { timeServers: ['ntp://time.example.org'] },
        good: { timeServers: ['time.example.org', '192.168.0.1'] },
      },
    },
  ],
};

const WITHOUT_SECTION: Statement = { output: 'all', place: 'first', document: { machine: { time: GONE } } };
