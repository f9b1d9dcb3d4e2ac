// SPDX-License-Identifier: Apache-2.0
// The goldens of models of pictures and texts, opened and trained by the task.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/image/patch_embeddings.h"
#include "models/image/patches.h"
#include "models/input/row_source.h"
#include "models/tasks/pairs/examples.h"
#include "models/tasks/pairs/model.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"
#include "tests/models/tasks/golden_training.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

// The golden's directory with a vocabulary, and its batches as pairs.
struct Golden {
  GoldenCase golden;
  ScratchFolder folder;
  std::shared_ptr<PairPipeline> pairs;
  std::unique_ptr<PairTaskModel> model;
  std::unique_ptr<PairExamples> examples;
  std::vector<std::vector<int64_t>> batches;  // numbers of each batch's pairs

  explicit Golden(const std::string& name) : golden(golden_dir() / name) {
    for (const char* file : {"config.json", "model.safetensors"})
      std::filesystem::copy_file(golden.directory() + "/" + file, folder.path() / file);
    folder.write("tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
    pairs = std::make_shared<PairPipeline>(folder.path().string(), InputKind::pictures, TextPipelineOptions{});
    model = std::make_unique<PairTaskModel>(pairs, PairOptions{.file_column = "image"}, FieldNames{});
    auto data = std::make_shared<PairExamples::Data>();
    for (int64_t k = 0; golden.has(golden.input(k, "input_ids")); ++k) read(k, *data);
    data->file_numbers.resize(data->lengths.size());
    std::iota(data->file_numbers.begin(), data->file_numbers.end(), int64_t{0});
    data->text_numbers = data->file_numbers;
    examples = std::make_unique<PairExamples>(*pairs, std::move(data));
  }

 private:
  std::vector<Encoding> pictures(int64_t batch) const {
    const std::string name = golden.input(batch, "pixel_values");
    const std::vector<int64_t> sizes = golden.shape(name);
    const Shape picture{sizes.at(1), sizes.at(2), sizes.at(3)};
    const std::vector<double> numbers = golden.numbers(name);
    const std::vector<float> pixels(numbers.begin(), numbers.end());
    const PatchLimits limits = std::get<PatchLimits>(pairs->model().tower(PairSide::files).limits().files);
    std::vector<Encoding> encodings;
    for (size_t b = 0; b < static_cast<size_t>(sizes[0]); ++b) {
      const auto one =
          std::span(pixels).subspan(b * static_cast<size_t>(picture.numel()), static_cast<size_t>(picture.numel()));
      const PatchedArray cut = patches_of_picture(one, picture, limits.patch);
      encodings.push_back(encoding_of_patches(
          std::make_shared<RowsInMemory>(patch_numbers(cut), cut.grid(), limits.channels * limits.patch.numel())));
    }
    return encodings;
  }
  void read(int64_t batch, PairExamples::Data& data) {
    const PaddedText padded = golden.padded_text(batch);
    std::vector<int64_t>& numbers = batches.emplace_back();
    std::vector<Encoding> files = pictures(batch);
    REQUIRE(std::ssize(files) == padded.rows);
    for (int64_t b = 0; b < padded.rows; ++b) {
      Encoding text;
      for (int64_t s = 0; s < padded.columns; ++s) {
        const auto cell = static_cast<size_t>(b * padded.columns + s);
        if (!padded.mask.empty() && padded.mask[cell] == 0) continue;
        text.ids.push_back(padded.ids[cell]);
        text.type_ids.push_back(padded.type_ids.empty() ? 0 : padded.type_ids[cell]);
      }
      numbers.push_back(std::ssize(data.lengths));
      data.lengths.push_back(static_cast<int64_t>(text.size() + files[static_cast<size_t>(b)].size()));
      data.files.add(std::move(files[static_cast<size_t>(b)]), b + 1);
      data.texts.add(std::move(text), b + 1);
    }
  }
};

void check_numbers(const Golden& g, int64_t batch, const char* name, const Variable& got, double tolerance) {
  const std::string tensor = fmt::format("out.{}.{}", batch, name);
  INFO(tensor);
  const std::vector<double> expected = g.golden.numbers(tensor), values = got.value().to_host<double>();
  REQUIRE(expected.size() == values.size());
  double most = 0, apart = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    most = std::max(most, std::abs(expected[i]));
    apart = std::max(apart, std::abs(expected[i] - values[i]));
  }
  CHECK(apart <= tolerance * most);
}

}  // namespace

TEST_CASE("pairs: the goldens' vectors, logits and losses through the task") {
  for (const char* name : {"clip", "clip_eos2", "vision_text"}) {
    if (!has_golden(name)) continue;
    INFO(name);
    const Golden g(name);
    for (size_t k = 0; k < g.batches.size(); ++k) {
      const auto batch = static_cast<int64_t>(k);
      const Json trace = g.golden.trace();
      const std::string out = fmt::format("out.{}.", k);
      if (!g.golden.has(out + "logits_per_image")) continue;
      const std::vector<float> both = g.examples->outputs(g.batches[k]);
      const int64_t pairs = std::ssize(g.batches[k]), width = g.pairs->width();
      const Tensor all = Tensor::from_host(both, {2 * pairs, width}, Device::from_environment());
      const Variable images(all.slice(0, 0, pairs)), words(all.slice(0, pairs, 2 * pairs));
      check_numbers(g, batch, "image_embeds", images, 1e-5);
      check_numbers(g, batch, "text_embeds", words, 1e-5);
      check_numbers(g, batch, "logits_per_image", g.pairs->model().logits(images, words), 1e-5);
      if (g.golden.has(out + "loss")) {
        const double expected = g.golden.numbers(out + "loss")[0];
        const double count = static_cast<double>(pairs);
        CHECK(g.examples->loss(g.batches[k], count).item() == doctest::Approx(expected).epsilon(2e-6));
        CHECK(g.examples->evaluate(g.batches[k])->loss() == doctest::Approx(expected).epsilon(2e-6));
      }
    }
  }
}

TEST_CASE("pairs: the goldens' training, whole and with a tower locked, through the task") {
  const std::pair<const char*, std::vector<const char*>> all[] = {
      {"clip", {"full", "frozen_image"}}, {"clip_eos2", {"full"}}, {"vision_text", {"full", "locked_text"}}};
  for (const auto& [name, modes] : all) {
    if (!has_golden(name)) continue;
    INFO(name);
    for (const char* mode : modes) {
      INFO(mode);
      Golden g(name);
      const Json trace = g.golden.trace();
      const Json& losses = trace.get_object("traces").get_object(mode).get_array("losses");
      check_losses(golden_losses(*g.model, *g.examples, trace, mode, losses.size(), g.batches), losses, 3e-5);
    }
  }
}

}  // namespace thaw
