// SPDX-License-Identifier: Apache-2.0
// thaw init of a model of pairs, which begins with what two models have learnt.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "models/pair_start.h"

namespace thaw {

// The group of its options.
constexpr const char* pair_start_group = "Of a model of pairs, which two models become";

// --type of such models.
std::vector<std::string> pair_start_types();
bool is_pair_start(const std::string& type);
// CLI::ValidationError: a directory is not given, or one of another type is.
void check_pair_start(const std::string& type, const PairStart& parts);

void add_pair_start_options(CLI::App& command, PairStart& parts);

// Writes the directory, which must not be there, and tells of it.
void init_pair_start(const std::string& type, const std::string& output_dir, const PairStart& parts,
                     const std::string& device, uint64_t seed);

}  // namespace thaw
