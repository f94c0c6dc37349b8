package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/engine"
	lt "github.com/pulumi/pulumi/pkg/v3/engine/lifecycletest/framework"
	"github.com/pulumi/pulumi/pkg/v3/engine/lifecycletest/fuzzing"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy/deploytest"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/pkg/v3/util/cancel"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"pgregory.net/rapid"
)

// Longest time one operation may take.
const patience = 20 * time.Second

// One random operation on one random stack, by the generators with which the engine's authors look for states that do
// not pass their integrity check.
type world struct {
	snapshot *fuzzing.SnapshotSpec
	program  *fuzzing.ProgramSpec
	provider *fuzzing.ProviderSpec
	plan     *fuzzing.PlanSpec
	// Resources whose creation an earlier operation began.
	pending []resource.OperationType
}

var worlds = rapid.Custom(func(t *rapid.T) *world {
	options := fuzzing.FixtureOptions{
		StackSpecOptions:    fuzzing.StackSpecOptions{Project: "terrane", Stack: "dev"},
		SnapshotSpecOptions: fuzzing.SnapshotSpecOptions{ResourceCount: rapid.IntRange(2, 8)},
		ProviderSpecOptions: fuzzing.ProviderSpecOptions{
			CreateAction: mostly[fuzzing.ProviderCreateSpecAction](9, fuzzing.ProviderCreateFailure),
			DeleteAction: mostly[fuzzing.ProviderDeleteSpecAction](9, fuzzing.ProviderDeleteFailure),
			ReadAction: mostly[fuzzing.ProviderReadSpecAction](8,
				fuzzing.ProviderReadDeleted, fuzzing.ProviderReadDeleted, fuzzing.ProviderReadFailure),
			UpdateAction: mostly[fuzzing.ProviderUpdateSpecAction](9, fuzzing.ProviderUpdateFailure),
			DiffAction: mostly(3, fuzzing.ProviderDiffChange, fuzzing.ProviderDiffChange,
				fuzzing.ProviderDiffDeleteBeforeReplace, fuzzing.ProviderDiffDeleteAfterReplace),
		},
		PlanSpecOptions: fuzzing.PlanSpecOptions{
			TargetCount: mostly(4, 1, 2),
			Operation: rapid.SampledFrom([]fuzzing.OperationSpec{
				fuzzing.PlanOperationUpdate, fuzzing.PlanOperationUpdate, fuzzing.PlanOperationUpdate,
				fuzzing.PlanOperationUpdate, fuzzing.PlanOperationRefresh, fuzzing.PlanOperationRefreshV2,
				fuzzing.PlanOperationDestroy, fuzzing.PlanOperationDestroyV2,
			}),
		},
		ProgramSpecOptions: fuzzing.ProgramSpecOptions{
			Action: rapid.SampledFrom([]fuzzing.ProgramSpecAction{
				fuzzing.ProgramSpecUpdate, fuzzing.ProgramSpecUpdate, fuzzing.ProgramSpecCopy, fuzzing.ProgramSpecCopy,
				fuzzing.ProgramSpecDelete, fuzzing.ProgramSpecInsert,
			}),
		},
	}
	snapshot := fuzzing.GeneratedSnapshotSpec(options.StackSpecOptions, options.SnapshotSpecOptions).Draw(t, "snapshot")
	program := fuzzing.GeneratedProgramSpec(snapshot, options.StackSpecOptions, options.ProgramSpecOptions).
		Draw(t, "program")
	return &world{
		snapshot: snapshot,
		program:  program,
		provider: fuzzing.GeneratedProviderSpec(program, options.ProviderSpecOptions).Draw(t, "provider"),
		plan:     fuzzing.GeneratedPlanSpec(snapshot, options.PlanSpecOptions).Draw(t, "plan"),
		pending: rapid.SliceOfN(rapid.SampledFrom([]resource.OperationType{
			resource.OperationTypeCreating, resource.OperationTypeUpdating, resource.OperationTypeDeleting,
		}), 0, 2).Draw(t, "pending"),
	}
}).Filter(isFair)

// Nothing special so many times, or one of the others.
func mostly[T any](nothing int, others ...T) *rapid.Generator[T] {
	return rapid.SampledFrom(append(make([]T, nothing), others...))
}

// The engine's authors know of worlds in which it fails, or makes states that do not pass.
func isFair(made *world) bool {
	return !known.ShouldExclude(made.snapshot, made.program, made.provider, made.plan)
}

var known = fuzzing.DefaultExclusionRules()

// Runs the engine itself: its step generator, its executor, its journal.
func runEngine(seed int) journal {
	made := worlds.Example(seed)
	tester := &tester{}
	before := made.snapshot.AsSnapshot()
	before.SecretsManager = secretsManager
	for i, kind := range made.pending {
		before.PendingOperations = append(before.PendingOperations, resource.NewOperation(pendingResource(i), kind))
	}
	plan := &lt.TestPlan{Project: "terrane", Stack: "dev"}
	target := plan.GetTarget(tester, before)
	target.Snapshot.SecretsManager = secretsManager
	answer := journal{What: string(made.plan.Operation), Base: serializeBase(target.Snapshot)}

	host := deploytest.NewPluginHostF(
		nil, nil, runtimeOf(made.program, seed), nil, nil, made.provider.AsProviderLoaders()...)
	options, operation := made.plan.Executors(tester, host)
	recorded := &recorder{}
	manager, err := engine.NewJournalSnapshotManager(recorded, target.Snapshot, secretsManager)
	must(err)
	runOperation(operation, lt.NewUpdateInfo(plan.GetProject(), target), options, manager)
	answer.Entries = recorded.entries
	return answer
}

// An operation may fail: its journal is what counts.
func runOperation(
	operation lt.TestOp, info engine.UpdateInfo, options lt.TestUpdateOptions, manager engine.SnapshotManager,
) {
	cancelling, source := cancel.NewContext(context.Background())
	timer := time.AfterFunc(patience, source.Cancel)
	defer timer.Stop()
	events := make(chan engine.Event)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for range events {
		}
	}()
	host := options.HostF()
	defer host.Close()
	chosen := options.Options()
	chosen.Parallel = 4
	chosen.HostFactory = func(context.Context, diag.Sink, diag.Sink, plugin.DebugContext) (plugin.Host, error) {
		return host, nil
	}
	_, _, _ = operation(info, &engine.Context{
		Cancel: cancelling, Events: events, SnapshotManager: manager, PluginManager: lt.NopPluginManager{},
	}, chosen, false)
	close(events)
	<-drained
	must(manager.Close())
}

func pendingResource(i int) *resource.State {
	return &resource.State{
		Type:   "pkgA:m:typA",
		URN:    resource.NewURN("dev", "terrane", "", "pkgA:m:typA", fmt.Sprintf("pending-%d", i)),
		Custom: true,
	}
}

// Stands in for a Go test: what fails ends the request, not the judge.
type tester struct{}

func (*tester) Helper()                           {}
func (*tester) Name() string                      { return "judge" }
func (*tester) Logf(string, ...any)               {}
func (*tester) Log(...any)                        {}
func (*tester) Skipf(format string, args ...any)  { panic(fmt.Sprintf(format, args...)) }
func (*tester) Skip(args ...any)                  { panic(fmt.Sprint(args...)) }
func (*tester) SkipNow()                          { panic("skipped") }
func (*tester) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (*tester) Error(args ...any)                 { panic(fmt.Sprint(args...)) }
func (*tester) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (*tester) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (*tester) FailNow()                          { panic("failed") }
func (*tester) Fail()                             { panic("failed") }
func (*tester) Failed() bool                      { return false }
