import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';

/** What the operator installs when it starts. */
export const operatorConfig: Feature = {
  name: 'operator-config',
  contribute: ({ v }) => ({ config: { 'skip-crd-creation': isTruthy(v.operator.skipCRDCreation) ? true : undefined } }),
};
