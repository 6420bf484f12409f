/** Rules about single texts and numbers. */
import { addressFamily, parseCidr } from '../kubernetes/cidr';
import { isDnsLabel, isDnsSubdomain, isLabelKey } from '../kubernetes/names';
import { cronProblem } from './cron';
import { found, shown } from './problem';
import type { Judge } from './problem';
import { quantityOf } from './quantity';

/** A rule about texts. An empty one is skipped where the server treats it as unset. */
function text(
  isRight: (value: string) => boolean,
  what: string,
  hint: string,
  empty: 'empty is fine' | 'empty is wrong' = 'empty is fine',
): Judge {
  return (value) => {
    if (typeof value !== 'string' || (value === '' && empty === 'empty is fine') || (value !== '' && isRight(value)))
      return undefined;
    return found({ rule: 'text', message: `${shown(value)} is not ${what}.`, hint });
  };
}

const LABEL_KEY_FIX =
  'Use letters, digits, dashes, dots and underscores, at most 63, with a letter or digit at both ends, optionally with a DNS name and a slash before them.';
const DNS_LABEL_FIX = 'Use at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends.';
const DNS_SUBDOMAIN_FIX = 'Use lower-case letters, digits, dashes and dots, with a letter or digit at both ends.';
const SYSTEM_CLASSES = ['system-cluster-critical', 'system-node-critical'];
const FIELD_PATHS =
  /^(metadata\.(name|namespace|uid|labels|annotations)|metadata\.(labels|annotations)\['.+'\]|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;
const RESOURCE_FIELDS = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/;
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;
const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65535;

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return !/^[+-]/.test(value);
  } catch {
    return false;
  }
}

const cron: Judge = (value) => {
  const message = typeof value === 'string' ? cronProblem(value) : undefined;
  const hint =
    'Write minute, hour, day of month, month and day of week, such as "0 0 1 * *", or a word such as @daily.';
  return found(message !== undefined && { rule: 'text', message, hint });
};

