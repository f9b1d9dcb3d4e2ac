// SPDX-License-Identifier: Apache-2.0
// Classes of sounds: from tables and folders, at any rate; learnt, saved, predicted; what is refused.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "models/ast/classification.h"
#include "models/audio/sound.h"
#include "models/tasks/task_table.h"
#include "models/tasks/unread_parameters.h"
#include "models/whisper/classification.h"
#include "nn/optim/adamw.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/small_ast.h"
#include "tests/models/small_sounds.h"
#include "tests/models/small_whisper.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

// Eight tones, high and low ones, at two rates, in a table and in folders of classes; an AST and a Whisper.
struct Tones {
  ScratchFolder folder;
  std::string table, folders;

  Tones() : table(folder / "table.tsv"), folders(folder / "classes") {
    std::string rows = "audio\tlabel\n";
    for (int i = 0; i < 8; ++i) {
      const bool high = i % 2 == 0;
      const int rate = i % 3 == 0 ? 8'000 : 16'000;
      const std::string bytes = tone_bytes((high ? 2000 : 300) + 40 * i, rate / 10, rate);
      const std::string name = fmt::format("{}.wav", i), label = high ? "high" : "low";
      folder.write("sounds/" + name, bytes);
      folder.write("classes/" + label + "/" + name, bytes);
      rows += "sounds/" + name + "\t" + label + "\n";
    }
    write_bytes(table, rows);
    ASTConfig ast = small_ast_config();
    WhisperConfig whisper = small_whisper_config();
    ast.labels = whisper.labels = {"high", "low"};
    write_small_model<ASTForAudioClassification>(folder / "ast", ast);
    write_small_model<WhisperForAudioClassification>(folder / "whisper", whisper);
  }
};

}  // namespace

TEST_CASE("sounds: AST and Whisper's encoder learn classes from a table, are saved and read again") {
  if (!reads_sounds()) return;
  const Tones data;
  for (const char* model_name : {"ast", "whisper"}) {
    INFO(model_name);
    const std::string directory = data.folder / model_name;
    const auto task = make_task(task_of_directory(directory));
    CHECK(task->name() == "audio-classification");
    task->look_at(directory, data.table);
    const auto model = task->open(directory, {});
    CHECK(model->report().initialised.empty());
    for (const std::string& name : unread_parameters(*model)) model->store().find(name).freeze();
    const auto examples = model->read(data.table);
    REQUIRE(examples->size() == 8);
    AdamW optimizer(model->store(), {});
    std::vector<int64_t> all(8);
    for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
    float first = 0, last = 0;
    for (int step = 0; step < 25; ++step) {
      examples->expect(all);
      const Variable loss = examples->loss(all, 8);
      last = loss.item();
      if (step == 0) first = last;
      backward(loss);
      optimizer.step(1e-2);
      optimizer.clear_gradients();
    }
    CHECK(last < first / 2);
    const std::string saved = data.folder / (std::string(model_name) + "_saved");
    model->save(saved);
    CHECK(fs::exists(saved + "/preprocessor_config.json"));
    const auto again = make_task("audio-classification")->open(saved, {.trained = true});
    CHECK(again->read(data.folders)->size() == 8);
    CHECK(again->read(data.table)->evaluate()->metrics() == examples->evaluate()->metrics());
    const auto predictor = again->predictor({.file = data.folder / "sounds/3.wav"});
    CHECK(predictor->header() == "label\tprobability\taudio\n");
    std::string line;
    REQUIRE(predictor->next(5, line));
    CHECK(line.ends_with("3.wav\n"));
  }
}

TEST_CASE("sounds: those that are heard in part are told once, in training and of predictions") {
  if (!reads_sounds()) return;
  const Tones data;
  data.folder.write("sounds/0.wav", tone_bytes(300, 20'000, 16'000));
  data.folder.write("sounds/1.wav", tone_bytes(300, 48'000, 16'000));
  WhisperConfig config = small_whisper_config();
  config.labels = {"high", "low"};
  config.max_source_positions = 60;  // 1.2 s, of which the features make 1 s
  write_small_model<WhisperForAudioClassification>(data.folder / "second", config);
  const auto told = [&](const std::string& seconds) {
    return fmt::format("2 of 8 sounds are longer than the {} s that the model hears: the rest is cut off", seconds);
  };
  const std::pair<std::string, std::string> models[] = {
      {"second", "1"}, {"ast", fmt::format("{:.6g}", static_cast<double>(small_ast_config().max_length) / 100)}};
  for (const auto& model_and_seconds : models) {
    const std::string &directory = model_and_seconds.first, &seconds = model_and_seconds.second;
    INFO(directory);
    const auto task = make_task("audio-classification");
    const auto model = task->open(data.folder / directory, {.trained = true});
    CHECK(model->read(data.table)->notes() == std::vector{data.table + ": " + told(seconds)});
    const auto predictor = model->predictor({.file = data.table});
    std::string lines;
    while (predictor->next(3, lines)) continue;
    CHECK(predictor->notes() == std::vector{told(seconds)});
  }
}

TEST_CASE("sounds: what is wrong is told by the row and the file") {
  if (!reads_sounds()) return;
  const Tones data;
  const auto error = [&](const std::string& model, const std::string& name, const std::string& bytes) {
    data.folder.write("sounds/" + name, bytes);
    const std::string file =
        data.folder.write("bad.tsv", "audio\tlabel\nsounds/1.wav\tlow\nsounds/" + name + "\thigh\n").string();
    const std::string said = error_of<std::runtime_error>([&] {
      const auto task = make_task("audio-classification");
      task->look_at(data.folder / model, file);
      task->open(data.folder / model, {})->read(file);
    });
    CHECK(said.find('\n') == std::string::npos);
    CHECK(said.starts_with(file + ":3: "));
    return said;
  };
  CHECK(error("ast", "none.txt.wav", "no sound").find("none.txt.wav: ") != std::string::npos);
  CHECK(error("ast", "short.wav", tone_bytes(300, 100, 16'000)).find("short.wav: ") != std::string::npos);
  data.folder.write("ast/preprocessor_config.json", R"({"image_processor_type": "ViTImageProcessor"})");
  CHECK(error_of<std::runtime_error>([&] {
          make_task("audio-classification")->open(data.folder / "ast", {});
        }).ends_with(R"(image_processor_type: this is "ViTImageProcessor", and the model needs ASTFeatureExtractor)"));
  CHECK(error("whisper", "long.wav", tone_bytes(300, 16'000, 16'000))
            .ends_with("long.wav: has 100 frames of 10 ms, and the model hears 24"));
}
