package cli

import (
	"fmt"
	"runtime/debug"

	"shingle/docs"
)

// rules prints every rule of the system.
type rules struct {
	JSON bool `help:"Print JSON." name:"json"`
}

func (c rules) Run(r *run) error {
	if c.JSON {
		return printJSON(r.Out, docs.List())
	}
	_, err := fmt.Fprint(r.Out, docs.Rules)
	return err
}

// version prints the version.
type version struct {
	JSON bool `help:"Print JSON." name:"json"`
}

func (c version) Run(r *run) error {
	if c.JSON {
		return printJSON(r.Out, map[string]string{"version": ProgramVersion()})
	}
	_, err := fmt.Fprintf(r.Out, "shingle %s\n", ProgramVersion())
	return err
}

// ProgramVersion returns the version of the program that runs.
func ProgramVersion() string {
	v := "development"
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" && info.Main.Version != "(devel)" {
			v = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v += " (" + s.Value[:min(12, len(s.Value))] + ")"
			}
		}
		v += ", " + info.GoVersion
	}
	return v
}
