# Two commands do all set-up: `make demo` shows the example, `make test` proves
# everything. Both need Go and git; what else they need they install.

GO ?= go
SITE ?= site
ADDR ?= 127.0.0.1:8080

.PHONY: demo build test check lint unit faults long docs bench screenshots clean browser systems descriptions

# Builds the binary and the example organisation's site, and serves it.
demo: build
	bin/signpost check .
	bin/signpost serve . --addr $(ADDR)

build:
	$(GO) build -trimpath -o bin/signpost ./cmd/signpost

# Everything that CI checks.
test: browser systems descriptions lint unit check

lint:
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@unformatted="$$($(GO) tool gofumpt -l cmd internal pkg schema site-templates)"; \
	if [ -n "$$unformatted" ]; then echo "not formatted (go tool gofumpt -w):"; echo "$$unformatted"; exit 1; fi
	$(GO) tool actionlint .github/workflows/*.yml

# What the race detector is too slow for: inputs that ought to take long or are very large,
# and 500 random edits after which build and serve have to equal a clean build.
LONG := TestPathological|TestRandomEdits|TestServeShowsWhatBuildWrites|TestGitHubsInterface

# Unit, golden, testscript and browser tests; those with the browser by themselves, since
# a browser that has to share the machine answers late. The faults of live systems are
# mostly waiting, which something else can use. Last what builds cost in terms of the
# floor's, measured while nothing else runs.
unit:
	$(GO) test -race -skip TestGitHubsInterface $$($(GO) list ./... | grep -v -e /internal/browsertest -e /internal/livetest)
	$(GO) test -race ./internal/browsertest
	$(MAKE) -j2 faults long
	$(GO) test -run TestNoSlowerThanItWas ./internal/bench

# Two thousand faults of live systems.
faults:
	$(GO) test ./internal/livetest

long:
	SIGNPOST_EDITS=500 $(GO) test -run '$(LONG)' ./pkg/docs ./cmd/signpost

# Our own tool on our own catalog.
check: build
	bin/signpost check .

# Chromium and axe-core, for the browser tests.
browser:
	internal/browsertest/setup.sh

# Prometheus and Alertmanager, for the tests of their providers.
systems:
	pkg/provider/providertest/setup.sh

# Prism, which serves the descriptions that live systems publish.
descriptions:
	internal/livetest/setup.sh

# The generated half of the documentation; a test fails if it is out of date.
docs:
	$(GO) run ./internal/reference

# Figures for docs/performance.md.
bench:
	$(GO) run ./internal/bench

# A picture of every kind of page, in both schemes and widths, to look at.
screenshots: browser
	SIGNPOST_SCREENSHOTS=$(CURDIR)/bin/screenshots $(GO) test -run TestScreenshots -count=1 ./internal/browsertest

clean:
	rm -rf bin $(SITE)
