package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/client-go/util/cert"
)

// podSecurity is Talos' configuration of its API servers: pods of every namespace but kube-system pass "baseline", unless a
// label of the namespace says otherwise.
const podSecurity = `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults: {enforce: baseline, enforce-version: latest, audit: restricted, audit-version: latest, warn: restricted, warn-version: latest}
    exemptions: {namespaces: [kube-system]}
`

// files are what the server reads, and what its clients need.
type files struct {
	certificates                 string
	certificate, certificateKey  string
	tokens, token                string
	serviceAccountKey, admission string
	auditPolicy, auditLog        string
}

// auditPolicy records each answer to a service account, with the decision of RBAC, and nothing else.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
- {level: Metadata, userGroups: ["system:serviceaccounts"]}
- {level: None}
`

func writeFiles(folder string) (files, error) {
	f := files{
		certificates:      filepath.Join(folder, "certificates"),
		certificate:       filepath.Join(folder, "apiserver.crt"),
		certificateKey:    filepath.Join(folder, "apiserver.key"),
		tokens:            filepath.Join(folder, "tokens"),
		token:             randomToken(),
		serviceAccountKey: filepath.Join(folder, "service-account.key"),
		admission:         filepath.Join(folder, "admission.yaml"),
		auditPolicy:       filepath.Join(folder, "audit-policy.yaml"),
		auditLog:          filepath.Join(folder, "audit.log"),
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return f, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return f, err
	}
	// The names by which pods on Talos find the server: KubePrism and the Service.
	names := []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"}
	certificate, certificateKey, err := cert.GenerateSelfSignedCertKey("127.0.0.1", []net.IP{net.ParseIP("10.96.0.1")}, names)
	if err != nil {
		return f, err
	}
	for path, text := range map[string]string{
		f.certificate:       string(certificate),
		f.certificateKey:    string(certificateKey),
		f.tokens:            f.token + ",conformance,conformance,system:masters\n",
		f.serviceAccountKey: string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})),
		f.admission:         podSecurity,
		f.auditPolicy:       auditPolicy,
	} {
		err = errors.Join(err, os.WriteFile(path, []byte(text), 0o600))
	}
	return f, err
}

func startEtcd(folder string) (*embed.Etcd, error) {
	c := embed.NewConfig()
	c.Dir = folder
	c.LogLevel = "error"
	c.LogOutputs = []string{folder + ".log"}
	c.EnableGRPCGateway = false
	c.UnsafeNoFsync = true // nobody keeps the state
	any := []url.URL{{Scheme: "http", Host: "127.0.0.1:0"}}
	c.ListenClientUrls, c.AdvertiseClientUrls, c.ListenPeerUrls, c.AdvertisePeerUrls = any, any, any, any
	c.InitialCluster = c.InitialClusterFromName(c.Name)
	etcd, err := embed.StartEtcd(c)
	if err != nil {
		return nil, err
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return etcd, nil
	case <-time.After(30 * time.Second):
		etcd.Close()
		return nil, errors.New("not ready within 30 seconds")
	}
}

func answers(url string, f files) bool {
	trusted, err := os.ReadFile(f.certificate)
	if err != nil {
		return false
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(trusted)
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	for _, path := range []string{"/readyz", "/api/v1/namespaces/default", "/api/v1/namespaces/kube-system"} {
		request, _ := http.NewRequest(http.MethodGet, url+path, nil)
		request.Header.Set("Authorization", "Bearer "+f.token)
		response, err := client.Do(request)
		if err != nil {
			return false
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return false
		}
	}
	return true
}
