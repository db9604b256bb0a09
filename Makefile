# benchrun's build. `make help` lists the targets. Sources are found by wildcard: a new file is built
# without a change here. One objects list makes both the program and the Lua module.

BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= gcc
CFLAGS  ?= -O2 -g
WERROR  ?= $(if $(CI),-Werror)
SANITIZE ?=

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Wwrite-strings \
        -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 $(WERROR)
CORE_FLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -Icore -fPIC $(WARN) $(SANITIZE)

LUA_CFLAGS  := $(shell pkg-config --cflags lua5.4 lua5.4-filesystem 2>/dev/null)
PLOT_CFLAGS := $(shell pkg-config --cflags plplot libpng 2>/dev/null)
TERM_CFLAGS := $(shell pkg-config --cflags libsixel libpng 2>/dev/null)
BASE_LIBS   := $(shell pkg-config --libs zlib libzstd 2>/dev/null) -lcsv -lm -lpthread
PLUGIN_LIBS := $(shell pkg-config --libs plplot libgit2 libpng sqlite3 yajl libedit libsixel 2>/dev/null)
CORE_LIBS   := $(PLUGIN_LIBS) $(BASE_LIBS)
LUA_STATIC  := -Wl,-Bstatic -llua5.4-filesystem -llua5.4 -Wl,-Bdynamic

