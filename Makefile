# stagegate's build: GNU make, no configure.
#
#   make              the programs, in build/
#   make check        everything that tests: units, tables, real pushes
#   make install      PREFIX=/usr/local SYSCONFDIR=/etc DESTDIR=
#   make deb dist     a Debian package, and a tarball of the sources
#   make test e2e     the quick half and the slow half of check
#   make hosts        OpenSSH, gitolite, nginx, and other clients than git
#   make lint         formatting, static analysis, the rules of the house
#   make asan valgrind fuzz faults loop bench cover
#   make format deps clean uninstall
#
# STATIC=0 links dynamically, DEV=1 makes warnings errors, V=1 shows commands,
# FUZZ_S is seconds per fuzz target, JOBS what runs side by side in the tests,
# FAULTS_STRIDE which calls `make faults` breaks (1: each), LOOP the pushes of
# `make loop`.
VERSION = 0.1.0

BUILD ?= build
CFLAGS ?= -O2 -g
LDFLAGS ?=
DESTDIR ?=
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
LIBEXECDIR ?= $(PREFIX)/libexec/stagegate
PKG_CONFIG ?= pkg-config
STRIP ?= strip
STATIC ?= 1
DEV ?= 0
FUZZ_S ?= 60
JOBS ?= 2
LOOP ?= 2000
SANITIZE =

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

# --- sources and what becomes of them ---------------------------------------

OBJ := $(BUILD)/obj
objects = $(patsubst %.c,$(OBJ)/%.o,$(1))

