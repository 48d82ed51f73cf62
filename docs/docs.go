// Package docs holds the documents that the program itself prints.
package docs

import _ "embed"

// Rules is docs/RULES.md: every rule, generated from the source (see rules_test.go).
//
//go:embed RULES.md
var Rules string
