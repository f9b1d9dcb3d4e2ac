// SPDX-License-Identifier: Apache-2.0
// How a directory makes one vector of a text, in the files of sentence-transformers: modules.json and the folders that
// it names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace thaw {

enum class Pooling { mean, first };  // of the last hidden states: all of a text's, its first token's

struct SentenceSettings {
  Pooling pooling = Pooling::mean;
  bool normalize = true;   // to unit length
  int64_t max_length = 0;  // tokens; 0: the files set no limit
};

// Nothing if the directory has no modules.json. std::runtime_error, naming the file, on what is damaged, and on modules
// and poolings that thaw has not.
std::optional<SentenceSettings> read_sentence_settings(const std::string& directory);
// Into an existing directory. width: numbers of a vector.
void write_sentence_settings(const std::string& directory, const SentenceSettings& settings, int64_t width);

}  // namespace thaw
