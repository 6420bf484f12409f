// Judges Talos machine-config patches with Talos' own machinery, one binary per Talos minor.
//
// JSON lines in, JSON lines out. A job generates a control plane's and a worker's config, patches them as
// "talosctl gen config" does (common patches first), writes and loads the result, and validates it as
// "talosctl validate --mode metal" does, also strictly. What differs between the minors in Go is in version.go;
// accessors that moved are looked up by name.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/bundle"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

type job struct {
	ID string `json:"id"`
	// Contract is the Talos minor that the configs are generated for.
	Contract string `json:"contract"`
	KubeSpan bool   `json:"kubeSpan"`
	// Base: existing configs, as texts. Nothing is generated then.
	Base *base `json:"base"`
	// Patches as texts.
	All          []string `json:"all"`
	ControlPlane []string `json:"controlplane"`
	Worker       []string `json:"worker"`
	Twice        bool     `json:"twice"`
}

type base struct {
	ControlPlane string `json:"controlplane"`
	Worker       string `json:"worker"`
}

type verdict struct {
	ID           string `json:"id"`
	Trouble      string `json:"trouble,omitempty"`
	ControlPlane *node  `json:"controlplane,omitempty"`
	Worker       *node  `json:"worker,omitempty"`
}

type node struct {
	Errors       []string   `json:"errors"`
	StrictErrors []string   `json:"strictErrors"`
	Warnings     []string   `json:"warnings"`
	CNI          string     `json:"cni"`
	KubeProxy    bool       `json:"kubeProxy"`
	KubeSpan     bool       `json:"kubeSpan"`
	Facts        *facts     `json:"facts"`
	Manifests    []manifest `json:"manifests"`
	Config       string     `json:"config"`
	TwiceErrors  []string   `json:"twiceErrors"`
	TwiceSame    bool       `json:"twiceSame"`
}

type manifest struct {
	Name    string   `json:"name"`
	Objects []string `json:"objects"`
}

// metal is the runtime mode of a node with an own disk.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)

	for {
		var j job

		if err := in.Decode(&j); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "judge: broken job:", err)
			os.Exit(2)
		}

		v := verdict{ID: j.ID}
		if err := judge(&j, &v); err != nil {
			v.Trouble = err.Error()
		}

		if err := out.Encode(v); err != nil {
			os.Exit(2)
		}
	}
}

func judge(j *job, v *verdict) error {
	controlPlane, worker, err := started(j)
	if err != nil {
		return err
	}

	v.ControlPlane, err = judgeNode(controlPlane, append(append([]string{}, j.All...), j.ControlPlane...), j.Twice)
	if err != nil {
		return err
	}

	v.Worker, err = judgeNode(worker, append(append([]string{}, j.All...), j.Worker...), j.Twice)

	return err
}

// started gives the configs that are patched.
func started(j *job) (controlPlane, worker config.Provider, err error) {
	if j.Base == nil {
		made, err := generated(j)
		if err != nil {
			return nil, nil, err
		}

		return made.ControlPlaneCfg, made.WorkerCfg, nil
	}

	if controlPlane, err = configloader.NewFromBytes([]byte(j.Base.ControlPlane)); err != nil {
		return nil, nil, err
	}

	worker, err = configloader.NewFromBytes([]byte(j.Base.Worker))

	return controlPlane, worker, err
}

var secretsOf = map[string]*secrets.Bundle{}

func generated(j *job) (*bundle.Bundle, error) {
	contract, err := config.ParseContractFromVersion("v" + j.Contract)
	if err != nil {
		return nil, err
	}

	if secretsOf[j.Contract] == nil {
		clock := secrets.NewFixedClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		if secretsOf[j.Contract], err = secrets.NewBundle(clock, contract); err != nil {
			return nil, err
		}
	}

	options := []generate.Option{
		generate.WithVersionContract(contract),
		generate.WithSecretsBundle(secretsOf[j.Contract]),
		generate.WithInstallDisk("/dev/sda"),
		generate.WithInstallImage("ghcr.io/siderolabs/installer:v" + j.Contract + ".0"),
		generate.WithDNSDomain("cluster.local"),
		generate.WithClusterDiscovery(true),
	}

	if j.KubeSpan {
		options = append(options, kubeSpanOption())
	}

	return bundle.NewBundle(bundle.WithVerbose(false), bundle.WithInputOptions(&bundle.InputOptions{
		ClusterName: "judge",
		Endpoint:    "https://10.5.0.2:6443",
		KubeVersion: constants.DefaultKubernetesVersion,
		GenOptions:  options,
	}))
}

