// SPDX-License-Identifier: Apache-2.0
// Compares the times of files.
#include "examples/thaw/newer_files.h"

#include <fmt/format.h>

#include <cstddef>
#include <set>
#include <system_error>
#include <vector>

#include "tensor/quote.h"

namespace thaw {

namespace fs = std::filesystem;

std::string newer_files(const RunExamples& examples, const DataArguments& data, const fs::path& checkpoint) {
  constexpr size_t most_names = 3;
  std::error_code error;
  const fs::file_time_type written = fs::last_write_time(checkpoint, error);
  if (error) return {};
  std::set<std::string> files;
  for (const DataSplit& split : data.splits()) files.insert(split.file);
  for (const Examples* of : {examples.train.get(), examples.validation.get()})
    if (of)
      for (std::string& file : of->files()) files.insert(std::move(file));
  std::vector<std::string> newer;
  for (const std::string& file : files)
    if (const fs::file_time_type time = fs::last_write_time(file, error); !error && time > written)
      newer.push_back(one_line(file));
  std::string text;
  for (size_t i = 0; i < newer.size() && i < most_names; ++i) text += (i > 0 ? ", " : "") + newer[i];
  if (newer.size() > most_names) text += fmt::format(" and {} more", newer.size() - most_names);
  return text;
}

}  // namespace thaw
