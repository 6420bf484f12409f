// Command judge evaluates expressions with Go's regexp. Lines in: {"expression", "subjects"};
// lines out: {"matches"}, one answer per subject, or {"error"}.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"regexp"
)

type question struct {
	Expression string   `json:"expression"`
	Subjects   []string `json:"subjects"`
}

type answer struct {
	Matches []bool `json:"matches,omitempty"`
	Error   string `json:"error,omitempty"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			log.Fatalf("%s: %v", in.Text(), err)
		}
		if err := lines.Encode(judge(q)); err != nil {
			log.Fatal(err)
		}
	}
	if err := in.Err(); err != nil {
		log.Fatal(err)
	}
}

func judge(q question) answer {
	expression, err := regexp.Compile(q.Expression)
	if err != nil {
		return answer{Error: err.Error()}
	}
	a := answer{Matches: []bool{}}
	for _, subject := range q.Subjects {
		a.Matches = append(a.Matches, expression.MatchString(subject))
	}
	return a
}
