// SPDX-License-Identifier: Apache-2.0
// A model of speech and texts of two small ones: how it begins, is trained, kept and found again.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/ast/classification.h"
#include "models/audio/sound.h"
#include "models/bert/bert.h"
#include "models/hub/save_pretrained.h"
#include "models/pair_start.h"
#include "models/tasks/parallel_parts.h"
#include "models/tasks/task_table.h"
#include "models/whisper/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/scope.h"
#include "tensor/dry_device.h"
#include "tests/error_of.h"
#include "tests/models/small_ast.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_sounds.h"
#include "tests/models/small_whisper.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// As a model from scratch has it, so that things are told apart by it.
template <typename Model>
void write_from_scratch(const std::string& directory, const typename Model::Config& config) {
  ParameterStore store(Device::open("reference"), DType::f32, 7);
  const Model model(Scope(store), config);
  save_pretrained(directory, config.to_json(Model::architecture), store);
  write_small_vocabulary(directory);
}

struct Started {
  ScratchFolder folder;
  std::string file;

  explicit Started(double dropout = 0) {
    WhisperConfig whisper = small_whisper_config();
    BertConfig bert = small_bert_config();
    whisper.init_std = bert.initializer_range = 0.3;
    whisper.dropout = whisper.attention_dropout = dropout;
    write_from_scratch<WhisperForAudioClassification>(folder / "hears", whisper);
    write_from_scratch<Bert>(folder / "reads", bert);
    std::filesystem::create_directory(folder / "model");
    write_speech_text(folder / "model", {.sounds = folder / "hears", .texts = folder / "reads", .projection_size = 6},
                      Device::open("reference"), 3);
    for (int i = 0; i < 4; ++i)
      folder.write(fmt::format("{}.wav", i), tone_bytes(300.0 + 250 * i, 1000 + 300 * i, 16'000));
    file = folder.write("t.tsv", "audio\ttext\n0.wav\tthe cat\n1.wav\tbad film\n2.wav\tthe dog sat\n3.wav\tgood\n")
               .string();
  }
  std::string error() const {
    return error_of<std::runtime_error>(
        [&] { make_task("speech-text")->open(folder / "model", {.device = Device::open("reference")}); });
  }
};

struct Opened {
  std::unique_ptr<Task> task = make_task("speech-text");
  std::unique_ptr<TaskModel> model;
  std::unique_ptr<Examples> examples;

  explicit Opened(const std::string& directory, const std::string& file)
      : model(task->open(directory, {.device = Device::open("reference")})), examples(model->read(file)) {}
  std::vector<int64_t> all() const {
    std::vector<int64_t> numbers(static_cast<size_t>(examples->size()));
    std::iota(numbers.begin(), numbers.end(), int64_t{0});
    return numbers;
  }
  std::vector<float> train(int64_t steps) {
    const TrainingMode training(model->store().mode());
    AdamW optimizer(model->store(), {});
    std::vector<float> losses;
    for (int64_t step = 0; step < steps; ++step) {
      const Variable loss = examples->loss(all(), 4);
      losses.push_back(loss.item());
      backward(loss);
      optimizer.step(1e-2);
      optimizer.clear_gradients();
      model->after_step();
    }
    return losses;
  }
};

}  // namespace

TEST_CASE("speech-text: projections alone are trained and saved; the two models stay where they are") {
  if (!reads_sounds()) return;
  const Started started;
  CHECK(task_of_directory(started.folder / "model") == "speech-text");
  Opened opened(started.folder / "model", started.file);
  CHECK(opened.model->store().all().size() == 3);
  const std::vector<float> losses = opened.train(150);
  CHECK(losses.back() < 0.8F * losses.front());
  opened.model->save(started.folder / "saved");
  CHECK(std::filesystem::file_size(started.folder / "saved/model.safetensors") < 4096);
  CHECK_FALSE(std::filesystem::exists(started.folder / "saved/vocab.txt"));
  const Opened again(started.folder / "saved", started.file);
  CHECK(again.model->report().initialised.empty());
  CHECK(again.examples->outputs(again.all()) == opened.examples->outputs(opened.all()));
}

TEST_CASE("speech-text: a frozen projection reads nothing of the other one") {
  if (!reads_sounds()) return;
  const Started started;
  for (const char* frozen : {"text_projection.*", "audio_projection.*", "logit_scale"}) {
    const Opened opened(started.folder / "model", started.file);
    const FreezeReport report = FreezeMask::all_trained().freeze(frozen).apply(opened.model->store());
    CHECK(report.frozen > 0);
    CHECK(frozen_above_trained(report, parallel_parts(*opened.model)).empty());
  }
}

TEST_CASE("speech-text: what is kept of both towers gives the bits of a training that keeps nothing") {
  if (!reads_sounds()) return;
  const Started started(0.1);
  std::vector<float> losses[2];
  for (const bool kept : {false, true}) {
    Opened opened(started.folder / "model", started.file);
    const KeptTexts told = opened.examples->keep_frozen({.bytes = kept ? 1 << 20 : 0, .passes = 8});
    CHECK(told.texts == 8);
    CHECK(told.one == "thing");  // not a pair: they are twice as many
    CHECK(told.kept == (kept ? 8 : 0));
    if (kept) CHECK(told.bytes == 4 * (4 * 16 + 4 * 16));  // a row of 16 numbers a thing
    losses[kept] = opened.train(6);
  }
  CHECK(losses[0] == losses[1]);
}

TEST_CASE("speech-text: vectors are projected means of the last hidden states, whatever lies beside") {
  if (!reads_sounds()) return;
  const Started started;
  const Opened opened(started.folder / "model", started.file);
  const std::vector<float> all = opened.examples->outputs(opened.all());
  const std::vector<float> one = opened.examples->outputs(std::vector<int64_t>{2});
  constexpr size_t width = 6, count = 4;
  for (size_t i = 0; i < width; ++i) {
    CHECK(one[i] == doctest::Approx(all[2 * width + i]).epsilon(1e-5));
    CHECK(one[width + i] == doctest::Approx(all[(count + 2) * width + i]).epsilon(1e-5));
  }
  const Metrics found = opened.examples->evaluate()->metrics();
  CHECK(found.contains("audio_to_text_recall_at_1"));
  CHECK(found.at("loss") == doctest::Approx(opened.examples->loss(opened.all(), 4).item()));
}

TEST_CASE("speech-text: sounds that are heard in part are told of") {
  if (!reads_sounds()) return;
  const Started started;
  started.folder.write("hears/preprocessor_config.json",
                       R"({"feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 5,
                           "hop_length": 800, "chunk_length": 1})");
  started.folder.write("3.wav", tone_bytes(300, 20'000, 16'000));
  CHECK(Opened(started.folder / "model", started.file).examples->notes() ==
        std::vector{started.file + ": 1 of 4 sounds is longer than the 1 s that the model hears: the rest is cut off"});
}

