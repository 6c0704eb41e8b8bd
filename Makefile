# The verbs of the project. Each is a line or two; what they do lives in tools/ and in CMake.
.PHONY: run build test bench check install deb clean full

# Root installs for everybody, anybody else for themselves.
PREFIX ?= $(shell if [ "$$(id -u)" = 0 ]; then echo /usr/local; else echo $$HOME/.local; fi)
ARGS ?=

# The service in the foreground; the embedded demo provider answers where nothing is configured.
run: build
	exec build/release/ccr start $(ARGS)

# The release binary: build/release/ccr
build:
	@tools/setup run
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target ccr

# Unit, architecture and end-to-end tests; the last line is the total.
test:
	@tools/setup test
	@tools/test

# Direct, nginx, ccr and the reference side by side, about a quarter of an hour, and the micro-benchmarks; ARGS="table" runs a part.
# What is measured is what is packaged, built first.
bench:
	@tools/setup test
	@tools/bench $(ARGS)

# Format, tidy, lengths, include ranks, build, then `make test`.
check:
	@tools/setup test
	@tools/check

install: build
	install -D -m 755 build/release/ccr "$(DESTDIR)$(PREFIX)/bin/ccr"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/ccr"

# A Debian package of a build guided by a profile: build/package/ccr_VERSION_ARCHITECTURE.deb
deb:
	@tools/setup package
	@tools/build-profiled
	@cmake --build --preset package --target package_files
	cd build/package && cpack --config CPackConfig.cmake

# What takes too long for every change; the result is kept in docs/full-run.md.
full:
	@tools/setup full
	@tools/full

clean:
	rm -rf build

