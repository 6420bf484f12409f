package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
)

// facts are what a node's controllers read of its config, whichever way it is written.
type facts struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Taints      map[string]string `json:"taints"`
	// Schedulable: no taint keeps workloads off a control plane.
	Schedulable bool              `json:"schedulable"`
	Sysctls     map[string]string `json:"sysctls"`
	Sysfs       map[string]string `json:"sysfs"`
	// Modules with their parameters: "btrfs a=1". Of two with one name nodes take the later.
	Modules []string `json:"modules"`
	// Discovery: the services, and "kubernetes" for the other registry.
	Discovery []string `json:"discovery"`
	// VIPs with their links: "10.0.0.5 on eth0".
	VIPs []string `json:"vips"`
	// Aliases of links: "vip0".
	Aliases []string `json:"aliases"`
	// PodSecurity is the configuration of the admission plugin.
	PodSecurity any `json:"podSecurity"`
	// KubePrism is its port; 0 when it is off.
	KubePrism int `json:"kubePrism"`
	// HostDNS: which of its three switches are on.
	HostDNS []string `json:"hostDNS"`
	// CoreDNS is deployed.
	CoreDNS bool `json:"coreDNS"`
	// PodSubnets and ServiceSubnets of the cluster.
	PodSubnets     []string `json:"podSubnets"`
	ServiceSubnets []string `json:"serviceSubnets"`
	// DNSDomain of the cluster.
	DNSDomain string `json:"dnsDomain"`
	// MaxPods of the kubelet's configuration.
	MaxPods any `json:"maxPods"`
	// NodeIPs are the networks from which the addresses of the node are chosen.
	NodeIPs []string `json:"nodeIPs"`
	// BGP: the instances, and the links that are made for them.
	BGP []string `json:"bgp"`
}

const controlPlaneTaint = "node-role.kubernetes.io/control-plane"

func factsOf(cfg config.Provider) *facts {
	f := &facts{
		Labels:         texts(firstOf(cfg, []string{"K8sNodeConfig", "Labels"}, []string{"Machine", "NodeLabels"})),
		Annotations:    texts(firstOf(cfg, []string{"K8sNodeConfig", "Annotations"}, []string{"Machine", "NodeAnnotations"})),
		Taints:         texts(firstOf(cfg, []string{"K8sNodeConfig", "Taints"}, []string{"Machine", "NodeTaints"})),
		Sysctls:        texts(firstOf(cfg, []string{"SysctlConfig"}, []string{"Machine", "Sysctls"})),
		Sysfs:          texts(firstOf(cfg, []string{"SysfsConfig"}, []string{"Machine", "Sysfs"})),
		Modules:        []string{},
		Discovery:      discoveryOf(cfg),
		VIPs:           vipsOf(cfg),
		Aliases:        []string{},
		KubePrism:      kubePrismOf(cfg),
		HostDNS:        hostDNSOf(cfg),
		CoreDNS:        isYes(firstOf(cfg, []string{"K8sCoreDNSConfig"}, []string{"Cluster", "CoreDNS"}), "Enabled"),
		PodSubnets:     lines(firstOf(cfg, []string{"K8sNetworkConfig", "PodCIDRs"}, []string{"Cluster", "Network", "PodCIDRs"})),
		BGP:            bgpOf(cfg),
		ServiceSubnets: lines(firstOf(cfg, []string{"K8sNetworkConfig", "ServiceCIDRs"}, []string{"Cluster", "Network", "ServiceCIDRs"})),
		DNSDomain:      text(firstOf(cfg, []string{"K8sNetworkConfig", "DNSDomain"}, []string{"Cluster", "Network", "DNSDomain"})),
		NodeIPs:        lines(firstOf(cfg, []string{"K8sNodeConfig", "NodeIP", "ValidSubnets"}, []string{"Machine", "Kubelet", "NodeIP", "ValidSubnets"})),
	}

	if kubelet, ok := firstOf(cfg, []string{"K8sKubeletConfig", "ExtraConfig"}, []string{"Machine", "Kubelet", "ExtraConfig"}).(map[string]any); ok {
		f.MaxPods = kubelet["maxPods"]
	}

	if _, isRead := call(cfg, []string{"K8sNodeConfig"}); isRead {
		_, isTainted := f.Taints[controlPlaneTaint]
		f.Schedulable = !isTainted
	} else {
		f.Schedulable, _ = firstOf(cfg, []string{"Cluster", "ScheduleOnControlPlanes"}).(bool)
	}

	for _, module := range each(firstOf(cfg, []string{"KernelModuleConfigs"}, []string{"Machine", "Kernel", "Modules"})) {
		name := text(module, "Name")
		said := strings.Join(append([]string{name}, lines(firstOf(module, []string{"Parameters"}))...), " ")

		if i := slices.IndexFunc(f.Modules, func(other string) bool { return strings.Fields(other)[0] == name }); i >= 0 {
			f.Modules[i] = said
		} else {
			f.Modules = append(f.Modules, said)
		}
	}

	for _, alias := range each(firstOf(cfg, []string{"NetworkLinkAliasConfigs"})) {
		f.Aliases = append(f.Aliases, text(alias, "Name"))
	}

	for _, plugin := range each(firstOf(cfg, []string{"K8sAdmissionControlPluginConfigs"}, []string{"Cluster", "APIServer", "AdmissionControl"})) {
		if text(plugin, "Name") == "PodSecurity" {
			f.PodSecurity = firstOf(plugin, []string{"Configuration"})
		}
	}

	return f
}

