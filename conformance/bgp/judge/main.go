// Runs one session between Talos and Cilium in the network namespace it is started in: Talos' BGP controller code reads the machine config
// documents, Cilium's agent code reads the custom resources, and a router peers with Talos. All addresses are on the loopback link, so the VRF is
// the one thing that is left out. Reads a session from standard input, writes what both sides and the router see.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	gobgpapi "github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	bgppacket "github.com/osrg/gobgp/v4/pkg/packet/bgp"
	gobgpsrv "github.com/osrg/gobgp/v4/pkg/server"
	"go.uber.org/zap"

	ciliumgobgp "github.com/cilium/cilium/pkg/bgp/gobgp"
	ciliumtypes "github.com/cilium/cilium/pkg/bgp/types"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"

	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	netconfig "github.com/siderolabs/talos/pkg/machinery/config/types/network"
	"github.com/siderolabs/talos/pkg/machinery/resources/network"

	talosbgp "judge/talosbgp"
)

// session is one case.
type session struct {
	Documents string                        `json:"documents"`
	Cluster   v2.CiliumBGPClusterConfigSpec `json:"cluster"`
	Peer      v2.CiliumBGPPeerConfigSpec    `json:"peer"`
	// Source is the address of the link that the peer config names, as the agent's reconciler finds it.
	Source   string   `json:"source"`
	Password string   `json:"password"`
	Routes   []string `json:"routes"`
	TorASN   uint32   `json:"torASN"`
	// Wait is how many seconds the routes have.
	Wait int `json:"wait"`
}

const (
	node = "10.255.0.11"
	tor  = "192.0.2.1"

	fabricPort = 1179
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(2)
	}
}

func specOf(doc *netconfig.BGPInstanceConfigV1Alpha1) network.BGPInstanceConfigSpec {
	spec := network.BGPInstanceConfigSpec{LocalASN: doc.LocalASN(), RouterID: doc.RouterID(), Multipath: doc.Multipath(), MaxPaths: doc.MaxPaths(), InstallRoutes: doc.InstallRoutes()}
	for _, route := range doc.ImportRoutes() {
		spec.ImportRoutes = append(spec.ImportRoutes, network.BGPImportRouteSpec{BGPInstance: route.BGPInstance(), Prefixes: route.Prefixes()})
	}
	for _, n := range doc.Neighbors() {
		spec.Neighbors = append(spec.Neighbors, network.BGPNeighborConfigSpec{Address: n.Address(), PeerASN: n.PeerASN(), LocalASN: n.LocalASN(), Passive: n.Passive(), HoldTime: n.HoldTime()})
	}
	return spec
}

func main() {
	var in session

	check(json.NewDecoder(os.Stdin).Decode(&in))

	ctx := context.Background()
	specs, addresses := readDocuments(in.Documents)

	check(exec.Command("ip", "link", "set", "lo", "up").Run())

	for _, address := range append(addresses, node, tor) {
		check(exec.Command("ip", "addr", "add", netip.PrefixFrom(netip.MustParseAddr(address), netip.MustParseAddr(address).BitLen()).String(), "dev", "lo").Run())
	}

	time.Sleep(100 * time.Millisecond)

	instances, desired := startTalos(ctx, specs)
	startCilium(ctx, in)
	rack := startRouter(ctx, in.TorASN, specs["fabric"].LocalASN)

	result := map[string]any{}

	for range in.Wait * 2 {
		time.Sleep(500 * time.Millisecond)

		_, _, err := talosbgp.ReconcileImportedPaths("fabric", instances["fabric"], instances, desired)
		check(err)

		for name, instance := range instances {
			for _, status := range instance.Snapshot(ctx).PeerStatuses {
				result[name] = strings.ToLower(status.State.String())
			}
		}

		learned := learnedBy(rack)
		result["learned"] = learned

		// One of the routes is never imported.
		if len(learned) > 0 && len(learned) >= len(in.Routes)-1 {
			break
		}
	}

	check(json.NewEncoder(os.Stdout).Encode(result))
	os.Exit(0)
}

// readDocuments returns the BGP instances as the controller projects them, and the addresses of the veth pair.
func readDocuments(documents string) (map[string]network.BGPInstanceConfigSpec, []string) {
	provider, err := configloader.NewFromBytes([]byte(documents))
	check(err)

	specs, addresses := map[string]network.BGPInstanceConfigSpec{}, []string{}

	for _, doc := range provider.Documents() {
		switch doc := doc.(type) {
		case *netconfig.BGPInstanceConfigV1Alpha1:
			specs[doc.Name()] = specOf(doc)
		case *netconfig.VethConfigV1Alpha1:
			for _, address := range append(doc.LinkAddresses, doc.VethPeer.LinkAddresses...) {
				addresses = append(addresses, address.AddressAddress.Addr().String())
			}
		}
	}

	return specs, addresses
}

