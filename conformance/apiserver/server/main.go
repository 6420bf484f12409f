// Command server is a real kube-apiserver with its etcd in one process, on loopback, with a state that is thrown away.
// There are no nodes and no controllers: it decodes, defaults, validates, admits and stores, and nothing acts on objects.
// When it is ready it prints one line of JSON, {"url", "token", "ca", "audit"}, and it ends with its standard input.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/rest"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(stderr, "server:", err)
		os.Exit(1)
	}
}

// Kubernetes logs to os.Stderr, which is pointed elsewhere.
var stderr = os.Stderr

func run(out io.Writer) error {
	state, err := os.MkdirTemp("", "conformance-apiserver-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(state)
	log, err := os.Create(filepath.Join(state, "log"))
	if err != nil {
		return err
	}
	os.Stderr = log
	etcd, err := startEtcd(filepath.Join(state, "etcd"))
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	// Neither etcd nor the API server is shut down in order: the process ends, and the state is discarded.
	files, err := writeFiles(state)
	if err != nil {
		return err
	}
	// The listener is passed open, so that no other process takes its port.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, flags(etcd.Clients[0].Addr().String(), listener, files)) }()
	ended := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); close(ended) }()

	url := "https://" + listener.Addr().String()
	if err := ready(url, files, served, ended); err != nil {
		return fmt.Errorf("%w\n%s", err, tail(filepath.Join(state, "log")))
	}
	if err := json.NewEncoder(out).Encode(map[string]string{"url": url, "token": files.token, "ca": files.certificate, "audit": files.auditLog}); err != nil {
		return err
	}
	select {
	case <-ended:
		return nil
	case err := <-served:
		return fmt.Errorf("the API server stopped by itself: %w\n%s", err, tail(filepath.Join(state, "log")))
	}
}

func flags(etcd string, listener net.Listener, f files) []string {
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return []string{
		"--etcd-servers=http://" + etcd,
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		"--secure-port=" + port,
		"--cert-dir=" + f.certificates,
		"--tls-cert-file=" + f.certificate,
		"--tls-private-key-file=" + f.certificateKey,
		"--token-auth-file=" + f.tokens,
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + f.serviceAccountKey,
		"--service-account-signing-key-file=" + f.serviceAccountKey,
		"--authorization-mode=RBAC",
		"--allow-privileged=true",
		"--admission-control-config-file=" + f.admission,
		// It waits for the ServiceAccount "default" of a namespace, which only a controller makes.
		"--disable-admission-plugins=ServiceAccount",
		"--audit-policy-file=" + f.auditPolicy,
		"--audit-log-path=" + f.auditLog,
		"--endpoint-reconciler-type=none",
		// Both families, so that dual-stack Services are judged.
		"--service-cluster-ip-range=10.96.0.0/12,fd00:10:96::/112",
	}
}

// serve runs the kube-apiserver command with a listener of ours.
func serve(ctx context.Context, listener net.Listener, args []string) error {
	s := options.NewServerRunOptions()
	set := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, group := range s.Flags().FlagSets {
		set.AddFlagSet(group)
	}
	if err := set.Parse(args); err != nil {
		return err
	}
	if err := s.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	if err := logsapi.ValidateAndApply(s.Logs, utilfeature.DefaultFeatureGate); err != nil {
		return err
	}
	s.SecureServing.Listener = listener
	completed, err := s.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return errors.Join(errs...)
	}
	return app.Run(ctx, completed)
}

// ready waits until the server answers and has made its own namespaces.
func ready(url string, f files, served <-chan error, ended <-chan struct{}) error {
	deadline := time.After(5 * time.Minute)
	for {
		if answers(url, f) {
			return nil
		}
		select {
		case err := <-served:
			return fmt.Errorf("the API server does not start: %w", err)
		case <-ended:
			return errors.New("ended before it was ready")
		case <-deadline:
			return errors.New("not ready within five minutes")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func randomToken() string {
	return rand.Text()
}

// tail gives the end of the log, for errors.
func tail(path string) string {
	text, _ := os.ReadFile(path)
	return string(text[max(0, len(text)-4000):])
}
