// Reads YAML texts with the parsers of Kubernetes, Talos and Helm and compares what they see with what was meant, or with what our
// reader saw.
//
// Input: JSON lines {"want": any JSON, "text": its YAML} for our writer; {"read": a map, "text": YAML} and {"refused": why,
// "text": YAML} for our reader, which Helm judges: what ours accepts, Helm's has to read as the same. What only ours refuses is
// counted. Output: one line per difference, then the figures. Exit code 1 when anything differed. With --each every text is answered
// at once, by a JSON line with what each parser that differs read.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	yaml2 "go.yaml.in/yaml/v2"
	yaml4 "go.yaml.in/yaml/v4"
	yaml3 "gopkg.in/yaml.v3"
	kyaml "sigs.k8s.io/yaml"
)

type job struct {
	Want    any     `json:"want"`
	Text    string  `json:"text"`
	Read    any     `json:"read"`
	Refused *string `json:"refused"`
}

var parsers = map[string]func([]byte) (any, error){
	"sigs.k8s.io/yaml": func(text []byte) (value any, err error) {
		err = kyaml.Unmarshal(text, &value)
		return value, err
	},
	"yaml/v2": func(text []byte) (value any, err error) {
		err = yaml2.Unmarshal(text, &value)
		return textNames(value), err
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

// textNames turns the names of maps, which yaml/v2 keeps as they were read, into text; a name that was read as anything else is
// marked, so that it differs from the text that was meant.
func textNames(value any) any {
	switch v := value.(type) {
	case map[any]any:
		result := map[string]any{}

		for name, item := range v {
			text, isText := name.(string)
			if !isText {
				text = fmt.Sprintf("not text: %T %v", name, name)
			}

			result[text] = textNames(item)
		}

		return result
	case []any:
		for i, item := range v {
			v[i] = textNames(item)
		}
	}

	return value
}

// helm reads values as Helm does: an empty document is an empty map.
func helm(text []byte) (value any, err error) {
	values := map[string]any{}
	if err = kyaml.Unmarshal(text, &values, func(d *json.Decoder) *json.Decoder {
		d.UseNumber()
		return d
	}); err != nil {
		return nil, err
	}

	if len(values) == 0 {
		values = map[string]any{}
	}

	return plain(values)
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	decoder := json.NewDecoder(in)
	jobs, wrong := 0, map[string]int{}
	read, onlyOurs, onlyHelm, different := 0, 0, 0, 0
	each := len(os.Args) > 1 && os.Args[1] == "--each"
	answers := json.NewEncoder(os.Stdout)

	for decoder.More() {
		var j job
		if err := decoder.Decode(&j); err != nil {
			fmt.Fprintln(os.Stderr, "broken input:", err)
			os.Exit(2)
		}

		if j.Read != nil || j.Refused != nil {
			read++

			value, err := helm([]byte(j.Text))

			switch {
			case j.Refused != nil && err == nil:
				if onlyOurs++; os.Getenv("VERBOSE") != "" {
					fmt.Printf("only ours refuses %q: %s\n", j.Text, *j.Refused)
				}
			case j.Refused == nil && err != nil:
				if onlyHelm++; onlyHelm <= 100 {
					fmt.Printf("only Helm refuses %q: %v\n", j.Text, err)
				}
			case j.Refused == nil && !reflect.DeepEqual(value, j.Read):
				if different++; different <= 100 {
					fmt.Printf("Helm reads %q as %q, ours as %q\n", j.Text, value, j.Read)
				}
			}

			continue
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

	fmt.Printf("reader: %d texts; only ours refuses %d, only Helm refuses %d, read differently %d\n", read, onlyOurs, onlyHelm, different)

	if jobs == 0 || read == 0 || len(wrong) > 0 || onlyHelm > 0 || different > 0 {
		os.Exit(1)
	}
}
