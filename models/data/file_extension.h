// SPDX-License-Identifier: Apache-2.0
// The ending of a file's name that says what the file holds.
#pragma once

#include <filesystem>
#include <string>

namespace thaw {

// ".tsv" of train.tsv, TRAIN.TSV and train.tsv.gz: in small letters, without .gz.
std::string content_extension(const std::filesystem::path& path);

}  // namespace thaw
