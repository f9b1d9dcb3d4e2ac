// SPDX-License-Identifier: Apache-2.0
// Reads pictures, named one by one or in a file, and writes them as one.
#include "examples/data/contact_sheet_command.h"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "examples/data/contact_sheet.h"
#include "examples/data/file_set.h"
#include "models/data/line_reader.h"
#include "models/image/picture_file.h"
#include "tensor/check.h"

namespace thaw {
namespace {

struct Options {
  std::filesystem::path output, list;
  std::vector<std::string> files;
  SheetLayout layout;
};

// A path a line, relative to the list's folder; empty lines are passed over.
std::vector<std::string> listed_files(const std::filesystem::path& list) {
  std::vector<std::string> files;
  LineReader lines(list);
  for (std::string line; lines.next(line);)
    if (!line.empty()) files.push_back((list.parent_path() / line).string());
  if (files.empty()) fail("{}: names no picture", list.string());
  return files;
}

void write_contact_sheet(const Options& o) {
  const std::vector<std::string> files = o.list.empty() ? o.files : listed_files(o.list);
  if (std::ssize(files) > most_sheet_pictures)
    fail("{}: {} pictures are more than the {} that one shows", o.output.string(), files.size(), most_sheet_pictures);
  std::vector<Picture> pictures;
  for (const std::string& file : files) pictures.push_back(read_picture(file));
  FileSet set;
  set.add(o.output, png_bytes(contact_sheet(pictures, o.layout), o.output.string()));
  set.commit();
}

}  // namespace

void add_contact_sheet_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("contact-sheet", "many pictures side by side, as one PNG file");
  command->add_option("output", options->output, "the PNG file")->required();
  CLI::Option* files = command->add_option("files", options->files, "pictures, from left to right, row by row");
  CLI::Option* list = command->add_option("--list", options->list,
                                          "file that names the pictures in their place, a path a line, relative to it");
  list->excludes(files);
  command->add_option("--columns", options->layout.columns, "pictures in a row")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--scale", options->layout.scale, "each pixel is a square of so many on a side")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->callback([options, files, list] {
    if (files->count() + list->count() == 0) throw CLI::RequiredError("FILES or --list");
    write_contact_sheet(*options);
  });
}

}  // namespace thaw
