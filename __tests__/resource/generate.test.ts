import { schemaFiles } from '../../upstream/crd-schemas';
import { typeFiles } from '../../upstream/crd-types';
import { kebab } from '../../upstream/crds';
import type { Kind, Schema } from '../../upstream/crds';

const TEXT: Schema = { type: 'string' };
const object = (properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  ...more,
});
const kind = (specs: Readonly<Record<string, Schema>>, name: Kind['name'] = 'CiliumNodeConfig'): Kind => ({
  name,
  apiVersions: ['cilium.io/v2'],
  schemas: new Map(Object.entries(specs).map(([minor, spec]) => [minor, object({ spec })])),
});
const files = (...kinds: readonly Kind[]): ReadonlyMap<string, string> =>
  new Map([...typeFiles(kinds), ...schemaFiles(kinds)].map(({ path, text }) => [path, text]));

describe('the types', () => {
  const selector = object({
    matchLabels: { type: 'object', additionalProperties: TEXT },
    matchExpressions: {
      type: 'array',
      items: object({ key: TEXT, operator: TEXT, values: { type: 'array', items: TEXT } }),
    },
  });

  it('have the fields of a minor, and over all minors mark added and removed fields', () => {
    const made = files(
      kind({
        '1.18': object({ old: TEXT, word: { type: 'string', enum: ['a'] }, must: TEXT }, { required: ['must', 'old'] }),
        '1.19': object({ word: { type: 'string', enum: ['a', 'b'] }, must: TEXT }, { required: ['must'] }),
        '1.20': object({ late: TEXT, word: { type: 'string', enum: ['a', 'b'] }, must: TEXT }, { required: ['late'] }),
      }),
    );
    expect(made.get('cilium-node-config.ts')).toContain(`export interface CiliumNodeConfigSpec {
  /** @since 1.20 */
  readonly late?: string;
  readonly must?: string;
  /** @removed 1.19 */
  readonly old?: string;
  /** \`b\`: @since 1.19. */
  readonly word?: 'a' | 'b';
}
`);
    expect(made.get('1.18/cilium-node-config.ts')).toContain(`export interface CiliumNodeConfigSpec {
  readonly must: string;
  readonly old: string;
  readonly word?: 'a';
}
`);
  });

  it('refer to the minor before when a minor changes nothing', () => {
    const made = files(kind({ '1.18': object({ a: TEXT }), '1.19': object({ a: TEXT }), '1.20': object({ b: TEXT }) }));
    expect(made.get('1.19/cilium-node-config.ts')).toContain("export type * from '../1.18/cilium-node-config';");
    expect(made.get('1.20/cilium-node-config.ts')).toContain('export interface CiliumNodeConfig {');
    expect([...made.keys()].filter((path) => path.endsWith('.json'))).toEqual([
      '1.18/cilium-node-config.json',
      '1.20/cilium-node-config.json',
      'schemas.json',
    ]);
    expect(JSON.parse(made.get('schemas.json') ?? '')).toEqual({
      CiliumNodeConfig: {
        '1.18': '1.18/cilium-node-config.json',
        '1.19': '1.18/cilium-node-config.json',
        '1.20': '1.20/cilium-node-config.json',
      },
    });
  });

  it('share equal shapes, and name others by their path', () => {
    const port = object({ port: { type: 'integer', minimum: 1, maximum: 65535, default: 80 } });
    const spec = object({
      in: object({ ports: { type: 'array', items: port, maxItems: 4 }, rule: object({ a: TEXT }) }),
      out: object({ ports: { type: 'array', items: port }, rule: object({ b: TEXT }) }),
      pick: selector,
      either: { type: ['integer', 'string'] },
      map: { type: 'object', additionalProperties: port },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      never: { type: 'array', items: TEXT, maxItems: 0 },
    });
    const text = files(kind({ '1.18': spec })).get('cilium-node-config.ts');
    expect(text?.slice(text.indexOf('export interface CiliumNodeConfigSpec')))
      .toBe(`export interface CiliumNodeConfigSpec {
  readonly either?: number | string;
  readonly free?: JsonObject;
  readonly in?: CiliumNodeConfigIn;
  readonly map?: Readonly<Record<string, CiliumNodeConfigMap>>;
  /** Must stay empty. */
  readonly never?: readonly [];
  readonly out?: CiliumNodeConfigOut;
  readonly pick?: LabelSelector;
}

export interface CiliumNodeConfigIn {
  /** At most 4 items. */
  readonly ports?: readonly CiliumNodeConfigMap[];
  readonly rule?: CiliumNodeConfigInRule;
}

export interface CiliumNodeConfigMap {
  /** 1 to 65535. Default 80. */
  readonly port?: number;
}

export interface CiliumNodeConfigInRule {
  readonly a?: string;
}

export interface CiliumNodeConfigOut {
  readonly ports?: readonly CiliumNodeConfigMap[];
  readonly rule?: CiliumNodeConfigOutRule;
}

export interface CiliumNodeConfigOutRule {
  readonly b?: string;
}
`);
  });

  it('refer to another kind when the spec is the same', () => {
    const spec = { '1.18': object({ a: TEXT }) };
    const made = files(kind(spec, 'CiliumClusterwideNetworkPolicy'), kind(spec, 'CiliumNetworkPolicy'));
    expect(made.get('cilium-clusterwide-network-policy.ts')).toContain(
      'export type CiliumClusterwideNetworkPolicySpec = CiliumNetworkPolicySpec;',
    );
    expect([...made.keys()].filter((path) => path.endsWith('.json'))).toEqual([
      '1.18/cilium-network-policy.json',
      'schemas.json',
    ]);
  });
});

describe('the schemas', () => {
  it('are closed, have no defaults, and define a shape once', () => {
    const long = object({
      name: { type: 'string', pattern: '^[a-z]+$', maxLength: 63 },
      note: { type: 'string', default: 'none' },
    });
    const made = files(
      kind({
        '1.18': object({ a: long, b: long, c: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'atomic' } }),
      }),
    );
    expect(JSON.parse(made.get('1.18/cilium-node-config.json') ?? '')).toEqual({
      definitions: {
        a: {
          type: 'object',
          properties: {
            name: { type: 'string', pattern: '^[a-z]+$', maxLength: 63 },
            note: { type: 'string', 'x-kubernetes-has-default': true },
          },
          additionalProperties: false,
        },
      },
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: { $ref: '#/definitions/a' },
            b: { $ref: '#/definitions/a' },
            c: { type: 'array', items: { type: 'string' } },
          },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    });
  });

  it('stop at choices that no rule judges', () => {
    const choice = object({ a: TEXT }, { oneOf: [{ properties: { a: { maxLength: 3 } }, required: ['a'] }] });
    expect(() => files(kind({ '1.18': choice }))).toThrow('Unsupported choice in a definition');
  });
});

it.each([
  ['CiliumBGPPeerConfig', 'cilium-bgp-peer-config'],
  ['CiliumCIDRGroup', 'cilium-cidr-group'],
  ['CiliumL2AnnouncementPolicy', 'cilium-l2-announcement-policy'],
  ['CiliumPodIPPool', 'cilium-pod-ip-pool'],
])('%s lies in %s', (name, file) => expect(kebab(name)).toBe(file));
