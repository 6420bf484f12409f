// Judges network policies with Cilium's own agent code, one binary per Cilium minor.
//
// JSON lines in, JSON lines out. A job is either one policy, which is read and judged as the agent does when it comes from the
// cluster, or several policies with flows, for which Cilium's policy engine decides whether they pass. What differs between the
// minors in Go is in version.go.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/u8proto"
)

// settings of the agent that change what it accepts. All are on by default.
type settings struct {
	L7Proxy             *bool `json:"l7Proxy"`
	NodeSelectorLabels  *bool `json:"nodeSelectorLabels"`
	ExtendedIPProtocols *bool `json:"extendedIPProtocols"`
	HostFirewall        *bool `json:"hostFirewall"`
}

// flow is one connection; its ends are given by their labels, such as "reserved:host".
type flow struct {
	From     []string `json:"from"`
	To       []string `json:"to"`
	Protocol string   `json:"protocol"`
	Port     uint16   `json:"port"`
}

type job struct {
	ID       string            `json:"id"`
	Settings settings          `json:"settings"`
	Policies []json.RawMessage `json:"policies"`
	Flows    []flow            `json:"flows"`
}

type answer struct {
	ID string `json:"id"`
	// Refused: the agent's error for the first policy that it rejects.
	Refused string `json:"refused,omitempty"`
	// Passed: for each flow, whether both ends allow it.
	Passed []bool `json:"passed,omitempty"`
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func main() {
	api.InitEntities("default")
	prepare()
	out := json.NewEncoder(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var asked job
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if err := out.Encode(judge(asked)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}

func judge(asked job) answer {
	on := func(flag *bool) bool { return flag == nil || *flag }
	option.Config.EnableL7Proxy = on(asked.Settings.L7Proxy)
	option.Config.EnableNodeSelectorLabels = on(asked.Settings.NodeSelectorLabels)
	option.Config.EnableHostFirewall = on(asked.Settings.HostFirewall)
	option.Config.EnableICMPRules = true
	option.Config.EnableNonDefaultDenyPolicies = true
	option.Config.EnableIPv4 = true
	option.Config.EnableIPv6 = true
	configure(on(asked.Settings.ExtendedIPProtocols))
	var rules api.Rules
	for _, text := range asked.Policies {
		more, err := parsePolicy(text)
		if err != nil {
			return answer{ID: asked.ID, Refused: err.Error()}
		}
		rules = append(rules, more...)
	}
	if len(asked.Flows) == 0 {
		return answer{ID: asked.ID}
	}
	passed, err := verdicts(rules, asked.Flows)
	if err != nil {
		fmt.Fprintln(os.Stderr, asked.ID, err)
		os.Exit(2)
	}
	return answer{ID: asked.ID, Passed: passed}
}

// parsePolicy does what the agent does with an object of its watch.
func parsePolicy(text []byte) (api.Rules, error) {
	var policy v2.CiliumNetworkPolicy
	if err := json.Unmarshal(text, &policy); err != nil {
		return nil, err
	}
	return parse(&policy)
}

// known are the identities of a job: reserved ones have Cilium's numbers, all others count from 1000 on.
type known struct {
	byLabels map[string]*identity.Identity
	all      identity.IdentityMap
}

func (k *known) of(texts []string) (*identity.Identity, error) {
	set := labels.NewLabelsFromModel(texts)
	key := set.String()
	if id, ok := k.byLabels[key]; ok {
		return id, nil
	}
	number := identity.NumericIdentity(1000 + len(k.byLabels))
	for _, label := range set {
		if label.Source == labels.LabelSourceReserved && (label.Key == labels.IDNameHost || len(set) == 1) {
			number = identity.GetReservedID(label.Key)
		}
	}
	id := identity.NewIdentity(number, set)
	if _, taken := k.all[number]; taken {
		return nil, fmt.Errorf("%v: a job has one host", texts)
	}
	k.byLabels[key] = id
	k.all[number] = id.LabelArray
	return id, nil
}

func verdicts(rules api.Rules, flows []flow) ([]bool, error) {
	ids := &known{byLabels: map[string]*identity.Identity{}, all: identity.IdentityMap{}}
	for _, each := range flows {
		for _, end := range [][]string{each.From, each.To} {
			if _, err := ids.of(end); err != nil {
				return nil, err
			}
		}
	}
	lookup := newLookup(ids.all, identitymanager.NewIDManager(quiet), rules)
	passed := make([]bool, 0, len(flows))
	for _, each := range flows {
		protocol, err := u8proto.ParseProtocol(each.Protocol)
		if err != nil {
			return nil, err
		}
		from, _ := ids.of(each.From)
		to, _ := ids.of(each.To)
		ok, err := lookup(from, to, protocol, each.Port)
		if err != nil {
			return nil, err
		}
		passed = append(passed, ok)
	}
	return passed, nil
}

// noMetrics counts nothing.
type noMetrics struct{}

func (noMetrics) AddRule(metricsRule) {}
func (noMetrics) DelRule(metricsRule) {}
