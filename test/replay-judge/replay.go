package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/pkg/v3/backend"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
)

// The engine's verdict on a state; empty texts are approval.
type verdict struct {
	// It cannot even be read.
	Unreadable string `json:"unreadable"`
	// Its integrity check, `Snapshot.VerifyIntegrity`, which it asks before it uses a state.
	Integrity string `json:"integrity"`
}

// What the engine's replayer makes of the first so many entries.
type replayed struct {
	Cut   int             `json:"cut"`
	State json.RawMessage `json:"state"`
	// The replayer refused or crashed.
	Failed string `json:"failed"`
	verdict
}

// The replayer changes what it is given, so everything is read anew for each cut.
func replay(base json.RawMessage, entries []json.RawMessage, cuts []int) []replayed {
	var answers []replayed
	for _, cut := range cuts {
		answers = append(answers, replayUpTo(base, entries, cut))
	}
	return answers
}

func replayUpTo(base json.RawMessage, entries []json.RawMessage, cut int) (answer replayed) {
	answer.Cut = cut
	defer func() {
		if thrown := recover(); thrown != nil {
			answer.Failed = fmt.Sprint("panic: ", thrown)
		}
	}()
	deployment := &apitype.DeploymentV3{}
	must(json.Unmarshal(base, deployment))
	replayer := backend.NewJournalReplayer(deployment)
	for _, text := range entries[:cut] {
		var entry apitype.JournalEntry
		must(json.Unmarshal(text, &entry))
		if err := replayer.Add(entry); err != nil {
			answer.Failed = err.Error()
			return answer
		}
	}
	typed, err := replayer.GenerateDeployment()
	if err != nil {
		answer.Failed = err.Error()
		return answer
	}
	answer.State = toJSON(typed)
	answer.verdict = verify(answer.State)
	return answer
}

func verify(state json.RawMessage) (answer verdict) {
	defer func() {
		if thrown := recover(); thrown != nil {
			answer.Unreadable = fmt.Sprint("panic: ", thrown)
		}
	}()
	var untyped apitype.UntypedDeployment
	must(json.Unmarshal(state, &untyped))
	snapshot, err := stack.DeserializeUntypedDeployment(context.Background(), &untyped, anySecrets{})
	if err != nil {
		answer.Unreadable = err.Error()
		return answer
	}
	if err := snapshot.VerifyIntegrity(); err != nil {
		answer.Integrity = err.Error()
	}
	return answer
}

// Secrets are not what is judged: whatever sealed them, each of them opens.
type anySecrets struct{}

func (anySecrets) OfType(context.Context, string, json.RawMessage) (secrets.Manager, error) {
	return openManager{secretsManager}, nil
}

type openManager struct{ secrets.Manager }

func (openManager) Decrypter() config.Decrypter { return open{} }

type open struct{}

func (open) DecryptValue(context.Context, string) (string, error) { return `"opened"`, nil }

func (open) BatchDecrypt(_ context.Context, sealed []string) ([]string, error) {
	opened := make([]string, len(sealed))
	for i := range opened {
		opened[i] = `"opened"`
	}
	return opened, nil
}
