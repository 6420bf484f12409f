import type { Feature } from '../feature';
import { given, or, whenGiven } from '../../helm/truth';

/** How the operator and the nodes use Azure's interfaces. */
export const cloudAzure: Feature = {
  name: 'cloud-azure',
  contribute: ({ v: { azure }, facts }) => ({
    config: {
      'azure-interface-name': whenGiven(azure.nodeSpec?.azureInterfaceName),
      ...(given(azure.enabled)
        ? {
            // A plain `false` counts as unset, as in the chart; the text 'false' does not.
            'azure-use-primary-address': or(azure.usePrimaryAddress, !facts.compat('1.12')),
            'azure-user-assigned-identity-id': whenGiven(azure.userAssignedIdentityID),
          }
        : {}),
    },
  }),
};
