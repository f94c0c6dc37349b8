package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/pulumi/pulumi/pkg/v3/engine/lifecycletest/fuzzing"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy/deploytest"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/providers"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Runs a generated program with more in it than its specification has room for: inputs that change, secrets, outputs of
// components, imports, reads.
type program struct {
	*rand.Rand
	monitor *deploytest.ResourceMonitor
	// Specified → registered; empty for what failed, as in a real program that goes on without it.
	urns map[resource.URN]resource.URN
	ids  map[resource.URN]resource.ID
	// In the order of registration.
	made []resource.URN
}

func runtimeOf(spec *fuzzing.ProgramSpec, seed int) deploytest.LanguageRuntimeFactory {
	return deploytest.NewLanguageRuntimeF(func(_ plugin.RunInfo, monitor *deploytest.ResourceMonitor) error {
		running := &program{
			Rand:    rand.New(rand.NewPCG(uint64(seed), 1)),
			monitor: monitor,
			urns:    map[resource.URN]resource.URN{},
			ids:     map[resource.URN]resource.ID{},
		}
		for _, resource := range spec.ResourceRegistrations {
			running.register(resource)
		}
		return nil
	})
}

func (p *program) register(spec *fuzzing.ResourceSpec) {
	isProvider := providers.IsProviderType(spec.Type)
	provider := p.provider(spec.Provider)
	options := deploytest.ResourceOptions{
		Protect: &spec.Protect, RetainOnDelete: &spec.RetainOnDelete, AliasURNs: spec.Aliases,
		Parent: p.urn(spec.Parent), DeletedWith: p.urn(spec.DeletedWith), Provider: provider,
		Dependencies: p.all(spec.Dependencies),
		PropertyDeps: map[resource.PropertyKey][]resource.URN{},
	}
	for key, urns := range spec.PropertyDependencies {
		options.PropertyDeps[key] = p.all(urns)
	}
	if !isProvider {
		options.Inputs = p.inputs(spec)
		if spec.Custom && p.chance(8) {
			options.ImportID = resource.ID(fmt.Sprint("imported-", len(p.made)))
		}
		if len(p.made) > 0 && p.chance(6) {
			options.ReplaceWith = []resource.URN{p.made[p.IntN(len(p.made))]}
		}
	}
	answer, err := p.monitor.RegisterResource(spec.Type, spec.Name, spec.Custom, options)
	if err != nil {
		p.urns[spec.URN()] = ""
		return
	}
	p.urns[spec.URN()], p.ids[spec.URN()] = answer.URN, answer.ID
	p.made = append(p.made, answer.URN)
	if !spec.Custom && p.chance(60) {
		_ = p.monitor.RegisterResourceOutputs(answer.URN, resource.PropertyMap{"out": p.value()})
	}
	if spec.Custom && !isProvider && p.chance(12) {
		p.read(spec.Type, provider, answer.URN)
	}
}

func (p *program) read(kind tokens.Type, provider string, parent resource.URN) {
	name := fmt.Sprint("read-", len(p.made))
	_, _, _ = p.monitor.ReadResource(kind, name, resource.ID(name), parent, resource.PropertyMap{}, provider, "", "",
		nil, "", "")
}

func (p *program) inputs(spec *fuzzing.ResourceSpec) resource.PropertyMap {
	inputs := resource.PropertyMap{"__id": resource.NewProperty(string(spec.ID))}
	if p.chance(50) {
		inputs["size"] = p.value()
	}
	return inputs
}

func (p *program) value() resource.PropertyValue {
	value := resource.NewProperty(float64(p.IntN(1000)))
	if p.chance(20) {
		return resource.MakeSecret(value)
	}
	return value
}

func (p *program) urn(specified resource.URN) resource.URN {
	if registered, known := p.urns[specified]; known {
		return registered
	}
	return specified
}

func (p *program) all(specified []resource.URN) (registered []resource.URN) {
	for _, each := range specified {
		if urn := p.urn(each); urn != "" {
			registered = append(registered, urn)
		}
	}
	return registered
}

func (p *program) provider(specified string) string {
	if specified == "" {
		return ""
	}
	reference, err := providers.ParseReference(specified)
	must(err)
	if p.urns[reference.URN()] == "" {
		return specified
	}
	registered, err := providers.NewReference(p.urns[reference.URN()], p.ids[reference.URN()])
	must(err)
	return registered.String()
}

func (p *program) chance(percent int) bool { return p.IntN(100) < percent }
