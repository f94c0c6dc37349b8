package main

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/pulumi/pulumi/pkg/v3/backend"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
)

var secretsManager secrets.Manager = b64.NewBase64SecretsManager()

// Keeps entries as the engine would send them to a state service, in the order in which they are acknowledged.
type recorder struct {
	lock    sync.Mutex
	entries []json.RawMessage
}

var _ engine.Journal = (*recorder)(nil)

func (r *recorder) AddJournalEntry(entry engine.JournalEntry) error {
	serialized, err := stack.BatchEncrypt(context.Background(), secretsManager,
		func(ctx context.Context, encrypter config.Encrypter) (apitype.JournalEntry, error) {
			return backend.SerializeJournalEntry(ctx, entry, encrypter)
		})
	if err != nil {
		return err
	}
	text, err := json.Marshal(serialized)
	if err != nil {
		return err
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	r.entries = append(r.entries, text)
	return nil
}

func (r *recorder) Close() error { return nil }

func serializeBase(snapshot *deploy.Snapshot) json.RawMessage {
	deployment, err := stack.SerializeDeployment(context.Background(), snapshot, false)
	must(err)
	return toJSON(deployment)
}
