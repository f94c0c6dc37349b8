package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/display"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	pkgresource "github.com/pulumi/pulumi/pkg/v3/resource"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

const providerURN = resource.URN("urn:pulumi:dev::terrane::pulumi:providers:pkgA::p")

// Random steps, told to the engine's journal as its executor would tell them. Programs lead to most kinds of steps only
// by way of plugins; here each comes up by itself, several are under way at a time, and some never end.
type stepper struct {
	*rand.Rand
	manager *engine.JournalSnapshotManager
	base    *deploy.Snapshot
	// What stands, in an order in which each comes after what it depends on.
	live []*resource.State
	// Replaced, and still to be deleted.
	replaced []*resource.State
	// Steps begun and not ended.
	open []func()
	// What the engine came to in this update.
	told map[*resource.State]bool
	// What these steps are about.
	busy  map[*resource.State]bool
	names int
}

func runSteps(seed int) journal {
	recorded := &recorder{}
	s := &stepper{busy: map[*resource.State]bool{}, told: map[*resource.State]bool{}, Rand: rand.New(rand.NewPCG(uint64(seed), 0))}
	s.base = &deploy.Snapshot{SecretsManager: secretsManager, Resources: []*resource.State{{
		Type: "pulumi:providers:pkgA", URN: providerURN, Custom: true, ID: "p1",
	}}}
	for range s.IntN(7) {
		s.base.Resources = append(s.base.Resources, s.newState(s.base.Resources))
	}
	for i := range s.IntN(3) {
		kinds := []resource.OperationType{resource.OperationTypeCreating, resource.OperationTypeUpdating}
		s.base.PendingOperations = append(s.base.PendingOperations,
			resource.NewOperation(pendingResource(i), kinds[s.IntN(2)]))
	}
	if s.chance(10) {
		s.base.Metadata.IntegrityErrorMetadata = &deploy.SnapshotIntegrityErrorMetadata{Error: "of old"}
	}
	answer := journal{What: "steps", Base: serializeBase(s.base)}
	var err error
	s.manager, err = engine.NewJournalSnapshotManager(recorded, s.base, secretsManager)
	must(err)
	s.live = slices.Clone(s.base.Resources)
	if s.chance(15) {
		s.write()
	}
	if s.chance(30) {
		s.refreshAll()
	}
	s.registerProvider()
	for range s.IntN(24) {
		s.anyStep()
	}
	s.Shuffle(len(s.open), func(i, j int) { s.open[i], s.open[j] = s.open[j], s.open[i] })
	for _, end := range s.open {
		if s.chance(80) {
			end()
		}
	}
	answer.Entries = recorded.entries
	return answer
}

// Every update begins so.
func (s *stepper) registerProvider() {
	old := s.live[0]
	next := old.Copy()
	mutation, err := s.manager.BeginMutation(stepOf(deploy.OpSame, old, next))
	must(err)
	must(mutation.End(stepOf(deploy.OpSame, old, next), true))
	s.swap(old, next)
	s.told[next] = true
}

func (s *stepper) anyStep() {
	steps := []func(){
		s.create, s.create, s.same, s.same, s.update, s.update, s.delete, s.replaceAfterCreate, s.replaceAfterCreate,
		s.replaceAfterDelete, s.replaceAfterDelete, s.deleteReplaced, s.read, s.importOne, s.importReplacement,
		s.refreshOne, s.outputs, s.extend, s.snippets, s.rename, s.skip, s.endOne, s.endOne,
	}
	steps[s.IntN(len(steps))]()
}

func (s *stepper) create() {
	made := s.newState(s.tolds())
	s.run(deploy.OpCreate, nil, made, func() { s.live = append(s.live, made) })
}

func (s *stepper) same() {
	if old := s.pick(); old != nil {
		next := old.Copy()
		s.run(deploy.OpSame, old, next, func() { s.swap(old, next) })
	}
}

