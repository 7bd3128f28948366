package sink

import (
	"github.com/davecgh/go-spew/spew"
	"github.com/k0kubun/pp/v3"
	"github.com/kr/pretty"
	"github.com/sanity-io/litter"
)

// Dumps returns the sinks that walk into unexported fields and through
// pointers, some of them past the methods of a type.
func Dumps() []Sink {
	all := []Sink{
		text("pretty.Sprint", func(v any) string { return pretty.Sprint(v) }),
		text("pretty %# v", func(v any) string { return pretty.Sprintf("%# v", v) }),
		text("litter", func(v any) string { return litter.Sdump(v) }),
		text("litter unexported", func(v any) string { return litter.Options{HidePrivateFields: false}.Sdump(v) }),
		text("litter compact", func(v any) string { return litter.Options{Compact: true, StripPackageNames: true}.Sdump(v) }),
		text("pp", func(v any) string { return plainPP().Sprint(v) }),
		text("pp in colour", func(v any) string { return pp.New().Sprint(v) }),
		text("pp exported", func(v any) string {
			p := plainPP()
			p.SetExportedOnly(true)
			return p.Sprint(v)
		}),
	}
	for name, config := range map[string]*spew.ConfigState{
		"default":             {Indent: " "},
		"without methods":     {Indent: " ", DisableMethods: true},
		"no pointer methods":  {Indent: " ", DisablePointerMethods: true},
		"on past methods":     {Indent: " ", ContinueOnMethod: true},
		"like testify":        {Indent: " ", DisablePointerAddresses: true, DisableCapacities: true, SortKeys: true, DisableMethods: true, MaxDepth: 10},
		"keys, without types": {Indent: " ", SortKeys: true, SpewKeys: true, DisableMethods: true},
	} {
		all = append(all, text("spew.Dump "+name, func(v any) string { return config.Sdump(v) }))
		for _, verb := range []string{"%v", "%+v", "%#v", "%#+v"} {
			all = append(all, text("spew "+verb+" "+name, func(v any) string { return config.Sprintf(verb, v) }))
		}
	}
	for i := range all {
		all[i].Dump = true
	}
	return all
}

func plainPP() *pp.PrettyPrinter {
	p := pp.New()
	p.SetColoringEnabled(false)
	return p
}
