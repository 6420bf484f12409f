package main

import (
	"github.com/cilium/cilium/pkg/fqdn/re"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/u8proto"
)

// metricsRule is what the engine counts.
type metricsRule = api.Rule

// prepare makes the cache in which this minor keeps patterns of names.
func prepare() {
	if err := re.InitRegexCompileLRU(quiet, 1024); err != nil {
		panic(err)
	}
}

// configure has nothing to set: this minor knows no extended protocols.
func configure(bool) {}

func parse(object *v2.CiliumNetworkPolicy) (api.Rules, error) {
	return object.Parse(quiet, "default")
}

func newLookup(ids identity.IdentityMap, manager identitymanager.IDManager, rules api.Rules) func(from, to *identity.Identity, protocol u8proto.U8proto, port uint16) (bool, error) {
	repo := policy.NewPolicyRepository(quiet, ids, nil, nil, manager, noMetrics{})
	repo.ReplaceByResource(rules, "judged")
	return func(from, to *identity.Identity, protocol u8proto.U8proto, port uint16) (bool, error) {
		verdict, _, _, err := policy.LookupFlow(quiet, repo, manager, policy.Flow{From: from, To: to, Proto: protocol, Dport: port}, nil, nil)
		return verdict == api.Allowed, err
	}
}