# What is built. The spawn helper is a program of its own; Lua is seen by core/bind and main.c alone.
LIB_SRC  := $(sort $(wildcard $(addprefix core/,$(addsuffix /*.c,base frame csv stats stats/kernels expr window \
              sqlite json proc vcs plot edit term))))
BIND_SRC := $(sort $(wildcard core/bind/*.c))
SPAWN_SRC := $(sort $(wildcard core/proc/spawn/*.c))
KERNELS  := $(BUILD)/gen/kernels.c
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o) $(KERNELS:.c=.o)
BIND_OBJ := $(BIND_SRC:%.c=$(BUILD)/%.o)
MAIN_OBJ := $(BUILD)/core/main.o

# Modules whose libraries take long to load: the program opens build/plugins/<name>.so when Lua first
# requires benchrun.core.<name>. A plugin is core/<name> and its binding.
PLUGINS := edit json plot sqlite term vcs
plugin_obj = $(filter $(BUILD)/core/$(1)/% $(BUILD)/core/bind/bind_$(1).o,$(LIB_OBJ) $(BIND_OBJ))
PLUGIN_OBJ := $(foreach name,$(PLUGINS),$(call plugin_obj,$(name)))
PLUGIN_SO  := $(PLUGINS:%=$(BUILD)/plugins/%.so)

# The Lua library compiled ahead, which the program takes where a source is as it was. A sanitized program
# does without.
BYTECODE := $(if $(SANITIZE),,$(BUILD)/bytecode/made)
LUA_SRC  := $(shell find lua -name '*.lua')

PROGRAM := $(BUILD)/benchrun
MODULE  := $(BUILD)/lua/benchrun.so
SPAWN   := $(BUILD)/benchrun-spawn

CORE_TESTS  := $(patsubst tests/core/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/core/test_*.c)))
BIND_TESTS  := $(patsubst tests/bind/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/bind/test_*.c)))
FUZZ_REPLAY := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/replay_%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZERS     := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/fuzz_%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
BENCHES     := $(patsubst tests/bench/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/bench/*.c)))

.DELETE_ON_ERROR:
.PHONY: all check check-c tests lint format asan-build asan fuzz cover bench install uninstall clean help

all: $(PROGRAM) $(PLUGIN_SO) $(MODULE) $(SPAWN) $(BYTECODE) ## the program and all that belongs to it (default)

$(PROGRAM): $(MAIN_OBJ) $(filter-out $(PLUGIN_OBJ),$(BIND_OBJ) $(LIB_OBJ))
	@mkdir -p $(@D)
	$(CC) $(SANITIZE) $(LDFLAGS) -Wl,-E -o $@ $^ $(LUA_STATIC) $(BASE_LIBS) -ldl

# What a plugin needs of the core and of Lua it finds in the program.
define plugin_rule
$(BUILD)/plugins/$(1).so: $(call plugin_obj,$(1))
	@mkdir -p $$(@D)
	$(CC) $(SANITIZE) $(LDFLAGS) -shared -Wl,--as-needed -o $$@ $$^ $(PLUGIN_LIBS) -lm
endef
$(foreach name,$(PLUGINS),$(eval $(call plugin_rule,$(name))))

$(MODULE): $(BIND_OBJ) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(SANITIZE) $(LDFLAGS) -shared -o $@ $^ $(CORE_LIBS)

$(BUILD)/bytecode/made: $(PROGRAM) $(LUA_SRC) scripts/compile-lua.lua
	@rm -rf $(@D)
	$(PROGRAM) script scripts/compile-lua.lua $(@D) lua
	@touch $@

# Static, by musl where it is: it starts in a third of the time that glibc takes. Never sanitized nor
# measured: its size is the floor of the peak memory that a child is seen to have.
SPAWN_CC ?= $(or $(shell command -v musl-gcc),$(CC))
$(SPAWN): $(SPAWN_SRC:%.c=$(BUILD)/%.o)
	@mkdir -p $(@D)
	$(SPAWN_CC) -static -s -o $@ $^

$(BUILD)/core/proc/spawn/%.o: core/proc/spawn/%.c
	@mkdir -p $(@D)
	$(SPAWN_CC) -std=c11 -D_POSIX_C_SOURCE=200809L -Icore $(WARN) -O2 -MMD -MP -c -o $@ $<

$(BUILD)/core/bind/%.o $(BUILD)/core/main.o: CORE_FLAGS += $(LUA_CFLAGS)
$(BUILD)/core/plot/%.o: CORE_FLAGS += $(PLOT_CFLAGS)
$(BUILD)/core/term/%.o: CORE_FLAGS += $(TERM_CFLAGS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CORE_FLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(KERNELS): scripts/gen-kernels $(wildcard core/stats/kernels/*.c) core/stats/kernels
	@mkdir -p $(@D)
	sh scripts/gen-kernels core/stats/kernels > $@.new
	@if cmp -s $@.new $@; then rm $@.new; touch $@; else mv $@.new $@; fi

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(CC) $(CORE_FLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# --- tests ---------------------------------------------------------------------------------------

$(BUILD)/libbenchrun.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/tests/test_bind%: tests/bind/test_bind%.c $(BIND_OBJ) $(BUILD)/libbenchrun.a
	@mkdir -p $(@D)
	$(CC) $(CORE_FLAGS) $(LUA_CFLAGS) $(CFLAGS) -Itests/bind -MMD -MP -o $@ $< $(BIND_OBJ) $(BUILD)/libbenchrun.a \
	  $(LUA_STATIC) $(CORE_LIBS) -ldl -lcmocka

$(BUILD)/tests/test_%: tests/core/test_%.c $(BUILD)/libbenchrun.a
	@mkdir -p $(@D)
	$(CC) $(CORE_FLAGS) $(CFLAGS) -MMD -MP -o $@ $< $(BUILD)/libbenchrun.a $(CORE_LIBS) -lcmocka

$(BUILD)/tests/make_%: tests/bench/make_%.c
	@mkdir -p $(@D)
	$(CC) $(CORE_FLAGS) $(CFLAGS) -o $@ $<

$(BUILD)/tests/bench_%: tests/bench/bench_%.c $(BUILD)/libbenchrun.a
	@mkdir -p $(@D)
	$(CC) $(CORE_FLAGS) $(CFLAGS) -MMD -MP -o $@ $< $(BUILD)/libbenchrun.a $(CORE_LIBS)

$(BUILD)/tests/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(BUILD)/libbenchrun.a
	@mkdir -p $(@D)
	$(CC) $(CORE_FLAGS) $(CFLAGS) -o $@ $^ $(CORE_LIBS)

FUZZ_FLAGS := -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(LIB_SRC) $(KERNELS)
	@mkdir -p $(@D)
	clang $(CORE_FLAGS) $(PLOT_CFLAGS) $(TERM_CFLAGS) -O1 -g $(FUZZ_FLAGS) -o $@ $< $(LIB_SRC) $(KERNELS) $(CORE_LIBS)

tests: all $(CORE_TESTS) $(BIND_TESTS) $(FUZZ_REPLAY) $(BENCHES)

check: tests ## every test; the last line is "N passed, N failed"
	BENCHRUN_BUILD=$(BUILD) scripts/check all

check-c: tests ## the C tests alone
	BENCHRUN_BUILD=$(BUILD) scripts/check c

lint: ## format, floors, function sizes, clang-tidy, cppcheck, luacheck, shellcheck
	scripts/lint

format: ## rewrite the C files as .clang-format says
	clang-format -i $$(find core tests configs -name '*.[ch]')

SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan-build: ## what asan runs, built but not run
	+$(MAKE) BUILD=$(BUILD)/asan CFLAGS='-O1 -g' SANITIZE='$(SANITIZERS)' tests

asan: asan-build ## the C tests and the Lua specs under AddressSanitizer and UBSan
	BENCHRUN_BUILD=$(BUILD)/asan scripts/check sanitized

fuzz: $(FUZZERS) ## each fuzzer for FUZZ_SECONDS (60)
	scripts/fuzz $(or $(FUZZ_SECONDS),60) $(FUZZERS)

cover: ## line coverage of core/, at least 90 %
	+$(MAKE) BUILD=$(BUILD)/cover CFLAGS='-O0 -g --coverage' LDFLAGS=--coverage tests
	BENCHRUN_BUILD=$(BUILD)/cover scripts/check c
	gcovr --root . --filter core/ --exclude core/proc/spawn/ --fail-under-line 90 $(BUILD)/cover

bench: all $(BENCHES) ## the measures, each as a ratio, as a table
	scripts/bench

# --- installing ----------------------------------------------------------------------------------

SHARE := $(DESTDIR)$(PREFIX)/share/benchrun
install: all ## into PREFIX (/usr/local); DESTDIR is honoured
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/benchrun
	install -D -m 755 $(SPAWN) $(DESTDIR)$(PREFIX)/libexec/benchrun/benchrun-spawn
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/benchrun $(PLUGIN_SO)
	rm -rf $(SHARE)
	mkdir -p $(SHARE)
	cp -R lua configs $(SHARE)
	$(PROGRAM) script scripts/compile-lua.lua $(SHARE)/bytecode $(SHARE)/lua $(abspath $(PREFIX))/share/benchrun/lua
	install -D -m 644 README.md $(DESTDIR)$(PREFIX)/share/doc/benchrun/README.md
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/benchrun/LICENSE

uninstall: ## what install put there
	rm -rf $(DESTDIR)$(PREFIX)/bin/benchrun $(DESTDIR)$(PREFIX)/libexec/benchrun \
	  $(DESTDIR)$(PREFIX)/lib/benchrun $(SHARE) \
	  $(DESTDIR)$(PREFIX)/share/doc/benchrun

clean: ## all that was built
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

-include $(shell find $(BUILD)/core $(BUILD)/gen $(BUILD)/tests -name '*.d' 2>/dev/null)