TEST_CASE("speech-text: it is planned without computing") {
  if (!reads_sounds()) return;
  const Started started;
  const Opened opened(started.folder / "model", started.file);
  const DryDevice dry;
  const auto planned = opened.model->on_dry_device(dry.device());
  const auto examples = opened.examples->read_by(*planned);
  CHECK(examples->loss(opened.all(), 4).value().shape() == Shape{});
  CHECK(planned->longest(3)->size() == 3);
}

TEST_CASE("speech-text: a model that is not where it was, or another one, is told by its key") {
  const Started started;
  if (!reads_sounds()) return;
  CHECK(started.error() == "no error");
  std::filesystem::rename(started.folder / "reads", started.folder / "moved");
  CHECK(started.error().find("model/config.json: text_model.path: ") != std::string::npos);
  std::filesystem::rename(started.folder / "moved", started.folder / "reads");
  BertConfig other = small_bert_config();
  other.num_hidden_layers = 2;
  write_small_model<Bert>(started.folder / "reads", other, 8);
  CHECK(started.error().find("model/config.json: text_model.sha256: the weights have the SHA-256 ") !=
        std::string::npos);
}

TEST_CASE("speech-text: what cannot be its parts is refused when it begins") {
  const Started started;
  const auto error_with = [&](const std::string& sounds, const std::string& texts) {
    return error_of<std::runtime_error>([&] {
      write_speech_text(started.folder / "model", {.sounds = started.folder / sounds, .texts = started.folder / texts},
                        Device::open("reference"), 3);
    });
  };
  CHECK(error_with("reads", "reads").find("read texts, not sounds") != std::string::npos);
  CHECK(error_with("hears", "hears").find("read sounds, not texts") != std::string::npos);
  CHECK(error_with("none", "reads").find("none") != std::string::npos);
  ASTConfig ast = small_ast_config();
  write_small_model<ASTForAudioClassification>(started.folder / "ast", ast, 9);
  CHECK(error_with("ast", "reads").find("ast: a model of sounds whose body can be read alone is needed") !=
        std::string::npos);
}
