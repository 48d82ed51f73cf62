# `make` alone lists what there is to do.

.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS     += --no-print-directory
SHELL         := bash
.SHELLFLAGS   := -euo pipefail -c

# The product needs no C, so its tests run without it. Only the race detector asks for cgo.
export CGO_ENABLED := 0
export GOTOOLCHAIN := local

# Where goroutines meet over shared state. Elsewhere the race detector only slows (web/static shares nothing
# but a list of files to write).
RACED := record recordtest publog vault account outbound web/api web/local web/site web/door web/ui serving health
raced := $(patsubst %,./%/...,$(wildcard $(addprefix internal/,$(RACED))))

# SQLite is C turned into Go, with locks of its own: watching every load in it finds nothing and makes
# it fifty times slower. Its driver is watched: it uses sync.Map, and an unwatched copy of that generic
# code, which the linker may take for everybody's, hides what encoding/json synchronises by.
race := CGO_ENABLED=1 go test -race -gcflags='modernc.org/...=-race=false' -gcflags='modernc.org/sqlite=' -count=1

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: ## the demo: a body with 330 members, in a temporary folder
	go run ./cmd/shingle demo

.PHONY: build
build: ## the one binary: bin/shingle
	go build -trimpath -o bin/shingle ./cmd/shingle

.PHONY: tools
tools: ## install what tests need and the machine lacks (PostgreSQL, Chromium, gcc; by apt)
	@scripts/install

.PHONY: generate
generate: ## write the generated files anew
	go generate ./...
	go test -count=1 ./docs -update

.PHONY: lint
lint: ## gofmt, vet, staticcheck, and the floors of the house
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "run gofmt -w on:" $$unformatted; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go test -count=1 ./internal

.PHONY: test
test: tools lint race ## everything that must hold: tools, lint, and all tests afresh
	go test -count=1 $$(go list ./... | grep -vE '^shingle/internal(/($(subst $() ,|,$(RACED)))(/.*)?)?$$')
	scripts/fuzz 1s ./verify ./internal/roster

.PHONY: race
race: tools ## the tests of the concurrent packages, with the race detector
	$(race) $(raced)

.PHONY: bench
bench: tools ## measure against raw yardsticks and write docs/benchmarks.md (never fails a build)
	scripts/with-postgresql go run ./cmd/shingle bench --write docs/benchmarks.md

.PHONY: torture
torture: tools ## hours: a thousand kills, a million members, long fuzzing; writes docs/torture.md
	{ SHINGLE_TORTURE=1 go test -v -count=1 -timeout=6h ./... && scripts/fuzz 2m; } | scripts/torture docs/torture.md

.PHONY: screenshots
screenshots: tools ## take the pictures in docs/pictures anew, in a real browser
	SHINGLE_SCREENSHOTS=$(CURDIR)/docs/pictures go test -count=1 -run='^TestScreenshots' ./internal/web/... ./internal/app/...

.PHONY: clean
clean: ## remove what was built here
	rm -rf bin
