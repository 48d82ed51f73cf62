// Package examples holds what a new body can start from, as files to read and to change.
package examples

import "embed"

// FS is the folder examples: "msp/code.md" is a code of ethics for managed service providers.
//
//go:embed msp
var FS embed.FS
