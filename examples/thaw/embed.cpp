// SPDX-License-Identifier: Apache-2.0
// thaw embed: a vector of each text, picture or sound, as rows of a .npy file.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "examples/number_options.h"
#include "examples/standard_streams.h"
#include "examples/thaw/adapter_arguments.h"
#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/output_file.h"
#include "examples/thaw/task_arguments.h"
#include "models/data/table.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/embed/text_embedder.h"
#include "models/tasks/pairs/side_vectors.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/npy.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model, device, output;
  std::string file = "-", format, text_column = "text", of = "texts", file_column;
  int64_t batch_size = 32, max_length = 0;
  EmbedOptions how;
  AdapterArguments adapter;
};

PredictionRequest request_of(const Arguments& a) {
  PredictionRequest request{.file = a.file};
  if (a.file == "-") request.stream = &std::cin;
  if (!a.format.empty()) request.format = table_format_named(a.format);
  return request;
}

TableReader open_texts(const Arguments& a) {
  return open_rows(request_of(a), {.columns = {a.text_column}, .list_separator = "", .text_columns = {a.text_column}},
                   TaskArguments::option_names());
}

void refuse(const CLI::App& command, const std::vector<const char*>& options, const char* why) {
  for (const char* option : options)
    if (command.count(option) > 0) throw CLI::ValidationError(option, why);
}

// Of one side of pairs.
void embed_side(const Arguments& a) {
  SideVectorOptions how{.side = a.of == "texts" ? PairSide::texts : PairSide::files,
                        .device = open_device(a.device),
                        .max_length = a.max_length,
                        .file_column = a.file_column,
                        .text_column = a.text_column};
  SideVectors vectors(a.model, how, request_of(a), TaskArguments::option_names());
  for (const std::string& note : vectors.report().notes) fmt::print(stderr, "note: {}\n", note);
  NpyWriter writer(a.output, vectors.width());
  for (std::vector<float> some = vectors.next(a.batch_size); !some.empty(); some = vectors.next(a.batch_size))
    writer.write(some);
  writer.commit();
  for (const std::string& line : vectors.notes()) fmt::print(stderr, "note: {}\n", line);
  fmt::print("{}: {} of {}\n", a.output, counted(writer.rows(), "row"), counted(vectors.width(), "number"));
}

void embed(const Arguments& a) {
  TextEmbedder model(a.model, {.device = open_device(a.device), .max_length = a.max_length, .trained = true}, a.how);
  for (const std::string& note : model.report().notes) fmt::print(stderr, "note: {}\n", note);
  TableReader reader = open_texts(a);
  NpyWriter writer(a.output, model.width());
  CutCount cut;
  for (bool more = true; more;) {
    std::vector<Encoding> texts;
    std::vector<std::string> places;
    TableRow row;
    while (static_cast<int64_t>(texts.size()) < a.batch_size && (more = reader.next(row))) {
      places.push_back(reader.where(row));
      texts.push_back(model.encoder().encode_row(row.cells[0], {}, places.back()));
      cut.add(static_cast<int64_t>(texts.back().cut));
    }
    if (texts.empty()) break;
    std::vector<const Encoding*> batch;
    for (const Encoding& text : texts) batch.push_back(&text);
    const std::vector<float> vectors = model.embed(batch);
    const auto bad = std::ranges::find_if_not(vectors, [](float x) { return std::isfinite(x); });
    if (bad != vectors.end()) fail_of_overflow(places[static_cast<size_t>((bad - vectors.begin()) / model.width())]);
    writer.write(vectors);
  }
  writer.commit();
  if (const std::string line = cut.to_text(); !line.empty()) fmt::print(stderr, "note: {}\n", line);
  fmt::print("{}: {} of {}\n", a.output, counted(writer.rows(), "row"), counted(model.width(), "number"));
}

}  // namespace

void add_embed(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("embed", "a vector of each text, picture or sound, as rows of a .npy file");
  command->add_option("--model", a->model, "directory of an encoder: of `thaw finetune`, sentence-transformers, ...")
      ->required()
      ->type_name("DIR");
  a->adapter.add_option(*command);
  command
      ->add_option("file", a->file, "texts: .tsv, .csv, .jsonl, or .txt with one text a line; - is the standard input")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_option("--output", a->output, "file to write: f32 numbers, a row a text, in the order of the texts")
      ->required()
      ->type_name("FILE.npy");
  command->add_option("--text-column", a->text_column, "column of the text")->capture_default_str();
  add_word(*command, "--of", a->of, {"texts", "files"},
           "of a model of pairs: texts (the default), or the pictures or sounds of a table, a list of paths, a folder");
  command->add_option("--file-column", a->file_column,
                      "with --of files: column of their paths (default: image, audio)");
  add_word(*command, "--pooling", a->how.pooling, {"mean", "first"},
           "the mean of a text's last states, or that of its first token (default: as the model's "
           "1_Pooling/config.json says, else mean)");
  add_word(*command, "--normalize", a->how.normalize, {"true", "false"},
           "vectors of unit length (default: as the model's modules.json says, else true)");
  add_number(*command, "--max-length,--max-seq-length", a->max_length, {.least = 2, .most = 1'000'000},
             "cut texts to so many tokens (default: as the model's files say, at most 512)");
  add_word(*command, "--format", a->format, {"lines", "tsv", "csv", "jsonl"},
           "of the texts (default: by the file's name; of the standard input: lines)");
  add_number(*command, "--batch-size", a->batch_size, {.least = 1, .most = 1'000'000}, "texts computed at once")
      ->default_str(fmt::format("{}", a->batch_size));
  command
      ->add_option("--device", a->device,
                   "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  command->footer(
      "The file appears whole or not at all; rows are written as they are computed. A model is trained to embed by\n"
      "`thaw finetune --task embed`, on pairs of texts. With vectors of unit length a dot product is a cosine.\n\n"
      "Examples:\n"
      "  thaw embed --model data/minilm texts.txt --output texts.npy\n"
      "  zcat titles.jsonl.gz | thaw embed --model runs/pairs --format jsonl --text-column title --output titles.npy\n"
      "  thaw embed --model runs/clip --of files pictures --output pictures.npy\n"
      "  python3 -c \"import numpy; x = numpy.load('texts.npy'); print(x @ x.T)\"");
  command->callback([a, command] {
    check_output_files(*command, {{"--output", ".npy"}});
    a->model = a->adapter.directory(a->model);
    if (holds_pairs(a->model)) {
      refuse(*command, {"--pooling", "--normalize"}, "is not for a model of pairs");
      if (a->of == "texts") refuse(*command, {"--file-column"}, "is for --of files");
      if (a->of == "files") refuse(*command, {"--text-column", "--max-length"}, "is for texts, not for --of files");
      return embed_side(*a);
    }
    refuse(*command, {"--of", "--file-column"}, "is for a model of pairs");
    embed(*a);
  });
}

}  // namespace thaw