// Under another name, or below another parent.
func (s *stepper) rename() {
	if old := s.pick(); old != nil && old.ViewOf == "" {
		next := old.Copy()
		s.names++
		next.URN = resource.NewURN("dev", "terrane", old.URN.QualifiedType(), "pkgA:m:typR", fmt.Sprint("r", s.names))
		next.Type = "pkgA:m:typR"
		next.Aliases = []resource.URN{old.URN}
		s.run(deploy.OpSame, old, next, func() { s.swap(old, next) })
	}
}

func (s *stepper) update() {
	if old := s.pick(); old != nil {
		next := s.changed(old)
		s.run(deploy.OpUpdate, old, next, func() { s.swap(old, next) })
	}
}

func (s *stepper) delete() {
	if old := s.pick(); old != nil && (s.isFree(old) || s.chance(5)) {
		op := deploy.OpDelete
		if old.External {
			op = deploy.OpReadDiscard
		}
		s.run(op, old, nil, func() { s.drop(old) })
	}
}

func (s *stepper) replaceAfterCreate() {
	if old := s.pick(); old != nil {
		next := s.changed(old)
		next.ID += "-new"
		s.run(deploy.OpCreateReplacement, old, next, func() {
			old.Delete = true
			s.replaced = append(s.replaced, old)
			s.swap(old, next)
			s.run(deploy.OpReplace, old, next, func() {})
		})
	}
}

func (s *stepper) deleteReplaced() {
	if len(s.replaced) == 0 {
		return
	}
	old := s.replaced[len(s.replaced)-1]
	s.replaced = s.replaced[:len(s.replaced)-1]
	op := deploy.OpDeleteReplaced
	if old.External {
		op = deploy.OpDiscardReplaced
	}
	s.run(op, old, nil, func() {})
}

func (s *stepper) replaceAfterDelete() {
	old := s.pick()
	if old == nil {
		return
	}
	old.PendingReplacement = true
	s.run(deploy.OpDeleteReplaced, old, nil, func() {
		if s.chance(20) {
			s.run(deploy.OpRemovePendingReplace, old, nil, func() { s.drop(old) })
			return
		}
		next := s.changed(old)
		next.PendingReplacement = false
		s.run(deploy.OpCreateReplacement, old, next, func() { s.swap(old, next) })
	})
}

func (s *stepper) read() {
	old := s.pick()
	if old == nil || s.chance(40) {
		made := s.newState(s.tolds())
		made.External = true
		s.run(deploy.OpRead, nil, made, func() { s.live = append(s.live, made) })
		return
	}
	op := deploy.OpRead
	if !old.External {
		op = deploy.OpReadReplacement
	}
	next := s.changed(old)
	next.External = true
	s.run(op, old, next, func() { s.swap(old, next) })
}

func (s *stepper) importOne() {
	made := s.newState(s.tolds())
	id := made.ID
	made.ID, made.ImportID, made.ViewOf = "", id, ""
	step := deploy.NewImportStep(nil, registration{}, made, nil, []byte{1}, nil)
	made.ID = id
	s.tell(step, func() { s.live = append(s.live, made) })
}

func (s *stepper) importReplacement() {
	if old := s.pick(); old != nil && old.Custom && old.ViewOf == "" && !old.External {
		next := s.changed(old)
		next.ID, next.ImportID, next.ViewOf = "", "imported", ""
		step := deploy.NewImportReplacementStep(nil, registration{}, old, next, nil, []byte{1}, nil)
		next.ID = "imported"
		s.tell(step, func() {
			old.Delete = true
			s.replaced = append(s.replaced, old)
			s.swap(old, next)
		})
	}
}

// As with `refreshBeforeUpdate`, in the middle of an update.
func (s *stepper) refreshOne() {
	old := s.pick()
	if old == nil {
		return
	}
	next := s.changed(old)
	step := deploy.NewViewStep(nil, deploy.OpRefresh, resource.StatusOK, "", old, next, nil, nil, nil, deploy.OpUpdate, true)
	s.tell(step, func() { s.swap(old, next) })
}

