// Reads YAML texts with the parsers of Kubernetes and Talos and compares what they see with what was meant.
//
// Input: JSON lines {"want": any JSON, "text": its YAML}. Output: one line per difference, then the figures.
// Exit code 1 when anything differed. With --each every text is answered at once, by a JSON line with what each parser that
// differs read.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	yaml4 "go.yaml.in/yaml/v4"
	yaml3 "gopkg.in/yaml.v3"
	kyaml "sigs.k8s.io/yaml"
)

type job struct {
	Want any    `json:"want"`
	Text string `json:"text"`
}

var parsers = map[string]func([]byte) (any, error){
	"sigs.k8s.io/yaml": func(text []byte) (value any, err error) {
		err = kyaml.Unmarshal(text, &value)
		return value, err
	},
	"yaml.v3": func(text []byte) (value any, err error) {
		err = yaml3.Unmarshal(text, &value)
		return value, err
	},
	"yaml/v4": func(text []byte) (value any, err error) {
		err = yaml4.Unmarshal(text, &value)
		return value, err
	},
}

// plain brings a parsed value to the shape that encoding/json gives.
func plain(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}

	var result any
	err = json.Unmarshal(text, &result)

	return result, err
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	decoder := json.NewDecoder(in)
	jobs, wrong := 0, map[string]int{}
	each := len(os.Args) > 1 && os.Args[1] == "--each"
	answers := json.NewEncoder(os.Stdout)

	for decoder.More() {
		var j job
		if err := decoder.Decode(&j); err != nil {
			fmt.Fprintln(os.Stderr, "broken input:", err)
			os.Exit(2)
		}

		jobs++
		differs := map[string]string{}

		for name, parse := range parsers {
			value, err := parse([]byte(j.Text))
			if err == nil {
				value, err = plain(value)
			}

			if err == nil && reflect.DeepEqual(value, j.Want) {
				continue
			}

			if each {
				differs[name] = fmt.Sprintf("%q (%v)", value, err)
				continue
			}

			if wrong[name]++; wrong[name] <= 20 {
				fmt.Printf("%s: %q: wanted %q, read %q (%v)\n", name, j.Text, j.Want, value, err)
			}
		}

		if each {
			if err := answers.Encode(differs); err != nil {
				os.Exit(2)
			}
		}
	}

	if each {
		return
	}

	for name := range parsers {
		fmt.Printf("%s: %d texts, %d read differently\n", name, jobs, wrong[name])
	}

	if jobs == 0 || len(wrong) > 0 {
		os.Exit(1)
	}
}
