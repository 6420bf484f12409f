// Command values merges values files and `--set` expressions with Helm's own packages: one JSON job a line on standard input, the
// answers of Helm 3 and Helm 4 a line on standard output, in the same order.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/Masterminds/semver/v3"
	values3 "helm.sh/helm/v3/pkg/cli/values"
	getter3 "helm.sh/helm/v3/pkg/getter"
	values4 "helm.sh/helm/v4/pkg/cli/values"
	getter4 "helm.sh/helm/v4/pkg/getter"
)

// Job is a command line. Files are the texts of values files; expressions of `--set-file` name entries of Texts.
type Job struct {
	Files   []string          `json:"files"`
	JSON    []string          `json:"set-json"`
	Set     []string          `json:"set"`
	String  []string          `json:"set-string"`
	File    []string          `json:"set-file"`
	Literal []string          `json:"set-literal"`
	Texts   map[string]string `json:"texts"`
	// Range asks instead which versions Helm finds in a range.
	Range    string   `json:"range"`
	Versions []string `json:"versions"`
}

// Answer is the merged values, or why Helm refuses them.
type Answer struct {
	Values any    `json:"values,omitempty"`
	Error  string `json:"error,omitempty"`
}

func main() {
	folder, err := os.MkdirTemp("", "helm-values-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := os.Chdir(folder); err != nil {
		log.Fatal(err)
	}
	encoder := json.NewEncoder(os.Stdout)
	jobs := bufio.NewReader(os.Stdin)
	// `-` is standard input to Helm.
	if os.Stdin, err = os.Open(os.DevNull); err != nil {
		log.Fatal(err)
	}
	for decoder := json.NewDecoder(jobs); ; {
		var job Job
		if err := decoder.Decode(&job); err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		if err := encoder.Encode(judge(job)); err != nil {
			log.Fatal(err)
		}
	}
}

func judge(job Job) [2]Answer {
	if job.Versions != nil {
		return [2]Answer{inRange(job), {}}
	}
	var names []string
	for i, text := range job.Files {
		names = append(names, write(fmt.Sprintf("values-%d.yaml", i), text))
	}
	for name, text := range job.Texts {
		write(name, text)
	}
	three := values3.Options{ValueFiles: names, JSONValues: job.JSON, Values: job.Set, StringValues: job.String, FileValues: job.File, LiteralValues: job.Literal}
	four := values4.Options{ValueFiles: names, JSONValues: job.JSON, Values: job.Set, StringValues: job.String, FileValues: job.File, LiteralValues: job.Literal}
	return [2]Answer{answer(three.MergeValues(getter3.Providers{})), answer(four.MergeValues(getter4.Providers{}))}
}

func inRange(job Job) Answer {
	constraint, err := semver.NewConstraint(job.Range)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	found := []string{}
	for _, version := range job.Versions {
		if constraint.Check(semver.MustParse(version)) {
			found = append(found, version)
		}
	}
	return Answer{Values: found}
}

func answer(values map[string]any, err error) Answer {
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return Answer{Values: shortened(values)}
}

// shortened has the length and the last item of a list that is longer than any answer needs.
func shortened(value any) any {
	switch value := value.(type) {
	case map[string]any:
		result := map[string]any{}
		for name, item := range value {
			result[name] = shortened(item)
		}
		return result
	case []any:
		if len(value) > 100 {
			return []any{"length", len(value), value[len(value)-1]}
		}
		result := make([]any, len(value))
		for i, item := range value {
			result[i] = shortened(item)
		}
		return result
	}
	return value
}

func write(name, text string) string {
	if err := os.WriteFile(filepath.Base(name), []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}
	return name
}