func (s *stepper) outputs() {
	if state := s.pick(); state != nil {
		state.Outputs = s.properties()
		must(s.manager.RegisterResourceOutputs(stepOf(deploy.OpSame, state, state)))
	}
}

func (s *stepper) extend() {
	s.names++
	step := deploy.NewExtensionParameterizeStep(nil, nil, apitype.ExtensionRef(fmt.Sprint("ref", s.names)),
		apitype.Extension{Name: "ext", Version: "1.0.0", Value: []byte{byte(s.names)}}, nil)
	mutation, err := s.manager.BeginMutation(step)
	must(err)
	must(mutation.End(step, true))
}

func (s *stepper) snippets() {
	var snippets []resource.Snippet
	for i := range s.IntN(3) {
		snippet := resource.Snippet{UUID: fmt.Sprint(i), Name: "s", Type: "pkgA:m:typA"}
		if target := s.pick(); target != nil {
			snippet.References = map[string]string{"it": string(target.URN)}
		}
		snippets = append(snippets, snippet)
	}
	must(s.manager.SetSnippets(snippets))
}

// What is not targeted is not created, and leaves nothing.
func (s *stepper) skip() {
	made := s.newState(s.tolds())
	made.ID, made.ViewOf = "", ""
	s.tell(deploy.NewSkippedCreateStep(nil, registration{}, made), func() {})
}

// The engine does so before everything else, when it had to mend the base.
func (s *stepper) write() {
	kept := &deploy.Snapshot{SecretsManager: secretsManager, PendingOperations: s.base.PendingOperations}
	for _, state := range s.base.Resources {
		kept.Resources = append(kept.Resources, s.changed(state))
	}
	s.base = kept
	must(s.manager.Write(kept))
	s.live = slices.Clone(kept.Resources)
}

// A refresh of everything comes before the first step, and the engine counts its resources anew afterwards.
func (s *stepper) refreshAll() {
	for _, old := range slices.Clone(s.base.Resources) {
		var next *resource.State
		if s.chance(75) || old.URN == providerURN {
			next = s.changed(old)
		}
		if s.chance(30) {
			continue
		}
		step := deploy.NewViewStep(
			nil, deploy.OpRefresh, resource.StatusOK, "", old, next, nil, nil, nil, deploy.OpRefresh, false)
		mutation, err := s.manager.BeginMutation(step)
		must(err)
		must(mutation.End(step, s.chance(90)))
		if next == nil {
			s.drop(old)
		} else {
			s.swap(old, next)
		}
	}
	s.base.Resources = slices.Clone(s.live)
	s.told = map[*resource.State]bool{}
	must(s.manager.RebuiltBaseState())
}

func (s *stepper) endOne() {
	if len(s.open) == 0 {
		return
	}
	i := s.IntN(len(s.open))
	end := s.open[i]
	s.open = slices.Delete(s.open, i, i+1)
	end()
}

func (s *stepper) run(op display.StepOp, old, next *resource.State, done func()) {
	s.tell(stepOf(op, old, next), done)
}

// Begins a step; it ends now, later or never, and mostly well. Until then nothing else is done with what it is about.
func (s *stepper) tell(step deploy.Step, done func()) {
	mutation, err := s.manager.BeginMutation(step)
	must(err)
	if old := step.Old(); old != nil {
		s.hide(old)
	}
	end := func() {
		if old := step.Old(); old != nil && !old.Delete {
			s.show(old)
		}
		ended := s.chance(88)
		must(mutation.End(step, ended))
		if ended {
			if next := step.New(); next != nil {
				s.told[next] = true
			}
			done()
		}
	}
	if s.chance(60) {
		end()
	} else {
		s.open = append(s.open, end)
	}
}

func (s *stepper) hide(state *resource.State) { s.busy[state] = true }
func (s *stepper) show(state *resource.State) { delete(s.busy, state) }

// The engine comes to a resource after it came to what that depends on: the next one, or one that it came to already.
func (s *stepper) pick() *resource.State {
	var free []*resource.State
	for _, state := range s.live {
		isFree := state.URN != providerURN && !s.busy[state] && !state.Delete && !state.PendingReplacement
		if isFree {
			free = append(free, state)
		}
		if !s.told[state] {
			break
		}
	}
	return s.some(free, 100)
}

