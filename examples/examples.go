// Package examples holds what a new body can start from, as files to read and to change.
package examples

import "embed"

// FS is the folder examples: "msp/code.md" is a code of ethics for managed service providers, and
// "education/*.yaml" are schemes of continuing education with their worked cases.
//
//go:embed msp education
var FS embed.FS
