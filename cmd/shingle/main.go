// Shingle keeps a professional body's code of ethics: the register of its members, their standing,
// and the proof of both. Run "shingle demo" to see it.
package main

import (
	"os"

	"shingle/internal/app"
	"shingle/internal/bench"
	"shingle/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], cli.Terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, app.House{Measure: bench.Run}))
}
