#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Starts the program of this name in bin/ with the libraries of lib/. Those of the compiler (lib/compiler) only where
# the machine has none, or older ones: its Vulkan drivers are made for its own.
here=$(dirname "$(readlink -f "$0")")
libraries=$here/lib
LD_LIBRARY_PATH=$libraries "$here/bin/thaw" --version > /dev/null 2>&1 || libraries=$libraries:$here/lib/compiler
LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
THAW_SOURCE=$here/source
export LD_LIBRARY_PATH THAW_SOURCE
exec "$here/bin/$(basename "$0")" "$@"
