// SPDX-License-Identifier: Apache-2.0
// thaw import: a model of another library's format as a Hugging Face directory.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "examples/number_options.h"
#include "examples/thaw/commands.h"
#include "models/whisper/import.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

struct Format {
  const char* name;
  const char* of;  // which files
  ImportedModel (*convert)(const std::string& path, const std::string& directory);
};
constexpr Format formats[] = {
    {"whisper", "model.bin of a Whisper, as CTranslate2 (faster-whisper) has it", import_whisper},
};

std::vector<std::string> names() {
  std::vector<std::string> all;
  std::ranges::transform(formats, std::back_inserter(all), &Format::name);
  return all;
}

std::string list() {
  std::string lines;
  for (const Format& format : formats) lines += fmt::format("  {:<10} {}\n", format.name, format.of);
  return lines;
}

struct Arguments {
  std::string format, file, directory;
};

void convert(const Arguments& a) {
  const Format& format = *std::ranges::find(formats, a.format, &Format::name);
  const ImportedModel made = format.convert(a.file, a.directory);
  fmt::print("{}: {}, {}, {}, {}\n", a.directory, made.architecture, counted(made.tensors, "tensor"),
             counted(made.numbers, "parameter"), made.dtype);
}

}  // namespace

void add_import(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("import", "read a model in another library's format");
  add_word(*command, "format", a->format, names(), "what it is")->required();
  command->add_option("file", a->file, "the file with its weights")->required()->type_name("FILE");
  command->add_option("directory", a->directory, "where the model goes: a new directory")->required()->type_name("DIR");
  command->footer(
      fmt::format("Formats:\n{}\n"
                  "Numbers keep their type; names and files are the reference library's.\n\n"
                  "Example (examples/fetch_whisper.sh fetches the file):\n"
                  "  thaw import whisper data/whisper_ctranslate2/model.bin data/whisper",
                  list()));
  command->callback([a] { convert(*a); });
}

}  // namespace thaw
