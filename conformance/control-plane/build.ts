import { recommendedGatewayApi } from '../../lib/resources/gateway-api/bundles';
import { runMain } from '../run-main';
import { readClusters } from './clusters';
import { moduleFolder, program } from './programs';
import { JUDGES } from './rule-cases';

/* Builds and fetches what main.ts EXAMPLES runs, where there is a network. */

runMain(() => {
  const examples = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? '';
  const clusters = examples === '' ? [] : readClusters(examples);
  const versions = new Set([...Object.values(JUDGES), ...clusters.map(({ ciliumVersion }) => ciliumVersion)]);
  for (const version of versions) program('operator', version);
  const bundles = [
    ...[...versions].map(recommendedGatewayApi),
    ...clusters.map(({ gatewayApi }) => gatewayApi?.version),
  ];
  for (const version of new Set(bundles))
    if (version !== undefined) moduleFolder(`sigs.k8s.io/gateway-api@v${version}`);
  return Promise.resolve(0);
});
