# One makefile, not recursive. Objects, programs and generated files go to build/, or with
# SANITIZE=address,undefined to a directory of their own under it. Variables to set:
#   CC=gcc|clang  DEVELOPER=1  SANITIZE=...  COVERAGE=1  BUILD=dir  PREFIX=/usr/local  DESTDIR=

comma := ,
SANITIZE ?=
BUILD ?= build$(if $(SANITIZE),/san-$(subst $(comma),-,$(SANITIZE)))
PREFIX ?= /usr/local
VERSION := $(shell cat VERSION)
ifeq ($(origin CC),default)
CC = gcc
endif

# -- libraries: pkg-config's name and the Debian package to name when it is missing

PKGS := libcurl jansson sqlite3 yaml-0.1 libcrypto zlib xlsxwriter libarchive
DEB_libcurl := libcurl4-openssl-dev
DEB_jansson := libjansson-dev
DEB_sqlite3 := libsqlite3-dev
DEB_yaml-0.1 := libyaml-dev
DEB_libcrypto := libssl-dev
DEB_zlib := zlib1g-dev
DEB_xlsxwriter := libxlsxwriter-dev
DEB_libarchive := libarchive-dev
MISSING := $(if $(shell command -v pkg-config),$(foreach p,$(PKGS),$(if \
	$(shell pkg-config --exists $(p) && echo yes),,$(DEB_$(p)))),pkg-config)
ifeq ($(strip $(MISSING)),)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS))
PKG_LIBS := $(shell pkg-config --libs $(PKGS))
endif

# -- flags