OFFLINE := lib/git/offline.c
LIB_SRC := $(filter-out $(OFFLINE),$(wildcard lib/*/*.c))
HOOK_SRC := $(wildcard hooks/*.c)
ADMIN_SRC := $(wildcard hooks/admin/*.c)
UNIT_SRC := $(wildcard tests/unit/test_*.c)
SUPPORT_SRC := $(wildcard tests/support/*.c)
TOOL_SRC := $(wildcard tests/tools/*.c)
FUZZ_SRC := $(filter-out tests/fuzz/driver.c,$(wildcard tests/fuzz/*.c))
BENCH_SRC := $(wildcard tests/bench/*.c)
SHIM := tests/faults/shim.c

LIBRARY := $(BUILD)/libpolicy.a
HOOKS := $(HOOK_SRC:hooks/%.c=$(BUILD)/%)
ADMIN := $(if $(ADMIN_SRC),$(BUILD)/stagegate)
UNITS := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/unit/%)
TOOLS := $(TOOL_SRC:tests/tools/%.c=$(BUILD)/tools/%)
FUZZERS := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/fuzz/%)
MAN := $(patsubst hooks/man/%.in,$(BUILD)/man/%,$(wildcard hooks/man/*.in))
BENCHES := $(BENCH_SRC:tests/bench/%.c=$(BUILD)/bench/%)
FAULTY := $(HOOK_SRC:hooks/%.c=$(BUILD)/faults/%)

QUICK_TESTS := $(wildcard tests/unit/*.t tests/fuzz/*.t tests/policy/*.t \
	tests/judge/*.t)
PUSH_TESTS := $(sort $(wildcard tests/push/*.t))

# --- flags ------------------------------------------------------------------

STRICT := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wwrite-strings -Wcast-qual -Wpointer-arith -Wundef -Wvla -Wformat=2 \
	-Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference \
	-Wduplicated-cond -Wduplicated-branches -Wlogical-op \
	-Wjump-misses-init -Walloc-zero
HARDEN := -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -fno-strict-aliasing \
	-fno-delete-null-pointer-checks
# A sanitizer sees less through these two.
ifeq ($(SANITIZE),)
FORTIFY := -U_FORTIFY_SOURCE
HARDEN += -D_FORTIFY_SOURCE=3 -ftrivial-auto-var-init=zero
# Nothing here is unwound, and the tables are a tenth of the code; what a
# debugger needs stands in what strip(1) takes away.
HARDEN += -fno-asynchronous-unwind-tables
else
FORTIFY := -U_FORTIFY_SOURCE -fsanitize=$(SANITIZE) \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
endif

CPPFLAGS_ALL = -D_GNU_SOURCE -Ilib -include lib/base/banned.h $(PKG_CFLAGS) \
	-DSTAGEGATE_VERSION='"$(VERSION)"' \
	-DSTAGEGATE_SYSCONFDIR='"$(SYSCONFDIR)"' \
	-DSTAGEGATE_LIBEXECDIR='"$(LIBEXECDIR)"' $(CPPFLAGS)
# Where it is built is no matter of what is built.
CFLAGS_ALL = -std=c11 -fPIE -ffunction-sections $(FORTIFY) $(OK_FLAGS) \
	-ffile-prefix-map='$(CURDIR)'=. \
	$(if $(filter 1,$(DEV)),-Werror) $(CFLAGS)
LDFLAGS_ALL = $(if $(filter 1,$(STATIC)),-static-pie,-pie) \
	-Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(LDFLAGS)
CHECK_LIBS = $(shell $(PKG_CONFIG) $(if $(filter 1,$(STATIC)),--static) \
	--libs check)

# Targets that see to their packages first and then call make again; only the
# others need to know what the compiler can do, which probe.sh finds out once.
OUTER := check test e2e hosts asan valgrind fuzz faults loop bench lint cover \
	format deps deb dist clean uninstall
INNER := $(filter-out $(OUTER),$(or $(MAKECMDGOALS),all))
ifneq ($(INNER),)
ifneq ($(filter clean,$(MAKECMDGOALS)),)
$(error make clean goes alone)
endif
# $(BUILD)/flags changes when a flag does, and everything depends on it.
FLAGS := $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(STRICT) $(HARDEN) \
	$(LDFLAGS_ALL) $(PKG_CONFIG)
ifneq ($(file <$(BUILD)/flags),$(FLAGS))
$(shell mkdir -p $(BUILD))
$(file >$(BUILD)/flags,$(FLAGS))
endif

$(BUILD)/probed.mk: $(BUILD)/flags tests/tools/probe.sh $(OFFLINE)
	@CC='$(CC)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' STATIC=$(STATIC) \
		PKG_CONFIG='$(PKG_CONFIG)' \
		sh tests/tools/probe.sh $(STRICT) $(HARDEN) >$@

include $(BUILD)/probed.mk
endif

# --- building ---------------------------------------------------------------

all: $(HOOKS) $(ADMIN)

everything: all $(UNITS) $(TOOLS) $(FUZZERS) $(FAULTY) $(MAN)

COMMA := ,
say = $(if $(V),,@printf '%-4s  %s\n' $(1) $@;)

OBJECTS := $(call objects,$(LIB_SRC) $(OFFLINE) $(HOOK_SRC) $(ADMIN_SRC) \
	$(UNIT_SRC) $(SUPPORT_SRC) $(TOOL_SRC) $(FUZZ_SRC) tests/fuzz/driver.c \
	$(BENCH_SRC) $(SHIM))
$(OBJECTS): $(OBJ)/%.o: %.c $(BUILD)/flags $(BUILD)/probed.mk
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c $< -o $@
$(OBJ)/tests/%.o: CPPFLAGS_ALL += -Itests
ifneq ($(INNER),)
-include $(OBJECTS:.o=.d)
endif

$(LIBRARY): $(call objects,$(LIB_SRC))
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

# offline.c must come before libgit2.a, so it is no member of the library.
ALWAYS := $(LIBRARY) $(if $(filter 1,$(STATIC)),$(call objects,$(OFFLINE)))
define link
@mkdir -p $(@D)
$(call say,LINK)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(filter %.o,$^) \
	$(LIBRARY) $(1) $(LIBS) -o $@
endef

$(HOOKS): $(BUILD)/%: $(OBJ)/hooks/%.o $(ALWAYS)
	$(call link)
$(ADMIN): $(call objects,$(ADMIN_SRC)) $(ALWAYS)
	$(call link)
$(UNITS): $(BUILD)/unit/%: $(OBJ)/tests/unit/%.o \
		$(call objects,$(SUPPORT_SRC)) $(ALWAYS)
	$(call link,$(CHECK_LIBS))
$(TOOLS): $(BUILD)/tools/%: $(OBJ)/tests/tools/%.o $(ALWAYS)
	$(call link)
$(BUILD)/tools/judge_case: $(call objects,$(wildcard tests/support/fake*.c))
$(BUILD)/tools/event_samples: $(call objects,tests/support/eventsamples.c)
FUZZ_MAIN := $(OBJ)/tests/fuzz/driver.o
FUZZ_FLAGS :=
$(FUZZERS): $(BUILD)/fuzz/%: $(OBJ)/tests/fuzz/%.o $(FUZZ_MAIN) $(ALWAYS)
	$(call link,$(FUZZ_FLAGS))
$(BUILD)/fuzz/event: $(call objects,tests/support/eventsamples.c \
	tests/support/mailcheck.c)

$(MAN): $(BUILD)/man/%: hooks/man/%.in $(wildcard hooks/man/*.sh \
		hooks/man/*.awk) hooks/debian/changelog policy/reference.yml \
		$(ADMIN)
	@mkdir -p $(@D)
	$(call say,MAN)sh hooks/man/page.sh $< $(ADMIN) >$@

# The hooks once more, with a shim before each function that it has a
# __wrap_NAME for.
FAULTY_CALLS = $(shell nm $(call objects,$(SHIM)) | sed -n 's/.* T __wrap_//p')
$(FAULTY): $(BUILD)/faults/%: $(OBJ)/hooks/%.o $(call objects,$(SHIM)) $(ALWAYS)
	$(call link,$(FAULTY_CALLS:%=-Wl$(COMMA)--wrap=%))

# What measures is no part of `everything`.
instruments: all $(TOOLS) $(BENCHES)
$(BENCHES): $(BUILD)/bench/%: $(OBJ)/tests/bench/%.o $(ALWAYS)
	$(call link)

# --- testing ----------------------------------------------------------------

DEPS = @sh tests/tools/deps.sh build
export STAGEGATE_BUILD = $(abspath $(BUILD))
export STAGEGATE_STATIC = $(STATIC)

TESTS = $(QUICK_TESTS) $(PUSH_TESTS)
test: TESTS = $(QUICK_TESTS)
e2e: TESTS = $(PUSH_TESTS)
check test e2e:
	$(DEPS) test
	@$(MAKE) prove TESTS='$(TESTS)'
# They wait for one another and for time to pass: one more than there are cores.
prove: everything
	@prove -j$(shell expr $(JOBS) + 1) $(TESTS)

# Servers on loopback and what pushes to them, which packages bring.
hosts:
	$(DEPS) test hosts
	@$(MAKE) prove TESTS='$(sort $(wildcard tests/hosts/*.t))'

# What a sanitizer finds in a hook, git may hide: hence files, looked at here.
asan:
	$(DEPS) test
	@rm -f $(BUILD)/asan/report.*
	@CK_FORK=no UBSAN_OPTIONS=print_stacktrace=1 \
	ASAN_OPTIONS=exitcode=99:log_path=$(abspath $(BUILD)/asan/report) \
	LSAN_OPTIONS=print_suppressions=0:suppressions=$(abspath \
		tests/support/lsan.supp) \
	$(MAKE) prove BUILD=$(BUILD)/asan STATIC=0 SANITIZE=address,undefined; \
	status=$$?; ! cat $(BUILD)/asan/report.* 2>/dev/null && exit $$status
valgrind:
	$(DEPS) test valgrind
	@CK_FORK=no STAGEGATE_WRAP='valgrind -q --error-exitcode=99 \
		--leak-check=full --errors-for-leak-kinds=definite' \
	$(MAKE) prove BUILD=$(BUILD)/valgrind STATIC=0 \
		TESTS='$(wildcard tests/unit/*.t)'
cover:
	$(DEPS) test cover
	@$(MAKE) prove BUILD=$(BUILD)/cover STATIC=0 CFLAGS='-O0 -g --coverage'
	@gcovr --root . --filter lib/ --filter hooks/ $(BUILD)/cover
fuzz:
	$(DEPS) fuzz
	@$(MAKE) fuzz-run BUILD=$(BUILD)/clang CC=clang STATIC=0 CFLAGS='-O1 -g' \
		SANITIZE=fuzzer-no-link,address,undefined \
		FUZZ_MAIN= FUZZ_FLAGS=-fsanitize=fuzzer
fuzz-run: $(FUZZERS)
	@printf '%s\n' $(notdir $(FUZZERS)) | \
		xargs -r -P$(JOBS) -n1 sh tests/fuzz/run.sh $(FUZZ_S)
# Everything that can be broken off, at every call or at each FAULTS_STRIDE-th.
faults:
	$(DEPS) test
	@$(MAKE) prove TESTS='$(wildcard tests/faults/*.t)'
# What 3050-loop.t does, at length; SEED=N for the same choices again.
loop:
	$(DEPS) test
	@$(MAKE) everything
	@STAGEGATE_LOOP=$(LOOP) sh tests/push/3050-loop.t
# BENCH_REPOSITORY: one with real history, to be measured too.
bench:
	$(DEPS) test
	@$(MAKE) instruments
	@tests/bench/run.sh $(BENCH_REPOSITORY)

# --- the rules of the house -------------------------------------------------

# Without banned.h: a header that needs what it includes must say so.
LINT_CPPFLAGS = $(filter-out -include %/banned.h,$(CPPFLAGS_ALL))
LINT := format tidy analyzer cppcheck shell headers layers files
lint:
	$(DEPS) test lint
	@$(MAKE) -k $(LINT:%=lint-%)
$(LINT:%=lint-%): lint-%:
	@CC='$(CC)' CPPFLAGS='$(subst ','\'',$(LINT_CPPFLAGS))' JOBS=$(JOBS) \
		STRICT='$(OK_FLAGS)' sh tests/lint/$*.sh
format:
	$(DEPS) lint
	@sh tests/lint/format.sh -i
deps:
	$(DEPS) test lint

# --- installing -------------------------------------------------------------

SHAREDIR = $(PREFIX)/share
man_path = $(SHAREDIR)/man/man$(patsubst .%,%,$(suffix $(1)))/$(1)
COMPLETIONS := $(notdir $(wildcard hooks/completion/*))
COMPLETION_stagegate.bash := bash-completion/completions/stagegate
COMPLETION__stagegate := zsh/site-functions/_stagegate
COMPLETION_stagegate.fish := fish/vendor_completions.d/stagegate.fish

# Renamed into place: somebody may be starting the program that is replaced.
install: all $(MAN)
	@install -d -m 0755 $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(PREFIX)/bin
	@set -e; put() { \
		$(STRIP) -o "$$2.new" "$$1"; chmod 0755 "$$2.new"; \
		mv -f "$$2.new" "$$2"; echo "installed $$2"; }; \
	for hook in $(notdir $(HOOKS)); do \
		put $(BUILD)/$$hook $(DESTDIR)$(LIBEXECDIR)/$$hook; \
	done; \
	put $(BUILD)/stagegate $(DESTDIR)$(PREFIX)/bin/stagegate
	@$(foreach page,$(notdir $(MAN)),install -D -m 0644 \
		$(BUILD)/man/$(page) $(DESTDIR)$(call man_path,$(page)) &&) :
	@$(foreach shell,$(COMPLETIONS),install -D -m 0644 \
		hooks/completion/$(shell) \
		$(DESTDIR)$(SHAREDIR)/$(COMPLETION_$(shell)) &&) :
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/stagegate \
		$(HOOK_SRC:hooks/%.c=$(DESTDIR)$(LIBEXECDIR)/%) \
		$(foreach page,$(notdir $(MAN)),$(DESTDIR)$(call man_path,$(page))) \
		$(foreach shell,$(COMPLETIONS),$(DESTDIR)$(SHAREDIR)/$(COMPLETION_$(shell)))
	-rmdir $(DESTDIR)$(LIBEXECDIR)
# The same bytes wherever and whenever they are built.
deb:
	$(DEPS)
	@rm -rf $(BUILD)/deb/root
	@$(MAKE) install BUILD=$(BUILD)/deb DESTDIR=$(abspath $(BUILD))/deb/root \
		PREFIX=/usr SYSCONFDIR=/etc LIBEXECDIR=/usr/libexec/stagegate
	@sh hooks/debian/package.sh $(BUILD)/deb/root $(BUILD)
dist:
	@sh hooks/debian/dist.sh $(BUILD)
clean:
	rm -rf $(BUILD)

.PHONY: all everything instruments prove fuzz-run install $(OUTER) \
	$(LINT:%=lint-%)
