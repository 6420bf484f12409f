import type { Feature } from '../feature';

/** Third-party programs in Cilium's datapath, selected by CiliumDatapathPlugin resources. */
export const datapathPlugins: Feature = {
  name: 'datapath-plugins',
  contribute: ({ v: { datapathPlugins: values } }) => ({
    config: { 'enable-datapath-plugins': values?.enabled, 'datapath-plugins-state-dir': values?.stateDir },
  }),
};
