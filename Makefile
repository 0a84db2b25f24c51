# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
# Each fetches what it needs the first time, says so, and does nothing the second.

SHELL := /bin/bash
GO ?= go
CC ?= cc
LIMEN := build/limen

# libjpeg-turbo decodes several times faster than image/jpeg; it is used where
# its header is there, and the answers are the same without it.
TURBO := $(shell echo 'int main(void){ return LIBJPEG_TURBO_VERSION_NUMBER < 0 || !jpeg_std_error; }' \
	| $(CC) -include stdio.h -include jpeglib.h -xc - -ljpeg -o /dev/null 2>/dev/null && echo turbojpeg)
TAGS := $(if $(TURBO),-tags $(TURBO))

.PHONY: help assets build demo test lint race fuzz bench crash faults tamper differential openapi clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

assets: ## Fetch the ONNX Runtime library and the models (once)
	@sh scripts/assets.sh

build: assets ## Build build/limen
	@mkdir -p build
	@$(GO) build $(TAGS) -o $(LIMEN) ./cmd/limen

demo: build ## A day at a small airport; ARGS=--once ends after it, ARGS=--help shows more
	@$(LIMEN) demo $(ARGS)

test: assets lint ## All tests, with the race detector, on SQLite and PostgreSQL
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || echo \
		"PostgreSQL is not installed (Debian: apt-get install postgresql): the tests that run on it are skipped."
	$(GO) test $(TAGS) -race -timeout 20m ./...
	$(GO) test $(TAGS) -timeout 20m ./internal/demo/ ./internal/crash/ ./stay/
	$(GO) test $(TAGS) -timeout 20m -run TestRecordMatchesAsMeasured ./internal/app/
	LIMEN_TEST_STORE=postgres $(GO) test $(TAGS) -timeout 20m ./internal/app/
	$(GO) test -timeout 20m ./internal/face/
ifneq ($(TURBO),)
	$(GO) test $(TAGS) -timeout 20m ./internal/face/
endif

lint: ## gofmt, go vet, staticcheck
	@out=$$(find . -name '*.go' -not -path './.*' -print0 | xargs -0 gofmt -l); [ -z "$$out" ] || { echo "not gofmt-ed:"; echo "$$out"; exit 1; }
	$(GO) vet $(TAGS) ./...
	$(GO) tool staticcheck $(TAGS) ./...

FUZZTIME ?= 30s
fuzz: assets ## Run every fuzz target for FUZZTIME each
	@set -e; for f in $$(git ls-files '*_test.go' | xargs grep -lE '^func Fuzz'); do \
		for t in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+).*/\1/p' $$f); do \
			echo "== $$t in $$(dirname $$f)"; $(GO) test $(TAGS) -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) ./$$(dirname $$f); done; done

bench: build ## Measure this machine (limen bench; ARGS=record for the record)
	@$(LIMEN) bench $(ARGS)

# The long forms of what make test does in short. PROMISES.md has the figures of
# the last run with its date.
crash: ## Kill limen and PostgreSQL a thousand times; nothing acknowledged is lost
	LIMEN_LONG=1 $(GO) test -timeout 3h -count=1 -v -run TestCrash ./internal/crash/

faults: ## Fail every open, write, sync and rename of the record, one at a time
	LIMEN_LONG=1 $(GO) test -timeout 3h -count=1 -v -run TestFaults ./internal/crash/

tamper: ## Alter the audit log in 10,000 ways; every one is found
	LIMEN_LONG=1 $(GO) test -timeout 3h -count=1 -v ./audit/

HISTORIES ?= 500000000
differential: ## Days of stay of 500,000,000 random histories against a day-by-day counter (HISTORIES=n)
	LIMEN_HISTORIES=$(HISTORIES) $(GO) test -timeout 100h -count=1 -v -run 'TestExhaustive|TestMutants|TestDifferential' ./stay/

openapi: build ## Write docs/openapi.json anew
	@$(LIMEN) openapi > docs/openapi.json

clean: ## Remove what was built; fetched models stay
	rm -rf build
