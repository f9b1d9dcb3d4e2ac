// SPDX-License-Identifier: Apache-2.0
// Compiled once for all sources that declare or read options. Nothing else belongs here: it would hide that one of them
// does not include what it uses.
#include <CLI/App.hpp>
