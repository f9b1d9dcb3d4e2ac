// SPDX-License-Identifier: Apache-2.0
// Looks at paths.
#include "examples/thaw/output_file.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "examples/thaw/adapter_arguments.h"
#include "tensor/check.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

// Ends of the names of what a model's directory consists of; reports and vectors may lie beside it.
constexpr const char* ends_of_model_files[] = {
    ".safetensors",
    ".bin",
    ".txt",
    ".model",
    ".jsonl",
    "config.json",
    "config_sentence_transformers.json",
    ".index.json",
    "modules.json",
    "tokenizer.json",
    "tokens.json",
    "_map.json",
    "vocab.json",
    "thaw_task.json",
    "_results.json",
    "curves.svg",
};

void check_place(const std::string& option, const std::string& file) {
  std::error_code ignored;
  const fs::path path = fs::absolute(file);
  if (fs::is_directory(path, ignored)) fail("{} {}: is a directory, not a file", option, file);
  if (!fs::is_directory(path.parent_path(), ignored))
    fail("{} {}: {} is not a directory", option, file, path.parent_path().string());
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored))
    fail("{} {}: is not a regular file", option, file);
}

void check_kind(const std::string& option, const std::string& file, const std::string& ending) {
  std::error_code ignored;
  if (fs::exists(file, ignored) && !file.ends_with(ending))
    fail("{} {}: is there, and no {} file by its name: it would be overwritten", option, file, ending);
}

bool are_same(const std::string& one, const std::string& other) {
  std::error_code ignored;
  if (fs::exists(one, ignored)) return fs::equivalent(one, other, ignored);
  return fs::weakly_canonical(one, ignored) == fs::weakly_canonical(other, ignored);
}

// What the command reads or writes by an option; empty: no file.
std::vector<std::string> files_of(const CLI::Option& option) {
  const bool is_stream =
      option.get_positional() && (option.count() == 0 || option.results() == std::vector<std::string>{"-"});
  if (is_stream) return {"/dev/stdin"};
  return option.count() > 0 && option.get_items_expected_max() > 0 ? option.results() : std::vector<std::string>{};
}

void check_model(const std::string& option, const std::string& file, const std::string& of,
                 const std::string& directory) {
  std::error_code ignored;
  const fs::path model = fs::canonical(directory, ignored), name = fs::path(file).filename();
  if (ignored) return;
  // By its own name, and by that of what it is a link to.
  for (const fs::path& path :
       {fs::canonical(fs::absolute(file).parent_path(), ignored) / name, fs::weakly_canonical(file, ignored)}) {
    const bool is_below = std::ranges::mismatch(model, path).in1 == model.end();
    const bool is_of_model = std::ranges::any_of(
        ends_of_model_files, [&](const char* end) { return path.filename().string().ends_with(end); });
    if (!is_below || !is_of_model) continue;
    const char* what = fs::exists(path, ignored) ? "would be overwritten" : "could be meant by this name";
    fail("{} {}: a file of {} {} {}", option, file, of, directory, what);
  }
}

}  // namespace

void check_output_files(const CLI::App& command, const std::vector<OutputOption>& options) {
  for (const auto& [name, ending] : options) {
    if (command.count(name) == 0) continue;
    const std::string file = command.get_option(name)->results().back();
    check_place(name, file);
    for (const CLI::Option* other : command.get_options()) {
      if (other->check_name(name)) continue;
      const bool is_output =
          std::ranges::any_of(options, [&](const OutputOption& output) { return other->check_name(output.name); });
      for (const std::string& path : files_of(*other)) {
        std::error_code ignored;
        if (!is_output && !fs::exists(path, ignored)) continue;
        if (are_same(path, file))
          fail("{} {}: is {}, too: it would be overwritten", name, file,
               path == "/dev/stdin" ? "the standard input" : other->get_name());
      }
      if (other->check_name("--model"))
        for (const std::string& given : other->results()) check_model(name, file, "--model", given);
      if (other->check_name("--adapter"))
        for (const std::string& given : other->results())
          check_model(name, file, "--adapter", adapter_directory(given));
    }
    check_kind(name, file, ending);
  }
}

}  // namespace thaw
