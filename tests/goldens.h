// SPDX-License-Identifier: Apache-2.0
// Where the golden files are: models and tokenizers with the outputs that the reference libraries computed for them.
#pragma once

#include <filesystem>
#include <string>

namespace thaw {

// The folder of goldens: THAW_GOLDENS if set, else shared/goldens beside the source tree, else tests/goldens in it.
std::filesystem::path golden_dir();

// True if the golden `name` is there; else prints "skipped: golden NAME is not in DIR" once and returns false.
bool has_golden(const std::string& name);

}  // namespace thaw
