// SPDX-License-Identifier: Apache-2.0
// Which files of a run's data were written since a checkpoint was: a checksum of all data does not tell what differs.
#pragma once

#include <filesystem>
#include <string>

#include "examples/thaw/arguments.h"
#include "examples/thaw/run_examples.h"

namespace thaw {

// "a.png, b.png and 3 more": tables, and the pictures or sounds that they name; empty: none is newer.
std::string newer_files(const RunExamples& examples, const DataArguments& data,
                        const std::filesystem::path& checkpoint);

}  // namespace thaw
