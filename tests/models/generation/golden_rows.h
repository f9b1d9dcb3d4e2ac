// SPDX-License-Identifier: Apache-2.0
// The decodings of a golden folder (gen.*): batch 0 or its one prompt, 14 new tokens at most.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "models/generation/decoder.h"
#include "tests/models/golden_case.h"

namespace thaw {

// Checks every decoding that the folder has, all prompts together and each alone. open: a decoder for these of the
// folder's prompts, by number.
void check_golden_rows(const GoldenCase& golden, const std::vector<std::vector<int32_t>>& prompts,
                       const std::function<std::unique_ptr<Decoder>(const std::vector<size_t>& numbers)>& open);

}  // namespace thaw
