// SPDX-License-Identifier: Apache-2.0
// Words of a pronouncing dictionary and how they are said.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace thaw {

struct PronouncedWord {
  std::string word;
  std::vector<std::string> pronunciations;  // phones with spaces between, the first of the dictionary first
};

// Reads lines "word PHONE PHONE ...", further pronunciations of the same word as "word(2) ...", in CMU's format; words
// in the order of the file. std::runtime_error "FILE:LINE: ..." on a line without phones, and on a further
// pronunciation of a word that is not there.
std::vector<PronouncedWord> read_pronunciations(const std::filesystem::path& file);

// "rom's" -> "r o m ' s": a token a letter, whatever a tokenizer makes of words. The words are of ASCII letters and
// marks.
std::string spelt(const std::string& word);

}  // namespace thaw
