import { othersOf } from '../../lib/resource/kind';
import type { Resource, ResourceProps } from '../../lib/resource/kind';
import { placesOf, withAt } from '../../lib/resource/places';
import { resourceFindings } from '../../lib/resource/resource';
import { ResourceIndex } from '../../lib/resource/resource-index';
import { resourceKind } from '../../lib/resource/resource-kind';
import { ipPool } from '../../lib/resources/load-balancer/ip-pool';
import { readPoolObject } from '../../lib/resources/load-balancer/pool-model';
import { released } from '../../upstream/rules/released';

type PoolProps = ResourceProps & { readonly blocks: readonly { readonly cidr: string }[] };

it('reads a resource once, for all of its rules and for those of others', () => {
  let reads = 0;
  const counted = resourceKind<PoolProps, string>({
    api: ipPool.api,
    subject: 'counted',
    example: { props: { blocks: [{ cidr: '192.0.2.0/24' }] } },
    read: ({ blocks }) => {
      reads++;
      return blocks.map(({ cidr }) => cidr).join();
    },
    rules: ['one', 'two'].map((rule) => ({
      id: `counted/${rule}`,
      level: 'warning' as const,
      find: ({ model, others }) => ({
        paths: ['blocks'],
        message: `${model} and ${othersOf(others, 'counted')
          .map((other) => String(other.model))
          .join()}.`,
        hint: 'None.',
      }),
      examples: { bad: { props: { blocks: [] } }, good: { props: { blocks: [] } } },
    })),
  });
  const made = (name: string, block: string): Resource<PoolProps> => ({
    of: counted,
    name,
    props: { cilium: released('1.18.4'), blocks: [{ cidr: block }] },
  });
  const [a, b] = [made('a', '192.0.2.0/25'), made('b', '192.0.2.128/25')];
  const resources = new ResourceIndex([a, b]);
  const messages = [a, b].flatMap((one) => resourceFindings(one, { resources })).map(({ message }) => message);
  expect(messages).toEqual([
    ...Array<string>(2).fill('192.0.2.0/25 and 192.0.2.128/25.'),
    ...Array<string>(2).fill('192.0.2.128/25 and 192.0.2.0/25.'),
  ]);
  expect(reads).toBe(2);
});

it('reads a pool object once', () => {
  const pool = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumLoadBalancerIPPool',
    metadata: { name: 'home' },
    spec: { blocks: [{ cidr: '192.0.2.0/24' }] },
  };
  expect(readPoolObject(pool)).toBe(readPoolObject(pool));
});

it('finds the values at a path, with the map that holds each', () => {
  const props = { rules: [{ retry: 1 }, { other: 2 }, 'text', { retry: 3 }], plain: { retry: 4 } };
  expect(placesOf(props, 'rules[].retry').map(({ at, value, owner }) => [at, value, owner])).toEqual([
    ['rules[0].retry', 1, { retry: 1 }],
    ['rules[3].retry', 3, { retry: 3 }],
  ]);
  expect(placesOf(props, 'plain.retry')).toMatchObject([{ at: 'plain.retry', value: 4 }]);
  expect(placesOf(props, 'rules.retry')).toEqual([]);
  expect(placesOf(null, 'plain')).toEqual([]);
});

it('replaces the value at a path in a copy, in the first item of a list', () => {
  expect(withAt({ a: [{ b: 1, c: 2 }, { b: 3 }] }, 'a[].b', 9)).toEqual({ a: [{ b: 9, c: 2 }, { b: 3 }] });
  expect(withAt({}, 'a.b', 9)).toEqual({ a: { b: 9 } });
});