// startTalos starts the instances; that of the fabric listens elsewhere, as both are in one routing domain here.
func startTalos(ctx context.Context, specs map[string]network.BGPInstanceConfigSpec) (map[string]*talosbgp.Instance, map[string]struct{}) {
	logger := zap.NewNop()
	state := talosbgp.NewRuntimeState(map[string]network.LinkStatusSpec{}, nil)
	instances, desired := map[string]*talosbgp.Instance{}, map[string]struct{}{}

	for name, spec := range specs {
		resolved, err := state.Resolve(spec)
		check(err)

		routerID, port := resolved.RouterID, int32(179)
		if name == "fabric" {
			routerID, port = netip.MustParseAddr(node), fabricPort
		}

		peers, interfaces := talosbgp.NewNeighborResolver().ResolvePeers(resolved.Spec, state, logger)
		instance := talosbgp.NewInstance()
		check(instance.EnsureServer(ctx, logger, resolved.Spec, routerID, 0, peers, interfaces, port, func() {}))
		instance.SetOutputState(nil, resolved.Spec.ImportRoutes, resolved.Spec.VRFTable, resolved.Spec.RouteSource, resolved.Spec.LocalASN, resolved.Spec.InstallRoutes)
		instances[name], desired[name] = instance, struct{}{}
	}

	return instances, desired
}

// startCilium starts the instance of the agent, with an export policy that its reconciler makes of advertisements.
func startCilium(ctx context.Context, in session) {
	in.Peer.SetDefaults()

	instance := in.Cluster.BGPInstances[0]
	peer := instance.Peers[0]
	router, err := ciliumgobgp.NewGoBGPServer(ctx, slog.New(slog.DiscardHandler), ciliumtypes.ServerParameters{
		Global: ciliumtypes.BGPGlobal{ASN: uint32(*instance.LocalASN), RouterID: "10.0.0.5", ListenPort: -1},
	})
	check(err)

	nodePeer := &v2.CiliumBGPNodePeer{Name: peer.Name, PeerAddress: peer.PeerAddress, PeerASN: peer.PeerASN, LocalAddress: &in.Source}
	check(router.AddNeighbor(ctx, ciliumtypes.ToNeighborV2(nodePeer, &in.Peer, in.Password)))
	check(router.AddRoutePolicy(ctx, ciliumtypes.RoutePolicyRequest{
		DefaultExportAction: ciliumtypes.RoutePolicyActionReject,
		Policy: &ciliumtypes.RoutePolicy{
			Name:       "all",
			Type:       ciliumtypes.RoutePolicyTypeExport,
			Statements: []*ciliumtypes.RoutePolicyStatement{{Actions: ciliumtypes.RoutePolicyActions{RouteAction: ciliumtypes.RoutePolicyActionAccept}}},
		},
	}))

	for _, route := range in.Routes {
		path, err := ciliumtypes.NewPathForPrefix(netip.MustParsePrefix(route))
		check(err)

		_, err = router.AdvertisePath(ctx, ciliumtypes.PathRequest{Path: path})
		check(err)
	}
}

func startRouter(ctx context.Context, asn, fabricASN uint32) *gobgpsrv.BgpServer {
	rack := gobgpsrv.NewBgpServer(gobgpsrv.LoggerOption(slog.New(slog.DiscardHandler), nil))

	go rack.Serve()

	check(rack.StartBgp(ctx, &gobgpapi.StartBgpRequest{Global: &gobgpapi.Global{Asn: asn, RouterId: tor, ListenPort: -1}}))
	check(rack.AddPeer(ctx, &gobgpapi.AddPeerRequest{Peer: &gobgpapi.Peer{
		Conf:      &gobgpapi.PeerConf{NeighborAddress: node, PeerAsn: fabricASN},
		Transport: &gobgpapi.Transport{LocalAddress: tor, RemotePort: fabricPort},
		Timers:    &gobgpapi.Timers{Config: &gobgpapi.TimersConfig{ConnectRetry: 2, IdleHoldTimeAfterReset: 1}},
		AfiSafis:  []*gobgpapi.AfiSafi{unicast(gobgpapi.Family_AFI_IP), unicast(gobgpapi.Family_AFI_IP6)},
	}}))

	return rack
}

func unicast(afi gobgpapi.Family_Afi) *gobgpapi.AfiSafi {
	return &gobgpapi.AfiSafi{Config: &gobgpapi.AfiSafiConfig{Family: &gobgpapi.Family{Afi: afi, Safi: gobgpapi.Family_SAFI_UNICAST}, Enabled: true}}
}

func learnedBy(rack *gobgpsrv.BgpServer) []string {
	learned := []string{}

	for _, family := range []bgppacket.Family{bgppacket.RF_IPv4_UC, bgppacket.RF_IPv6_UC} {
		check(rack.ListPath(apiutil.ListPathRequest{TableType: gobgpapi.TableType_TABLE_TYPE_GLOBAL, Family: family}, func(prefix bgppacket.NLRI, _ []*apiutil.Path) {
			learned = append(learned, prefix.String())
		}))
	}

	slices.Sort(learned)

	return learned
}
