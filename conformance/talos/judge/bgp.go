package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
)

// bgpOf describes the BGP instances as network.BGPInstanceConfigController reads them, and links of their own:
// "workload of vrf-workload: AS 2, router 10.0.0.1, with fda1:: of AS 3 passive". What the controller refuses is an item that begins with "refused".
func bgpOf(cfg config.Provider) []string {
	list := []string{}
	vrfs := map[string]bool{}

	for _, link := range each(firstOf(cfg, []string{"NetworkCommonLinkConfigs"})) {
		if table := text(link, "Table"); table != "" {
			vrfs[text(link, "Name")] = true

			list = append(list, fmt.Sprintf("vrf %s, table %s, of %s", text(link, "Name"), table, strings.Join(lines(firstOf(link, []string{"Links"})), " ")))
		}

		if peer := firstOf(link, []string{"Peer"}); peer != nil && firstOf(link, []string{"AdditionalLinkConfigs"}) != nil {
			list = append(list, fmt.Sprintf("veth %s %s to %s %s", text(link, "Name"), addressesOf(link), text(peer, "Name"), addressesOf(peer)))
		}
	}

	instances := each(firstOf(cfg, []string{"NetworkBGPInstanceConfigs"}))
	domains, names := map[string]bool{}, map[string]bool{}

	for _, instance := range instances {
		names[text(instance, "Name")] = true
	}

	for _, instance := range instances {
		domain := text(instance, "VRF")
		if domains[domain] || (domain != "" && !vrfs[domain]) {
			list = append(list, fmt.Sprintf("refused: routing domain %q of %s", domain, text(instance, "Name")))
		}

		domains[domain] = true
		said := fmt.Sprintf("bgp %s of %s: AS %s, router %s", text(instance, "Name"), domain, text(instance, "LocalASN"), text(instance, "RouterID"))

		if !isYes(instance, "InstallRoutes") {
			said += ", installs nothing"
		}

		for _, neighbor := range each(firstOf(instance, []string{"Neighbors"})) {
			said += fmt.Sprintf(", with %s%s of AS %s", strings.ReplaceAll(text(neighbor, "Address"), "invalid IP", ""), text(neighbor, "Link"), text(neighbor, "PeerASN"))

			if isYes(neighbor, "Passive") {
				said += " passive"
			}

			if hold := text(neighbor, "HoldTime"); hold != "0s" {
				said += " hold " + hold
			}
		}

		for _, route := range each(firstOf(instance, []string{"ImportRoutes"})) {
			said += fmt.Sprintf(", imports %s of %s", strings.Join(lines(firstOf(route, []string{"Prefixes"})), " "), text(route, "BGPInstance"))

			if !names[text(route, "BGPInstance")] {
				list = append(list, "refused: imports of a missing instance")
			}
		}

		list = append(list, said)
	}

	slices.Sort(list)

	return list
}

func addressesOf(link any) string {
	all := []string{}
	for _, address := range each(firstOf(link, []string{"Addresses"})) {
		all = append(all, text(address, "Address"))
	}

	return strings.Join(all, " ")
}
