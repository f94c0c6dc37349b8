// The judge: replays journals and checks states with the pinned engine's own code, and lets that engine make journals
// out of random programs. A long-lived process: one JSON request a line on stdin, one JSON answer a line on stdout.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

type request struct {
	Do string `json:"do"`
	// For "engine" and "steps": decides everything that is random.
	Seed int `json:"seed"`
	// For "replay".
	Base    json.RawMessage   `json:"base"`
	Entries []json.RawMessage `json:"entries"`
	// For "replay": after how many entries the state is asked for.
	Cuts []int `json:"cuts"`
	// For "verify": an untyped deployment.
	State json.RawMessage `json:"state"`
}

// A journal as it was made, on top of its base.
type journal struct {
	What    string            `json:"what"`
	Base    json.RawMessage   `json:"base"`
	Entries []json.RawMessage `json:"entries"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	// Whatever the engine prints must not stand between the answers.
	os.Stdout = os.Stderr
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := out.Encode(answer(line)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// A request that fails answers what went wrong; the judge goes on.
func answer(line []byte) (reply any) {
	defer func() {
		if thrown := recover(); thrown != nil {
			reply = map[string]string{"error": fmt.Sprint(thrown), "stack": string(debug.Stack())}
		}
	}()
	var asked request
	must(json.Unmarshal(line, &asked))
	switch asked.Do {
	case "engine":
		return runEngine(asked.Seed)
	case "steps":
		return runSteps(asked.Seed)
	case "replay":
		return replay(asked.Base, asked.Entries, asked.Cuts)
	case "verify":
		return verify(asked.State)
	}
	panic("unknown request: " + asked.Do)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func toJSON(value any) json.RawMessage {
	bytes, err := json.Marshal(value)
	must(err)
	return bytes
}
