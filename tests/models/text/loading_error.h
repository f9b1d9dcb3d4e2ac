// SPDX-License-Identifier: Apache-2.0
// What the tests of damaged tokenizer directories share.
#pragma once

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "models/text/tokenizer.h"
#include "tests/scratch_folder.h"

namespace thaw {

// The error of opening a directory with these files, without the directory's path; empty if it opens.
inline std::string loading_error(const std::vector<ProcessorFile>& files) {
  const ScratchFolder scratch;
  const std::string folder = scratch.path().string();
  for (const ProcessorFile& file : files) scratch.write(file.name, file.content);
  try {
    load_tokenizer(folder);
    return "";
  } catch (const std::runtime_error& error) {
    const std::string text = error.what();
    REQUIRE(text.find('\n') == std::string::npos);
    REQUIRE(text.size() < 600);
    REQUIRE(text.starts_with(folder));
    return text.substr(folder.size());
  }
}

// `text` with `to` in place of `from`, which must be in it.
inline std::string changed_text(const std::string& text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.substr(0, at) + to + text.substr(at + from.size());
}

}  // namespace thaw
