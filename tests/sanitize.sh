#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test in a build with clang's sanitizers: usage: tests/sanitize.sh address|thread|fuzz [OPTION OF run.sh]...
#   address   memory errors and undefined behaviour, in build-address
#   thread    races, in build-thread: without Vulkan, whose drivers have threads that the sanitizer does not see into
# "fuzz" only makes what tests/fuzz/run.sh needs of build-address.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/.."  # tests/fuzz/run.sh sources this
kind=${1:?"usage: tests/sanitize.sh address|thread [OPTION OF run.sh]..."}
shift
. examples/setup.sh
thaw_install build vulkan test data sanitize
case $kind in
  address | fuzz)
    THAW_BUILD=$PWD/build-address options=(-Db_sanitize=address,undefined -Dfuzz=true)
    # A test asks for more memory than there is, which is not an error. The many small stacks of a software Vulkan
    # driver, kept in the default quarantine, would take all memory.
    export ASAN_OPTIONS=allocator_may_return_null=1:quarantine_size_mb=2
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    ;;
  thread)
    THAW_BUILD=$PWD/build-thread options=(-Db_sanitize=thread -Dvulkan=disabled)
    # libraries that were built without it (OpenMP, oneDNN, OpenBLAS) give false alarms
    export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1:allocator_may_return_null=1
    ;;
  *) echo "sanitize.sh: unknown kind $kind" >&2; exit 2 ;;
esac
export THAW_BUILD THAW_SANITIZER=$kind
if [ ! -f "$THAW_BUILD/build.ninja" ]; then
  CXX=clang++ meson setup "$THAW_BUILD" . -Dtests=enabled -Doptimization=1 -Db_lundef=false "${options[@]}" > /dev/null
fi
[ "$kind" = fuzz ] || exec bash tests/run.sh --no-install "$@"
