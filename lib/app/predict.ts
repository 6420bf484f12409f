import type { App } from 'cdk8s';
import { checkArguments } from '../props/check';
import { like, needed, props } from '../props/shape';
import { isApp } from './app';
import { duringSynthesis } from './contents';
import { predictionOf } from './judges';
import { pictureOf } from './picture';
import { describePrediction } from './predictions';
import type { Prediction } from './predictions';

const ARGUMENTS = props<{ readonly app: App }>({
  app: needed(like<App>('the App of cdk8s', isApp, 'Write `predict(app)`.')),
});

/**
 * What becomes of the Services of type LoadBalancer of an app, those that Cilium's operator makes of Gateways and Ingresses among them:
 * which pool an address comes from, who announces it, from which nodes; and which pods cannot start, and why. It is read from the app
 * alone, writes nothing, and knows nothing of objects outside of it. Clusters of `Cilium.fromVersion` are left out: their values are
 * unknown. Reasons are those of LB IPAM (https://docs.cilium.io/en/stable/network/lb-ipam/).
 */
export function predict(app: App): Prediction {
  checkArguments('predict', { app }, ARGUMENTS);
  return duringSynthesis(app, () => predictionOf(pictureOf(app).ciliums));
}

/** What {@link predict} returns, for people: a line per Service, then the pods that cannot start; '' where the app has neither. */
export function describeServices(app: App): string {
  checkArguments('describeServices', { app }, ARGUMENTS);
  return describePrediction(predict(app));
}
