// Command judge sends a request as Talos fetches manifests: with Go's net/url and net/http. Nothing is dialed. Lines in: {"url",
// "headers"}; lines out: {"sent"}, or {"error"} of what refuses the request before a connection is made.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

type question struct {
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
}

type answer struct {
	Sent  bool   `json:"sent"`
	Error string `json:"error,omitempty"`
}

var errDialed = errors.New("dialed")

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("refused: %w", err)
	}

	if _, err := net.DefaultResolver.LookupPort(ctx, network, port); err != nil {
		return nil, fmt.Errorf("refused: %w", err)
	}

	// No resolver knows such a name.
	if address, _, _ := strings.Cut(host, "%"); strings.Contains(host, ":") && net.ParseIP(address) == nil {
		return nil, fmt.Errorf("refused: no such host %q", host)
	}

	return nil, errDialed
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)

	out := json.NewEncoder(os.Stdout)
	client := &http.Client{Transport: &http.Transport{DialContext: dial}}

	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			log.Fatalf("%s: %v", in.Text(), err)
		}

		if err := out.Encode(judge(client, q)); err != nil {
			log.Fatal(err)
		}
	}
}

func judge(client *http.Client, q question) answer {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, q.URL, nil)
	if err != nil {
		return answer{Error: err.Error()}
	}

	for name, value := range q.Headers {
		request.Header.Set(name, value)
	}

	response, err := client.Do(request)
	if err == nil {
		response.Body.Close() //nolint:errcheck

		return answer{Error: "answered without a connection"}
	}

	if errors.Is(err, errDialed) {
		return answer{Sent: true}
	}

	return answer{Error: strings.TrimSpace(err.Error())}
}