func (s *stepper) tolds() (told []*resource.State) {
	for _, state := range s.live {
		if s.told[state] {
			told = append(told, state)
		}
	}
	return told
}

func (s *stepper) swap(old, next *resource.State) {
	if i := slices.Index(s.live, old); i >= 0 {
		s.live[i] = next
		s.told[next] = true
	}
}

func (s *stepper) drop(old *resource.State) {
	s.live = slices.DeleteFunc(s.live, func(each *resource.State) bool { return each == old })
}

func (s *stepper) isFree(state *resource.State) bool {
	return !slices.ContainsFunc(s.live, func(each *resource.State) bool {
		_, dependencies := each.GetAllDependencies()
		return slices.ContainsFunc(dependencies, func(on resource.StateDependency) bool { return on.URN == state.URN })
	})
}

func (s *stepper) newState(before []*resource.State) *resource.State {
	s.names++
	name, created := fmt.Sprint("n", s.names), time.Unix(int64(s.names), 0).UTC()
	state := &resource.State{
		Type: "pkgA:m:typA", Custom: true, ID: resource.ID(name), Inputs: s.properties(), Outputs: s.properties(),
		Created: &created, Provider: string(providerURN) + "::p1",
	}
	parent := tokens.Type("")
	if on := s.some(before, 30); on != nil {
		state.Parent, parent = on.URN, on.URN.QualifiedType()
	}
	state.URN = resource.NewURN("dev", "terrane", parent, state.Type, name)
	s.relate(state, before)
	return state
}

func (s *stepper) relate(state *resource.State, before []*resource.State) {
	if on := s.some(before, 50); on != nil {
		state.Dependencies = []resource.URN{on.URN}
		state.PropertyDependencies = map[resource.PropertyKey][]resource.URN{"p": {on.URN}, "none": {}}
	}
	if on := s.some(before, 10); on != nil {
		state.DeletedWith = on.URN
	}
	if on := s.some(before, 10); on != nil {
		state.ReplaceWith = []resource.URN{on.URN}
	}
	if on := s.some(before, 10); on != nil {
		state.ViewOf = on.URN
	}
	state.Taint, state.RefreshBeforeUpdate = s.chance(5), s.chance(5)
	if s.chance(5) {
		state.ResourceHooks = map[resource.HookType][]string{resource.BeforeCreate: {"hook"}}
	}
	if s.chance(5) {
		state.ExtensionRef = "ref1"
	}
}

func (s *stepper) changed(old *resource.State) *resource.State {
	next := old.Copy()
	next.Inputs, next.Outputs = s.properties(), s.properties()
	return next
}

func (s *stepper) properties() resource.PropertyMap {
	properties := resource.PropertyMap{}
	if s.chance(60) {
		properties["size"] = resource.NewProperty(float64(s.IntN(100)))
	}
	if s.chance(25) {
		properties["password"] = resource.MakeSecret(resource.NewProperty("hidden"))
	}
	return properties
}

func (s *stepper) some(of []*resource.State, percent int) *resource.State {
	if len(of) == 0 || !s.chance(percent) {
		return nil
	}
	return of[s.IntN(len(of))]
}

func (s *stepper) chance(percent int) bool { return s.IntN(100) < percent }

// The step of a view says what it is told to say; the journal asks nothing else of any step.
func stepOf(op display.StepOp, old, next *resource.State) deploy.Step {
	return deploy.NewViewStep(nil, op, resource.StatusOK, "", old, next, nil, nil, nil, op, false)
}

type registration struct{ deploy.SourceEvent }

func (registration) Goal() *pkgresource.Goal            { return nil }
func (registration) Done(*deploy.RegisterResult)        {}
func (registration) Extension() *apitype.Extension      { return nil }
func (registration) ExtensionRef() apitype.ExtensionRef { return "" }
