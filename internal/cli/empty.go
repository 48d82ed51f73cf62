package cli

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// What is given is not empty. Behind an empty value stands mostly a variable of a script that was never set,
// and what would happen without the flag is not what its author means: acting as the operator instead of as
// the holder of $TOKEN, or making a body in the current folder instead of in $DIR.
//
// Only of environment variables the other is the custom: SHINGLE_TOKEN= is as good as no SHINGLE_TOKEN.

// errEmpty says that something was given, and nothing is in it.
var errEmpty = errors.New("the value is empty; give one, or leave it out")

// forgetEmptyVariables takes variables of ours that are set to nothing for not set.
func forgetEmptyVariables() {
	for _, pair := range os.Environ() {
		if name, ok := strings.CutSuffix(pair, "="); ok && strings.HasPrefix(name, "SHINGLE_") {
			_ = os.Unsetenv(name)
		}
	}
}

// filled makes a type of flag refuse the empty value, which kong takes for the current folder.
func filled(name string) kong.Option {
	own := kong.NewRegistry().RegisterDefaults()
	return kong.NamedMapper(name, kong.MapperFunc(func(ctx *kong.DecodeContext, target reflect.Value) error {
		if given, ok := ctx.Scan.Peek().Value.(string); ok && given == "" {
			return errEmpty // kong puts the flag's name before it
		}
		return own.ForNamedValue(name, target).Decode(ctx, target)
	}))
}

// nothingEmpty fails if a flag or an argument was given as nothing.
func nothingEmpty(k *kong.Context) error {
	for _, p := range k.Path {
		switch {
		case p.Flag != nil && p.Flag.Target.Kind() == reflect.String && p.Flag.Target.String() == "":
			return fmt.Errorf("--%s: %w", p.Flag.Name, errEmpty)
		case p.Positional != nil && p.Positional.Target.Kind() == reflect.String && p.Positional.Target.String() == "":
			return fmt.Errorf("<%s>: %w", p.Positional.Name, errEmpty)
		}
	}
	return nil
}

// givenIn returns the names of the flags that stand on the command line.
func givenIn(k *kong.Context) map[string]bool {
	given := map[string]bool{}
	for _, p := range k.Path {
		if p.Flag != nil {
			given[p.Flag.Name] = true
		}
	}
	return given
}
