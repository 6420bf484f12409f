/** Rules about network policies, Ingresses, claims and classes of storage. */
import { contains, networkOf } from '../kubernetes/cidr';
import { isLabelKey } from '../kubernetes/names';
import { exactlyOne, found, isSet, listOf, needs, ofFields, shown, when } from './problem';
import type { Judge } from './problem';
import { quantityOf } from './quantity';

const policyPort = ofFields(({ port, endPort }) => {
  if (typeof endPort !== 'number') return undefined;
  const path = ['endPort'];
  if (typeof port !== 'number')
    return {
      rule: 'combination',
      path,
      message: 'endPort needs a port that is a number.',
      hint: 'Write the first port as a number.',
    };
  return endPort < port && { rule: 'range', path, message: 'The range ends before it begins.', hint: 'Swap the two.' };
});

const policyPeer = ofFields(
  when(({ podSelector, namespaceSelector, ipBlock }) => ![podSelector, namespaceSelector, ipBlock].some(isSet), {
    rule: 'required',
    message: 'A peer needs podSelector, namespaceSelector or ipBlock.',
    hint: 'Write one of them, or leave the peer out.',
  }),
  when(
    ({ podSelector, namespaceSelector, ipBlock }) => isSet(ipBlock) && [podSelector, namespaceSelector].some(isSet),
    {
      rule: 'exclusive',
      message: 'ipBlock excludes podSelector and namespaceSelector.',
      hint: 'Write two peers.',
    },
  ),
);

/** Exceptions lie within the block and are smaller. */
const ipBlock = ofFields(({ cidr, except }) => {
  const block = typeof cidr === 'string' ? networkOf(cidr) : undefined;
  if (block === undefined) return undefined;
  return listOf(except).flatMap((text, i) => {
    const part = typeof text === 'string' ? networkOf(text) : undefined;
    if (part === undefined || (contains(block, part) && part.prefix > block.prefix)) return [];
    const message = `${shown(text)} is not a part of ${shown(cidr)}.`;
    return [{ rule: 'range', path: ['except', i], message, hint: 'Write a smaller network within it.' }];
  });
});

const ingress = ofFields(
  needs(
    'rules',
    'An Ingress needs rules or a defaultBackend.',
    'Write one of them.',
    ({ rules, defaultBackend }) => listOf(rules).length === 0 && !isSet(defaultBackend),
  ),
);

/** What paths of the types Exact and Prefix do not contain. */
const PATH_PARTS = /\/\/|\/\.\.?\/|%2[fF]|\/\.\.?$/;

const ingressPath = ofFields(({ path = '', pathType }) => {
  const isStrict = pathType === 'Exact' || pathType === 'Prefix';
  if (typeof path !== 'string' || (path === '' && !isStrict)) return undefined;
  const hint = 'Write a path such as /app.';
  if (!path.startsWith('/')) return { rule: 'text', path: ['path'], message: 'A path begins with a slash.', hint };
  return (
    isStrict &&
    PATH_PARTS.test(path) && {
      rule: 'text',
      path: ['path'],
      message: 'A path has neither empty nor relative parts, nor escaped slashes.',
      hint,
    }
  );
});

const backendPort = ofFields(exactlyOne(['name', 'number'], 'port'));

const claim = ofFields(
  needs(['resources', 'requests', 'storage'], 'A claim needs a size.', 'Write `storage: 1Gi`.'),
  ({ resources }) => {
    const path = ['resources', 'requests', 'storage'];
    const size = path
      .slice(1)
      .reduce<unknown>((here, step) => (here as Record<string, unknown> | undefined)?.[step], resources);
    const amount = typeof size === 'string' || typeof size === 'number' ? quantityOf(size) : undefined;
    return (
      amount !== undefined &&
      amount <= 0 && { rule: 'range', path, message: 'A claim needs more than nothing.', hint: 'Write `storage: 1Gi`.' }
    );
  },
  when(({ accessModes }) => listOf(accessModes).includes('ReadWriteOncePod') && listOf(accessModes).length > 1, {
    rule: 'exclusive',
    path: ['accessModes'],
    message: 'ReadWriteOncePod excludes other access modes.',
    hint: 'Keep one of them.',
  }),
);

/** The name of a provisioner, such as `rancher.io/local-path`. */
const provisioner: Judge = (value) => {
  if (typeof value !== 'string') return undefined;
  if (value === '')
    return found({ rule: 'required', message: 'It is empty.', hint: 'Write the name of a provisioner.' });
  return found(
    !isLabelKey(value.toLowerCase()) && {
      rule: 'text',
      message: `${shown(value)} is not the name of a provisioner.`,
      hint: 'Write one such as rancher.io/local-path.',
    },
  );
};

export const NETWORK_JUDGES = {
  policyPort,
  policyPeer,
  ipBlock,
  ingress,
  ingressPath,
  ingressBackend: ofFields(exactlyOne(['service', 'resource'], 'backend')),
  backendPort,
  claim,
  provisioner,
} as const satisfies Readonly<Record<string, Judge>>;
