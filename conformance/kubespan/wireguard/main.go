// Command wireguard plays KubeSpan's link on a kernel without WireGuard: it makes the TUN link named by its argument and
// serves it until SIGTERM; the link goes with it. Standard input holds settings in WireGuard's configuration protocol;
// each empty line applies what stands before it, and "ready" is the answer. With -keys N it prints N pairs of a private
// and a public key in that protocol's spelling.
package main

import (
	"bufio"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/hex"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"
	"golang.zx2c4.com/wireguard/tun"
)

func main() {
	log.SetFlags(0)
	keys := flag.Int("keys", 0, "print that many pairs of keys and end")
	mtu := flag.Int("mtu", 1420, "MTU of the link")
	flag.Parse()
	if *keys > 0 {
		printKeys(*keys)
		return
	}
	if flag.NArg() != 1 {
		log.Fatal("one argument is needed: the name of the link")
	}
	if err := serve(flag.Arg(0), *mtu); err != nil {
		log.Fatal(err)
	}
}

func serve(name string, mtu int) error {
	// Before the link exists nobody may end the program half-way.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	link, err := tun.CreateTUN(name, mtu)
	if err != nil {
		return err
	}
	peer := device.NewDevice(link, conn.NewDefaultBind(), device.NewLogger(device.LogLevelError, name+": "))
	defer peer.Close()
	if err := peer.Up(); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- configure(peer) }()
	for {
		select {
		case err := <-failed:
			if err != nil {
				return err
			}
			failed = nil
		case <-stop:
			return nil
		case <-peer.Wait():
			return nil
		}
	}
}

func configure(peer *device.Device) error {
	var settings strings.Builder
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if lines.Text() != "" {
			settings.WriteString(lines.Text() + "\n")
			continue
		}
		if err := peer.IpcSet(settings.String()); err != nil {
			return err
		}
		settings.Reset()
		fmt.Println("ready")
	}
	return lines.Err()
}

func printKeys(count int) {
	for range count {
		key, err := ecdh.X25519().GenerateKey(rand.Reader)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(hex.EncodeToString(key.Bytes()), hex.EncodeToString(key.PublicKey().Bytes()))
	}
}
