import type { ReadingRule } from '../rules/rule';

const POOL = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'demo' }, data: {} };

/** Findings of the guard on objects that are written. */
export const OBJECT_FINDINGS: readonly ReadingRule<unknown, readonly object[]>[] = [
  {
    id: 'object/json',
    level: 'error',
    examples: { bad: [{ ...POOL, data: { at: new Date(0) } }], good: [POOL] },
  },
  { id: 'object/duplicate', level: 'error', examples: { bad: [POOL, POOL], good: [POOL] } },
  { id: 'object/api-version', level: 'error', examples: { bad: [{ ...POOL, apiVersion: 'V1!' }], good: [POOL] } },
  { id: 'object/kind', level: 'error', examples: { bad: [{ ...POOL, kind: 'config map' }], good: [POOL] } },
  {
    id: 'object/list',
    level: 'error',
    examples: { bad: [{ apiVersion: 'v1', kind: 'List', items: [POOL] }], good: [POOL] },
  },
  {
    id: 'object/name',
    level: 'error',
    examples: { bad: [{ ...POOL, metadata: { name: 'Settings!', namespace: 'demo' } }], good: [POOL] },
  },
  {
    id: 'object/namespace',
    level: 'error',
    examples: { bad: [{ ...POOL, metadata: { name: 'settings', namespace: 'Demo!' } }], good: [POOL] },
  },
];
