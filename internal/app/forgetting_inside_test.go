package app

import (
	"context"
	"os"
	"syscall"

	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/cli"
	"shingle/internal/record"
)

// deadly ends the process, without warning, as soon as something is committed and before anybody else hears
// of it.
type deadly struct{ record.Listener }

func (deadly) Name() string                          { return "deadly" }
func (deadly) Project(record.Tx, act.Recorded) error { return nil }
func (deadly) Done(committed bool) {
	if committed {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// ForgetAndDie forgets a person of the body in a folder, and is killed between what is recorded of it and what
// becomes of their key.
func ForgetAndDie(data, person string) {
	b, err := openBody(context.Background(), opening{at: cli.Place{Data: data}})
	if err != nil {
		panic(err)
	}
	b.Record.Views = append([]record.View{deadly{}}, b.Record.Views...)
	_, err = b.Record.Do(context.Background(), record.Request{
		Command: people.Forget{Person: person, Reason: "objection"}, Actor: "operator", Role: "operator", Expect: -1,
	})
	panic(err)
}