export const TEXT_JUDGES = {
  quantity: (value) => {
    if ((typeof value !== 'string' && typeof value !== 'number') || quantityOf(value) !== undefined) return undefined;
    return found({
      rule: 'text',
      message: `${shown(value)} is not a quantity.`,
      hint: 'Write a number with a unit, such as 500m, 2, 64Mi or 1Gi.',
    });
  },
  time: text(
    (value) => /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value),
    'a time',
    'Write one such as 2006-01-02T15:04:05Z.',
    'empty is wrong',
  ),
  labelKey: text(isLabelKey, 'a label key', LABEL_KEY_FIX, 'empty is wrong'),
  labelKeyOrNone: text(isLabelKey, 'a label key', LABEL_KEY_FIX),
  notNegative: (value) =>
    found(
      typeof value === 'number' &&
        value < 0 && { rule: 'range', message: `${shown(value)} is less than 0.`, hint: 'Write 0 or more.' },
    ),
  dnsLabel: text(isDnsLabel, 'a valid name', DNS_LABEL_FIX, 'empty is wrong'),
  serviceName: text(
    (value) => isDnsLabel(value) && /^[a-z]/.test(value),
    'the name of a Service',
    'Use at most 63 lower-case letters, digits and dashes, a letter first.',
    'empty is wrong',
  ),
  dnsSubdomain: text(isDnsSubdomain, 'a valid name', DNS_SUBDOMAIN_FIX),
  priorityClass: (value) => {
    if (typeof value !== 'string' || value === '') return undefined;
    if (!isDnsSubdomain(value))
      return found({ rule: 'text', message: `${shown(value)} is not a valid name.`, hint: DNS_SUBDOMAIN_FIX });
    if (!value.startsWith('system-') || SYSTEM_CLASSES.includes(value)) return undefined;
    const message = `Unknown priority class ${shown(value)}: names with system- are reserved for ${SYSTEM_CLASSES.join(' and ')}.`;
    return found({ rule: 'text', message, hint: 'Use one of them, or a class with another name.' });
  },
  ip: text(
    (value) => addressFamily(value) !== undefined,
    'an IP address',
    'Write one such as 192.0.2.1 or 2001:db8::1.',
  ),
  ingressHost: text(
    (value) => addressFamily(value) === undefined && isDnsSubdomain(value.replace(/^\*\./, '')),
    'the name of a host',
    'Write a DNS name such as hubble.example.org or *.example.org, not an address.',
  ),
  prometheusDuration: text(
    (value) => /^(0|(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$/.test(value),
    'a duration of Prometheus',
    'Write numbers with units, longest first, such as 30s or 1m30s.',
  ),
  cidr: text(
    (value) => value.trim().includes('/') && parseCidr(value.trim()) !== undefined,
    'a CIDR',
    'Write a network such as 192.0.2.0/24.',
    'empty is wrong',
  ),
  sysctl: text(
    (value) =>
      value.length <= 253 && /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/.test(value),
    'the name of a sysctl',
    'Write one such as net.ipv4.tcp_syncookies.',
    'empty is wrong',
  ),
  portName: text(
    (value) => PORT_NAME.test(value),
    'the name of a port',
    'Use at most 15 lower-case letters, digits and single dashes, a letter among them.',
  ),
  portOrName: (value) => {
    if (typeof value === 'number' ? isPort(value) : typeof value !== 'string' || PORT_NAME.test(value))
      return undefined;
    return found({
      rule: 'text',
      message: `${shown(value)} is neither a port nor the name of one.`,
      hint: 'Write a number from 1 to 65535, or the name of a port.',
    });
  },
  port: (value) => {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (value === '' || (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= 65535))
      return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    return found({ rule: 'range', message: `${shown(value)} is not a port.`, hint: 'Write a number from 1 to 65535.' });
  },
  portPair: (value) => {
    if (typeof value !== 'string' || value === '') return undefined;
    const [, first = '', last = ''] = /^(\d+),(\d+)$/.exec(value) ?? [];
    const hint = 'Write the first and the last port, such as "30000,32767".';
    if (first === '' || ![first, last].every((port) => isPort(Number(port))))
      return found({ rule: 'text', message: `${shown(value)} is not a range of ports.`, hint });
    return found(
      Number(first) > Number(last) && {
        rule: 'range',
        message: `The range ${shown(value)} ends before it begins.`,
        hint,
      },
    );
  },
  portSpan: (value) => {
    if (typeof value !== 'string' || value === '') return undefined;
    const [, first = '', last = ''] = /^(\d+)-(\d+)$/.exec(value) ?? [];
    const hint = 'Write the first and the last port, such as "30000-32767", or "0-0" for the default of the kernel.';
    if (first === '' || ![first, last].every((port) => Number(port) <= 65535))
      return found({ rule: 'text', message: `${shown(value)} is not a range of ports.`, hint });
    return found(
      Number(first) > Number(last) && {
        rule: 'range',
        message: `The range ${shown(value)} ends before it begins.`,
        hint,
      },
    );
  },
  envName: text(
    (value) => /^[\x20-\x3c\x3e-\x7e]+$/.test(value),
    'the name of an environment variable',
    'Use letters, digits and underscores.',
    'empty is wrong',
  ),
  envPrefix: text(
    (value) => /^[\x20-\x3c\x3e-\x7e]+$/.test(value),
    'the beginning of an environment variable',
    'Use letters, digits and underscores.',
  ),
  resourceField: text(
    (value) => RESOURCE_FIELDS.test(value),
    'a resource of a container',
    'Write one such as limits.memory or requests.cpu.',
    'empty is wrong',
  ),
  fieldPath: text(
    (value) => FIELD_PATHS.test(value),
    'a field that a pod can read',
    'Write one such as metadata.name, spec.nodeName or status.podIP.',
    'empty is wrong',
  ),
  signal: text((value) => /^SIG[A-Z0-9]+([+-]\d+)?$/.test(value), 'a signal', 'Write one such as SIGTERM.'),
  headerName: text(
    (value) => /^[-A-Za-z0-9!#$%&'*+.^_`|~]+$/.test(value),
    'the name of an HTTP header',
    'Write one such as X-Probe.',
    'empty is wrong',
  ),
  notEmpty: (value) => found(value === '' && { rule: 'required', message: 'It is empty.', hint: 'Write a name.' }),
  mountPath: text((value) => value !== '', 'a path', 'Write the path to mount the volume at.', 'empty is wrong'),
  subPath: text(
    (value) => !value.startsWith('/') && !value.split('/').includes('..'),
    'a path inside the volume',
    'Write a relative path without `..`.',
  ),
  hostPath: text(
    (value) => !value.split('/').includes('..'),
    'a path of the node',
    'Write a path without `..`.',
    'empty is wrong',
  ),
  absolutePath: text(
    (value) => value.startsWith('/') && !value.split('/').includes('..'),
    'an absolute path',
    'Begin it with a slash.',
    'empty is wrong',
  ),
  medium: text(
    (value) => value === 'Memory' || /^HugePages(-.+)?$/.test(value),
    'a medium',
    'Write Memory, or leave it out for the disk of the node.',
  ),
  base64: text(
    // Go skips line breaks, and nothing else.
    (value) => /^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/.test(value) && value.replace(/[\r\n]/g, '').length % 4 === 0,
    'base64',
    'Encode it, or use stringData.',
  ),
  timeZone: text(isTimeZone, 'a time zone', 'Write one such as Etc/UTC or Europe/Berlin.', 'empty is wrong'),
  search: text(
    (value) =>
      value === '.' ||
      isDnsSubdomain(
        value
          .replace(/\.$/, '')
          .replaceAll('_', '-')
          .replace(/(^|\.)-+/g, '$1'),
      ),
    'a DNS domain',
    'Write one such as cluster.local.',
  ),
  cron,
  /** Without a schedule the chart renders no CronJob. */
  cronOrNone: (value) => (value === '' ? undefined : cron(value)),
  countOrPercent: (value) => {
    const hint = 'Write a whole number, or a share such as "25%".';
    if (typeof value === 'string' && !/^\d+%$/.test(value))
      return found({ rule: 'text', message: `${shown(value)} is not a percentage.`, hint });
    return found(
      typeof value === 'number' && value < 0 && { rule: 'range', message: `${shown(value)} is less than 0.`, hint },
    );
  },
} as const satisfies Readonly<Record<string, Judge>>;
