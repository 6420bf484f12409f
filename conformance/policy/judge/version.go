package main

import (
	"sync"

	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/policy/utils"
	"github.com/cilium/cilium/pkg/u8proto"
)

// metricsRule is what the engine counts.
type metricsRule = types.PolicyEntry

// prepare has nothing to do: this minor compiles patterns of names without a cache.
func prepare() {}

func configure(extendedIPProtocols bool) {
	option.Config.EnableExtendedIPProtocols = extendedIPProtocols
}

func parse(object *v2.CiliumNetworkPolicy) (api.Rules, error) {
	return object.Parse(quiet, "default")
}

func newLookup(ids identity.IdentityMap, manager identitymanager.IDManager, rules api.Rules) func(from, to *identity.Identity, protocol u8proto.U8proto, port uint16) (bool, error) {
	repo := policy.NewPolicyRepository(quiet, ids, nil, nil, manager, noMetrics{})
	repo.GetSubjectSelectorCache().UpdateIdentities(ids, nil, &sync.WaitGroup{})
	repo.ReplaceByResource(utils.RulesToPolicyEntries(rules), "judged")
	return func(from, to *identity.Identity, protocol u8proto.U8proto, port uint16) (bool, error) {
		verdict, _, _, err := policy.LookupFlow(quiet, repo, manager, types.Flow{From: from, To: to, Proto: protocol, Dport: port})
		return verdict.Allowed(), err
	}
}
