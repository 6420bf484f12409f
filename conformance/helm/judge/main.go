// Command judge renders chart archives with Helm's own packages, as `helm template` does: one JSON job a line on
// standard input, one JSON verdict a line on standard output, in the same order.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"regexp"
	"runtime"
	"sync"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/releaseutil"
	"sigs.k8s.io/yaml"
)

// Job is what Helm is told. ValuesText is a values file as a user would hand it over.
type Job struct {
	ID          string         `json:"id"`
	Chart       string         `json:"chart"`
	Values      map[string]any `json:"values"`
	ValuesText  string         `json:"valuesText"`
	Namespace   string         `json:"namespace"`
	KubeVersion string         `json:"kubeVersion"`
	APIVersions []string       `json:"apiVersions"`
}

// Verdict is what Helm prints, or why it refuses.
type Verdict struct {
	ID      string            `json:"id"`
	Objects []json.RawMessage `json:"objects,omitempty"`
	// Sources are the templates of the objects, in their order.
	Sources []string `json:"sources,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func main() {
	var jobs []Job
	for decoder := json.NewDecoder(bufio.NewReader(os.Stdin)); ; {
		var job Job
		if err := decoder.Decode(&job); err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		jobs = append(jobs, job)
	}
	verdicts := make([]Verdict, len(jobs))
	var wait sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				verdicts[i] = judge(jobs[i])
			}
		}()
	}
	for i := range jobs {
		next <- i
	}
	close(next)
	wait.Wait()
	encoder := json.NewEncoder(os.Stdout)
	for _, verdict := range verdicts {
		if err := encoder.Encode(verdict); err != nil {
			log.Fatal(err)
		}
	}
}

func judge(job Job) (verdict Verdict) {
	verdict.ID = job.ID
	defer func() {
		if crash := recover(); crash != nil {
			verdict.Error = fmt.Sprint("crash: ", crash)
		}
	}()
	objects, sources, err := render(job)
	if err != nil {
		verdict.Error = err.Error()
	}
	verdict.Objects, verdict.Sources = objects, sources
	return verdict
}

var source = regexp.MustCompile(`^# Source: [^/]+/(.+)`)

func render(job Job) ([]json.RawMessage, []string, error) {
	if job.ValuesText != "" {
		values, err := chartutil.ReadValues([]byte(job.ValuesText))
		if err != nil {
			return nil, nil, err
		}
		job.Values = values
	}
	// Loaded anew each time: some templates change their own values.
	archive, err := loader.LoadFile(job.Chart)
	if err != nil {
		return nil, nil, err
	}
	install := action.NewInstall(&action.Configuration{})
	install.DryRun, install.ClientOnly, install.IncludeCRDs = true, true, true
	install.ReleaseName, install.Namespace = "cilium", job.Namespace
	if install.KubeVersion, err = chartutil.ParseKubeVersion(job.KubeVersion); err != nil {
		return nil, nil, err
	}
	install.APIVersions = job.APIVersions
	release, err := install.Run(archive, job.Values)
	if err != nil {
		return nil, nil, err
	}
	text := release.Manifest
	for _, hook := range release.Hooks {
		text += fmt.Sprintf("\n---\n# Source: %s\n%s", hook.Path, hook.Manifest)
	}
	documents := releaseutil.SplitManifests(text)
	var objects []json.RawMessage
	var sources []string
	for i := range len(documents) {
		document := documents[fmt.Sprintf("manifest-%d", i)]
		if match := source.FindStringSubmatch(document); match != nil {
			sources = append(sources, match[1])
		} else {
			// A template that prints several documents names itself once.
			sources = append(sources, "")
		}
		object, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return nil, nil, fmt.Errorf("the output is not YAML: %w", err)
		}
		if string(object) != "null" {
			objects = append(objects, object)
		} else {
			sources = sources[:len(sources)-1]
		}
	}
	return objects, sources, nil
}
