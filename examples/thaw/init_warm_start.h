// SPDX-License-Identifier: Apache-2.0
// thaw init of an encoder-decoder, which begins with what two BERTs have learnt.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <string>

#include "models/warm_start.h"

namespace thaw {

constexpr const char* warm_start_type = "encoder-decoder";

// The group of its options.
constexpr const char* warm_start_group = "Of an encoder-decoder, which two BERTs become";

void add_warm_start_options(CLI::App& command, WarmStart& parts);

// Writes the directory, which must not be there, and tells of it.
void init_warm_start(const std::string& output_dir, WarmStart parts, const std::string& device, uint64_t seed);

}  // namespace thaw
