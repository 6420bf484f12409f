import { choiceFindings, chosenVersion } from '../cilium/reference';
import type { CiliumChoice } from '../cilium/reference';
import type { Finding } from '../findings';
import { given } from '../helm/truth';
import { ciliumApiVersion, ciliumKindFindings } from '../kubernetes/cilium-api';
import { unknownProps } from '../kubernetes/known-props';
import { isDnsSubdomain } from '../kubernetes/names';
import { selectorFindings } from '../kubernetes/selector';
import type { LabelSelector } from '../kubernetes/selector';
import { tidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { parseGoRegexp } from './go-regexp';

/** Props of `L2AnnouncementPolicy`. */
export interface L2AnnouncementPolicyProps extends CiliumChoice {
  /**
   * Name of the policy.
   * @default - the id of the construct
   */
  readonly name?: string;
  /** Announce the addresses that services got from a pool. @default false */
  readonly loadBalancerIPs?: boolean;
  /** Announce the addresses under `spec.externalIPs` of services. @default false */
  readonly externalIPs?: boolean;
  /**
   * Regular expressions (Go's syntax) of the network interfaces that answer; one match is enough. Without `^` and `$` they
   * match anywhere in a name. The interfaces must be among Cilium's `devices`.
   * @default - all of Cilium's devices
   */
  readonly interfaces?: readonly string[];
  /** Which services are announced; one with a loadBalancerClass only when it is `io.cilium/l2-announcer`. @default - all */
  readonly serviceSelector?: LabelSelector;
  /** Which nodes may answer. @default - all */
  readonly nodeSelector?: LabelSelector;
  /** Ids of warnings that are known and accepted. @default - none */
  readonly silence?: readonly string[];
}

/** A policy with its name, as the checks and the writer take it. */
export type NamedPolicy = L2AnnouncementPolicyProps & { readonly name: string };

const SUBJECT = 'l2-policy';
const DOCS = 'https://docs.cilium.io/en/stable/network/l2-announcements/';
const KNOWN = [
  'cilium',
  'ciliumVersion',
  'name',
  'loadBalancerIPs',
  'externalIPs',
  'interfaces',
  'serviceSelector',
  'nodeSelector',
  'silence',
];
const ELSEWHERE = {
  namespace: 'Leave it out: policies belong to no namespace.',
  loadBalancerClass: 'It belongs on the Service: `spec.loadBalancerClass: io.cilium/l2-announcer`.',
  blocks: 'They belong to a LoadBalancerIPPool.',
};

/** The policy as Cilium's custom resource; cluster-scoped. The props must have passed {@link policyFindings}. */
export function policyObject(policy: NamedPolicy): KubernetesObject {
  const { name, loadBalancerIPs, externalIPs, interfaces, serviceSelector, nodeSelector } = policy;
  return tidy({
    apiVersion: ciliumApiVersion('CiliumL2AnnouncementPolicy', chosenVersion(policy)),
    kind: 'CiliumL2AnnouncementPolicy',
    metadata: { name },
    spec: { loadBalancerIPs, externalIPs, interfaces, serviceSelector, nodeSelector },
  });
}

/** What is wrong, or worth knowing, about a policy by itself and with its Cilium. */
export function policyFindings(policy: NamedPolicy): readonly Finding[] {
  const choice = choiceFindings(SUBJECT, policy);
  return [
    ...choice,
    ...(choice.length > 0 ? [] : ciliumKindFindings(SUBJECT, 'CiliumL2AnnouncementPolicy', chosenVersion(policy))),
    ...unknownProps(SUBJECT, policy, KNOWN, ELSEWHERE),
    ...(isDnsSubdomain(policy.name)
      ? []
      : [problem('name', ['name'], `'${policy.name}' is no name of an object.`, 'Use lower case letters, digits, dashes and dots.')]),
    ...addressFindings(policy),
    ...interfaceFindings(policy),
    ...selectorFindings(SUBJECT, 'serviceSelector', policy.serviceSelector),
    ...selectorFindings(SUBJECT, 'nodeSelector', policy.nodeSelector),
    ...ciliumFindings(policy),
  ];
}

function problem(rule: string, at: readonly string[], says: string, fix: string, level: Finding['level'] = 'error'): Finding {
  return { id: `${SUBJECT}/${rule}`, level, at, says, fix, docs: DOCS };
}

function addressFindings({ loadBalancerIPs, externalIPs }: NamedPolicy): readonly Finding[] {
  const flags = Object.entries({ loadBalancerIPs, externalIPs });
  const odd = flags.filter(([, flag]) => flag !== undefined && typeof flag !== 'boolean');
  if (odd.length > 0) {
    return odd.map(([name, flag]) => problem('flag', [name], `${JSON.stringify(flag)} is neither true nor false.`, 'Write true or false.'));
  }
  if (flags.some(([, flag]) => flag === true)) return [];
  return [
    problem(
      'announces-nothing',
      flags.map(([name]) => name),
      'Both are off, so the policy announces nothing.',
      'Set `loadBalancerIPs: true` for addresses from pools.',
    ),
  ];
}

function interfaceFindings({ interfaces }: NamedPolicy): readonly Finding[] {
  if (interfaces === undefined) return [];
  if (!Array.isArray(interfaces)) return [problem('interfaces', ['interfaces'], 'It is no list.', "Write `['^eth[0-9]+$']`.")];
  return (interfaces as readonly unknown[]).flatMap((expression, i) => {
    const at = [`interfaces[${String(i)}]`];
    if (typeof expression !== 'string' || expression.trim() === '') {
      const says = `${JSON.stringify(expression)} names no interface; an empty expression matches every one.`;
      return [problem('empty-interface', at, says, "Write an expression such as '^eth[0-9]+$', or leave `interfaces` out for all.")];
    }
    const read = parseGoRegexp(expression);
    if ('matches' in read) return [];
    return [
      problem(
        'interface',
        at,
        `'${expression}' is no regular expression of Go: ${read.error}.`,
        'Write one in the syntax of https://pkg.go.dev/regexp/syntax.',
      ),
    ];
  });
}

/** What Cilium's settings say to it. */
function ciliumFindings(policy: NamedPolicy): readonly Finding[] {
  const context = policy.cilium?.rendered?.context;
  if (context === undefined) return [];
  const { v, facts } = context;
  const found: Finding[] = [];
  if (!given(v.l2announcements.enabled)) {
    found.push(
      problem(
        'announcements-off',
        ['cilium.l2announcements.enabled'],
        'Cilium announces nothing, whatever policies say.',
        'Set `l2announcements: { enabled: true }`.',
      ),
    );
  }
  if (facts.kubeProxyReplacement !== 'true') {
    found.push(
      problem(
        'kube-proxy',
        ['cilium.kubeProxyReplacement'],
        'Announced addresses are served only when Cilium takes the place of kube-proxy.',
        'Set `kubeProxyReplacement: true`.',
      ),
    );
  }
  if (v.loadBalancer.acceleration === 'native') {
    const says = 'Nodes with XDP acceleration have been seen not to answer ARP requests for announced addresses.';
    found.push(
      problem(
        'acceleration',
        ['cilium.loadBalancer.acceleration'],
        says,
        "Set `loadBalancer.acceleration: 'disabled'` when addresses do not answer.",
        'warning',
      ),
    );
  }
  return [...found, ...deviceFindings(policy.interfaces ?? [], v.devices)];
}

/** Expressions against the list of Cilium's devices, as far as it names devices and no patterns (`eth+`). */
function deviceFindings(interfaces: readonly string[], devices: unknown): readonly Finding[] {
  const names = (Array.isArray(devices) ? devices : typeof devices === 'string' ? devices.split(/[\s,]+/) : [])
    .map(String)
    .filter((name) => name !== '');
  if (names.length === 0 || names.some((name) => name.includes('+'))) return [];
  const idle = interfaces.filter((expression) => {
    const read = parseGoRegexp(expression);
    return 'matches' in read && !names.some((name) => read.matches(name));
  });
  if (idle.length === 0) return [];
  const at = ['interfaces', 'cilium.devices'];
  const says = `Cilium's devices are ${names.join(', ')}; ${idle.map((expression) => `'${expression}'`).join(', ')} matches none of them`;
  if (idle.length < interfaces.length) return [problem('idle-interface', at, `${says}.`, 'Leave it out, or add the device.', 'warning')];
  return [problem('no-device', at, `${says}, so nothing is announced.`, 'Name an interface that is among `devices`, or add it there.')];
}
