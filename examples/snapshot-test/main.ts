import { App } from 'cdk8s';
import { describeSynthesis, synthesize } from 'cdk8s-talos-cilium';
import { Network } from './network';

const app = new App();
new Network(app, 'network', { serviceAddresses: '192.168.1.200/29' });
console.error(describeSynthesis(synthesize(app)));
