import type { Feature } from '../feature';

/** Programs of others in Cilium's datapath, chosen by CiliumDatapathPlugin resources. */
export const datapathPlugins: Feature = {
  name: 'datapath-plugins',
  contribute: ({ v: { datapathPlugins: values } }) => ({
    config: { 'enable-datapath-plugins': values?.enabled, 'datapath-plugins-state-dir': values?.stateDir },
  }),
};