func discoveryOf(cfg config.Provider) []string {
	list := []string{}

	services, isRead := call(cfg, []string{"DiscoveryServiceConfigs"})
	for _, service := range each(services) {
		list = append(list, text(service, "Endpoint", "String"))
	}

	if !isYes(cfg, "Cluster", "Discovery", "Enabled") {
		return list
	}

	if !isRead && isYes(cfg, "Cluster", "Discovery", "Registries", "Service", "Enabled") {
		list = append(list, text(cfg, "Cluster", "Discovery", "Registries", "Service", "Endpoint"))
	}

	if isYes(cfg, "Cluster", "Discovery", "Registries", "Kubernetes", "Enabled") {
		list = append(list, "kubernetes")
	}

	return list
}

func vipsOf(cfg config.Provider) []string {
	list := []string{}

	for _, device := range each(firstOf(cfg, []string{"Machine", "Network", "Devices"})) {
		if vip := firstOf(device, []string{"VIPConfig"}); vip != nil {
			link := text(device, "Interface")
			if selector := firstOf(device, []string{"Selector"}); selector != nil {
				link = text(selector, "HardwareAddress") + text(selector, "KernelDriver")
			}

			if isYes(device, "DHCP") {
				link += " with DHCP"
			}

			list = append(list, text(vip, "IP")+" on "+link)
		}
	}

	for _, vip := range each(firstOf(cfg, []string{"NetworkVirtualIPConfigs"})) {
		list = append(list, text(vip, "VIP", "String")+" on "+text(vip, "Link"))
	}

	return list
}

func kubePrismOf(cfg config.Provider) int {
	prism := firstOf(cfg, []string{"K8sKubePrismConfig"}, []string{"Machine", "Features", "KubePrism"})
	if on, ok := call(prism, []string{"Enabled"}); prism == nil || (ok && on == false) {
		return 0
	}

	port, _ := firstOf(prism, []string{"Port"}).(int)

	return port
}

func hostDNSOf(cfg config.Provider) []string {
	dns := firstOf(cfg, []string{"NetworkHostDNSConfig"}, []string{"Machine", "Features", "HostDNS"})
	on := []string{}

	for name, methods := range map[string][]string{
		"enabled":              {"HostDNSEnabled", "Enabled"},
		"forwardKubeDNSToHost": {"ForwardKubeDNSToHost"},
		"resolveMemberNames":   {"ResolveMemberNames"},
	} {
		for _, method := range methods {
			if isYes(dns, method) {
				on = append(on, name)
			}
		}
	}

	slices.Sort(on)

	return on
}

func isYes(v any, chain ...string) bool {
	on, _ := firstOf(v, chain).(bool)

	return on
}

func text(v any, chain ...string) string {
	result := firstOf(v, chain)
	if result == nil {
		return ""
	}

	return fmt.Sprint(result)
}

func each(list any) (items []any) {
	if list == nil {
		return nil
	}

	values := reflect.ValueOf(list)
	for i := range values.Len() {
		items = append(items, values.Index(i).Interface())
	}

	return items
}

func lines(list any) []string {
	result := []string{}
	for _, item := range each(list) {
		result = append(result, fmt.Sprint(item))
	}

	return result
}

func texts(mapping any) map[string]string {
	result := map[string]string{}
	if mapping == nil {
		return result
	}

	for iterator := reflect.ValueOf(mapping).MapRange(); iterator.Next(); {
		result[iterator.Key().String()] = iterator.Value().String()
	}

	return result
}