// judgeNode returns an error when it fails itself; problems of the patches are in the node's errors.
func judgeNode(start config.Provider, texts []string, twice bool) (*node, error) {
	n := &node{Errors: []string{}, StrictErrors: []string{}, Warnings: []string{}, Manifests: []manifest{}, TwiceErrors: []string{}}

	patches, err := loaded(texts)
	if err != nil {
		n.Errors = flat("load patch", err)

		return n, nil
	}

	var written []byte

	if err = guarded(func() error {
		patched, err := configpatcher.Apply(configpatcher.WithConfig(start), patches)
		if err != nil {
			return err
		}

		cfg, err := patched.Config()
		if err != nil {
			return err
		}

		written, err = cfg.EncodeBytes(encoder.WithComments(encoder.CommentsDisabled))

		return err
	}); err != nil {
		n.Errors = flat("patch", err)

		return n, nil
	}

	n.Config = string(written)

	cfg := n.validate(written)
	if cfg == nil {
		return n, nil
	}

	if err = n.describe(cfg); err != nil {
		return nil, err
	}

	if twice {
		n.applyAgain(written, texts)
	}

	return n, nil
}

func loaded(texts []string) (patches []configpatcher.Patch, err error) {
	err = guarded(func() error {
		for _, text := range texts {
			patch, err := configpatcher.LoadPatch([]byte(text))
			if err != nil {
				return err
			}

			patches = append(patches, patch)
		}

		return nil
	})

	return patches, err
}

func (n *node) validate(data []byte) config.Provider {
	cfg, err := configloader.NewFromBytes(data)
	if err != nil {
		n.Errors = append(n.Errors, flat("load", err)...)

		return nil
	}

	warnings, err := validated(cfg, validation.WithLocal())
	n.Warnings = append(n.Warnings, warnings...)
	n.Errors = append(n.Errors, flat("validate", err)...)

	_, strict := validated(cfg, validation.WithLocal(), validation.WithStrict())

	known := strings.Join(n.Errors, "\n")
	for _, text := range flat("validate", strict) {
		if !strings.Contains(known, text) {
			n.StrictErrors = append(n.StrictErrors, text)
		}
	}

	return cfg
}

// validated calls the validation by its name: ValidateAsClient from 1.14 on, Validate before.
func validated(cfg config.Provider, options ...validation.Option) (warnings []string, err error) {
	for _, name := range []string{"ValidateAsClient", "Validate"} {
		method := reflect.ValueOf(cfg).MethodByName(name)
		if !method.IsValid() {
			continue
		}

		validate, ok := method.Interface().(func(validation.RuntimeMode, ...validation.Option) ([]string, error))
		if !ok {
			return nil, fmt.Errorf("judge: %s has an unknown signature", name)
		}

		err = guarded(func() (err error) {
			warnings, err = validate(metal{}, options...)

			return err
		})

		return warnings, err
	}

	return nil, errors.New("judge: this machinery has no known validation")
}

// applyAgain patches the result once more, as a second "talosctl patch" does.
func (n *node) applyAgain(first []byte, texts []string) {
	var second []byte

	if err := guarded(func() error {
		patches, err := loaded(texts)
		if err != nil {
			return err
		}

		out, err := configpatcher.Apply(configpatcher.WithBytes(first), patches)
		if err != nil {
			return err
		}

		second, err = out.Bytes()

		return err
	}); err != nil {
		n.TwiceErrors = flat("patch", err)

		return
	}

	again := &node{}
	again.validate(second)
	n.TwiceErrors = append(append(n.TwiceErrors, again.Errors...), again.StrictErrors...)
	n.TwiceSame = bytes.Equal(first, second)
}

// guarded turns a panic of the machinery into an error: it counts as a verdict on a patch.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the machinery panicked: %v", p)
		}
	}()

	return f()
}

// flat gives a joined error as single lines.
func flat(stage string, err error) []string {
	if err == nil {
		return []string{}
	}

	var lines []string

	for _, line := range strings.Split(err.Error(), "\n") {
		if line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "*")); line != "" {
			lines = append(lines, stage+": "+line)
		}
	}

	return lines
}
