package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
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
	// The server makes its certificate in this folder, and signs it itself.
	certificates, certificate    string
	tokens, token                string
	serviceAccountKey, admission string
}

func writeFiles(folder string) (files, error) {
	f := files{
		certificates:      filepath.Join(folder, "certificates"),
		certificate:       filepath.Join(folder, "certificates", "apiserver.crt"),
		tokens:            filepath.Join(folder, "tokens"),
		token:             randomToken(),
		serviceAccountKey: filepath.Join(folder, "service-account.key"),
		admission:         filepath.Join(folder, "admission.yaml"),
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return f, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return f, err
	}
	for path, text := range map[string]string{
		f.tokens:            f.token + ",conformance,conformance,system:masters\n",
		f.serviceAccountKey: string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})),
		f.admission:         podSecurity,
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