WARNINGS := -Wall -Wextra
ifdef DEVELOPER
WARNINGS += -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wvla -Wformat=2 -Wundef -Wwrite-strings -Wpointer-arith -Wunused
endif
OPTIMIZE := -O2 -g
HARDEN := -fstack-protector-strong -fPIE
ifneq ($(SANITIZE),)
INSTRUMENT := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
OPTIMIZE := -O1 -g
else ifdef COVERAGE
INSTRUMENT := --coverage
OPTIMIZE := -O0 -g
else
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif
CPPFLAGS_ALL := -std=gnu11 -D_GNU_SOURCE -DREJOIN_VERSION='"$(VERSION)"' -I. -Ibuild/gen \
	$(PKG_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL := $(OPTIMIZE) -ffile-prefix-map=$(CURDIR)=. $(HARDEN) $(WARNINGS) $(INSTRUMENT) \
	$(CFLAGS)
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(INSTRUMENT) $(LDFLAGS)
LIBS := $(PKG_LIBS) -lm

# -- sources and objects

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
GEN_OBJECTS := $(BUILD)/obj/gen/sql.o $(BUILD)/obj/gen/doc.o
SHARED := $(call objects,$(wildcard lib/*.c schema/*.c)) $(GEN_OBJECTS)
COLLECTOR := $(call objects,$(filter-out collector/main.c,$(wildcard collector/*.c)))
REPORT := $(call objects,$(filter-out report/main.c,$(wildcard report/*.c))) \
	$(BUILD)/obj/gen/page_files.o
PROGRAMS := $(patsubst %/main.c,$(BUILD)/rejoin-%,$(wildcard collector/main.c report/main.c))
SOURCES := $(wildcard lib/*.c schema/*.c collector/*.c report/*.c)
TEST_SOURCES := $(wildcard tests/*/*.c)

# A unit test links the side whose headers it includes. Files that are not test_*.c help them all.
UNIT := $(wildcard tests/unit/test_*.c)
UNIT_HELP := $(call objects,$(filter-out $(UNIT),$(wildcard tests/unit/*.c)))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT))
UNIT_OF = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(if $(UNIT),$(shell \
	grep -l '^\#include "$(1)/' $(UNIT))))
FAKE_NODE := $(if $(wildcard tests/fake/*.c),$(BUILD)/fake-node)
BENCH := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))
BIG := $(BUILD)/bench/big
ORACLE := $(BUILD)/oracle

.PHONY: all tests deps deps-demo dist dist-versions demo check check-fast check-real check-versions check-campaign check-oracles lint tidy cppcheck format \
	coverage big calibrate bench bench-report bench-long observer install uninstall clean help FORCE
.DELETE_ON_ERROR:

all: $(PROGRAMS) ## build both programs (default)

tests: $(UNIT_TESTS) $(FAKE_NODE) $(BENCH) $(BIG) $(ORACLE) ## build the unit tests, the fake node and the benches

# -- rules

# Rewritten only when it changes: everything compiled depends on it.
$(BUILD)/flags: FORCE
ifneq ($(strip $(MISSING)),)
	@echo 'Missing to build: $(strip $(MISSING)). Run "make deps".' >&2; exit 1
endif
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(LIBS)' > $@.$$$$.new; \
	if cmp -s $@.$$$$.new $@; then rm $@.$$$$.new; else mv $@.$$$$.new $@; fi

SQL := $(sort $(wildcard schema/migrations/*.sql)) $(sort $(wildcard schema/sql/*.sql))
GEN := build/gen/schema/sql.h build/gen/schema/sql.c build/gen/schema/doc.h build/gen/schema/doc.c
# The list of files counts too: one that is gone is newer than nothing.
build/gen/schema/files: FORCE
	@mkdir -p $(@D)
	@echo '$(SQL)' > $@.$$$$.new; \
	if cmp -s $@.$$$$.new $@; then rm $@.$$$$.new; else mv $@.$$$$.new $@; fi
build/gen/schema/sql.%: schema/embed.awk $(SQL) build/gen/schema/files
	awk -v out=$* -f schema/embed.awk $(SQL) < /dev/null > $@.$$$$.new && mv $@.$$$$.new $@
build/gen/schema/doc.%: schema/embed_doc.awk schema/README.md
	@mkdir -p $(@D)
	awk -v out=$* -f schema/embed_doc.awk schema/README.md > $@.$$$$.new && mv $@.$$$$.new $@

# The page's style and script, as they are.
build/gen/report/page_files.c: report/embed.awk report/page.css report/page.js
	@mkdir -p $(@D)
	awk -f report/embed.awk report/page.css report/page.js > $@.$$$$.new && mv $@.$$$$.new $@

compile = $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
link = $(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(LIBS)

$(GEN_OBJECTS): $(BUILD)/obj/gen/%.o: build/gen/schema/%.c build/gen/schema/%.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(compile) -Wno-overlength-strings
$(BUILD)/obj/gen/page_files.o: build/gen/report/page_files.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(compile) -Wno-overlength-strings
$(BUILD)/obj/tests/%.o: tests/%.c $(BUILD)/flags | $(GEN)
	@mkdir -p $(@D)
	$(compile)
$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(GEN)
	@mkdir -p $(@D)
	$(compile) -include lib/banned.h

$(BUILD)/rejoin-collector: $(BUILD)/obj/collector/main.o $(COLLECTOR) $(SHARED)
	$(link)
$(BUILD)/rejoin-report: $(BUILD)/obj/report/main.o $(REPORT) $(SHARED)
	$(link)
$(call UNIT_OF,collector): $(COLLECTOR)
$(call UNIT_OF,report): $(REPORT)
$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(UNIT_HELP) $(SHARED)
	@mkdir -p $(@D)
	$(link) -lcmocka
$(BENCH): $(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/obj/tests/unit/fake.o $(COLLECTOR) \
		$(SHARED)
	@mkdir -p $(@D)
	$(link)
$(ORACLE): $(call objects,tests/oracles/oracle.c) $(REPORT) $(SHARED)
	$(link)
$(BIG): $(call objects,$(wildcard tests/big/*.c)) $(SHARED)
	@mkdir -p $(@D)
	$(link)
$(BUILD)/fake-node: $(call objects,$(wildcard tests/fake/*.c)) $(SHARED)
	$(link) -lmicrohttpd

# 10,000 trials, 5 million samples: what the benches of the reports read. Made again when the store changes.
big: $(BUILD)/bench/big.sqlite ## make the large recording of the benches: build/bench/big.sqlite
$(BUILD)/bench/big.sqlite: $(BIG)
	$(BIG) $@.new
	@mv $@.new $@

-include $(patsubst %.o,%.d,$(SHARED) $(COLLECTOR) $(REPORT) $(UNIT_HELP) \
	$(call objects,collector/main.c report/main.c $(TEST_SOURCES)))

# -- what is needed

deps: ## install what building, drills and the checks need
	@.ci/deps build run check

deps-demo: ## install only what building and a drill need
	@.ci/deps build run

# Maven's own repository keeps the archives: a fresh checkout does not fetch them again.
ES_VERSION := 8.19.0
OTHER_VERSIONS := elasticsearch-7.17.28 elasticsearch-9.2.0 opensearch-2.19.1 opensearch-3.3.0
M2 ?= $(HOME)/.m2/repository

dist: build/dist/elasticsearch-$(ES_VERSION)/.complete ## fetch and unpack Elasticsearch into build/dist
dist-versions: dist $(OTHER_VERSIONS:%=build/dist/%/.complete) ## likewise the other versions that are supported

product = $(firstword $(subst -, ,$*))
version = $(lastword $(subst -, ,$*))
artifact_path = org/$(product)/distribution/integ-test-zip/$(product)/$(version)/$(product)-$(version).zip
# Unpacked beside and renamed: an interrupted unzip leaves nothing that looks whole.
build/dist/%/.complete:
	@test -f $(M2)/$(artifact_path) || mvn -q -B dependency:get -Dtransitive=false \
		-Dmaven.repo.local=$(M2) \
		-Dartifact=org.$(product).distribution.integ-test-zip:$(product):$(version):zip
	@rm -rf build/dist/$* build/dist/$*.new
	@mkdir -p build/dist/$*.new
	@unzip -q $(M2)/$(artifact_path) -d build/dist/$*.new
	@touch build/dist/$*.new/$*/.complete
	@mv build/dist/$*.new/$* build/dist/$*
	@rmdir build/dist/$*.new

DEMO := build/demo
demo: deps-demo ## run a short real drill and make its workbook and page
	@$(MAKE) --no-print-directory all dist
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	$(BUILD)/rejoin-collector run data/plans/demo.yml --db $(DEMO)/demo.sqlite --yes
	$(BUILD)/rejoin-report workbook $(DEMO)/demo.sqlite -o $(DEMO)/demo.xlsx
	$(BUILD)/rejoin-report page $(DEMO)/demo.sqlite -o $(DEMO)/demo.html
	$(BUILD)/rejoin-report summary $(DEMO)/demo.sqlite
	@printf '\nrecording: %s\nworkbook:  %s\npage:      %s\n' $(DEMO)/demo.sqlite $(DEMO)/demo.xlsx $(DEMO)/demo.html

# -- checks

check: ## check-fast, sanitizers, slower tests, clang-tidy, then check-real and check-versions
	@tests/run fast sanitized slow tidy real versions

check-fast: ## build, lint, unit and CLI tests
	@tests/run fast

check-real: ## drills on real nodes
	@tests/run real

check-versions: ## a drill on each version of Elasticsearch and OpenSearch that is supported
	@tests/run versions

check-campaign: ## drills that take too long for every change: losses, deaths, diagnoses
	@tests/run campaign

# Not part of check: R and lifelines are large. check-fast holds a tenth of it to SciPy alone. CASES=n of each kind.
ORACLES_VENV := build/oracles-venv
CASES := 200
check-oracles: all $(ORACLE) ## statistics against SciPy, lifelines and R on random data; SEED=n repeats
	@.ci/deps oracles
	@test -e $(ORACLES_VENV)/.complete || { /usr/bin/python3 -m venv --system-site-packages $(ORACLES_VENV) && \
		$(ORACLES_VENV)/bin/pip install -q lifelines==0.27.8 scipy==1.11.4 && touch $(ORACLES_VENV)/.complete; } || \
		echo 'lifelines cannot be fetched: left out'
	@$(ORACLES_VENV)/bin/python tests/oracles/check.py --cases $(CASES) $(if $(SEED),--seed $(SEED)) $(BUILD)
	@$(ORACLES_VENV)/bin/python tests/oracles/end_to_end.py $(if $(SEED),--seed $(SEED)) $(BUILD)

lint: ## formatting, static analysis, spelling, layering
	@tests/run lint tidy

C_FILES = $(wildcard */*.[ch] tests/*/*.[ch])
# One process a file: clang-tidy 14 sees uninitialised va_lists where it is given several.
# The analyzer's own limit is 225000 states of a function: TIDY_STATES= takes more than twice as long.
TIDY_STATES := 50000
TIDY_ARGS := $(if $(TIDY_STATES),$(patsubst %,--extra-arg=%,-Xclang -analyzer-config -Xclang max-nodes=$(TIDY_STATES)))
tidy: $(GEN)
	@printf '%s\n' $(SOURCES) | xargs -P "$$(nproc)" -I '{}' \
		clang-tidy --quiet $(TIDY_ARGS) '{}' -- $(CPPFLAGS_ALL) -include lib/banned.h

# One thread: functions that keep their answer in the process are fine.
cppcheck: $(GEN)
	@cppcheck -q -j "$$(nproc)" --error-exitcode=1 --std=c11 --inline-suppr \
		--enable=warning,performance,portability --suppress=missingIncludeSystem \
		--suppress=readdirCalled --suppress=getpwuidCalled --suppress=getgrgidCalled \
		--library=posix --library=gnu -D_GNU_SOURCE -DREJOIN_VERSION='""' -I. -Ibuild/gen \
		$(SOURCES)

format: ## lay out the C sources as .clang-format says
	clang-format -i $(C_FILES)

coverage: ## test coverage: build/coverage/index.html
	@$(MAKE) --no-print-directory COVERAGE=1 BUILD=build/coverage all tests
	@tests/run --bin build/coverage unit cli
	@gcovr --root . --object-directory build/coverage -e tests/ -e build/ --print-summary \
		--html-details build/coverage/index.html

# -- measuring the instrument itself

calibrate: $(BENCH) $(FAKE_NODE) ## do the intervals hold the truth? 6,300 changes at known instants
	@$(BUILD)/bench/calibrate -o $(BUILD)/calibrate.tsv

DURATION := 10
bench: all $(BENCH) ## punctuality, CPU, memory, store; then bench-report; DURATION=seconds of a round
	@tests/bench/run --duration $(DURATION) $(BUILD)
	@$(MAKE) --no-print-directory bench-report

ROUNDS := 3
bench-report: all $(BENCH) $(BUILD)/bench/big.sqlite ## time and memory of the reports of a large recording, next to pandas
	@.ci/deps bench
	@tests/bench/report --rounds $(ROUNDS) $(BUILD)

bench-long: all $(BENCH) ## 50 nodes at 20 ms for ten minutes
	@tests/bench/run --long $(BUILD)

N := 10
observer: all dist ## does polling change the elections it times? N=trials of each period
	@tests/bench/observer.py $(BUILD)/rejoin-collector -n $(N) -o $(BUILD)/observer.txt

# -- the rest

install: all ## install the two programs (PREFIX, DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/bin
	install $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin

uninstall: ## remove what install put there
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(notdir $(PROGRAMS)))

clean: ## remove what was built (the unpacked Elasticsearch stays)
	@for f in build/* build/.[!.]*; do [ "$$f" = build/dist ] || rm -rf "$$f"; done

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
