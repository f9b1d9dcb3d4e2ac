// SPDX-License-Identifier: Apache-2.0
// ViLT: where rows of texts and pictures lie, pairs of many sizes side by side, first tokens alone, the limit of
// patches, names in files, stages of the trunk.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/hub/pretrained.h"
#include "models/vilt/question_answering.h"
#include "tensor/counters.h"
#include "tests/error_of.h"
#include "tests/models/rewritten_weights.h"
#include "tests/models/small_vilt.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

const std::vector<SmallPair> several{{5, {12, 12}}, {9, {8, 16}}, {2, {4, 4}}, {4, {12, 12}}};

double difference(const Tensor& a, const Tensor& b) {
  const auto x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
  return worst;
}

double flops_of(const std::function<void()>& f) {
  counters() = {};
  f();
  return counters().flops;
}

}  // namespace

TEST_CASE("ViLT input: of each pair the text's rows, then the picture's") {
  const Device device = Device::from_environment();
  const ViltInput pairs = small_pairs(small_vilt_config(), {{2, {4, 8}}, {3, {4, 4}}}, device);
  const auto host = [](const Indices& indices) {
    return std::vector<int32_t>(indices.host().begin(), indices.host().end());
  };
  CHECK(pairs.segments.length(0) == 2 + 3);
  CHECK(pairs.segments.length(1) == 3 + 2);
  CHECK(host(pairs.order) == std::vector<int32_t>{0, 1, 5, 6, 7, 2, 3, 4, 8, 9});
  CHECK(host(pairs.modalities) == std::vector<int32_t>{0, 0, 1, 1, 1, 0, 0, 0, 1, 1});
  CHECK(host(pairs.text_rows) == std::vector<int32_t>{0, 1, 5, 6, 7});
  CHECK(host(pairs.first_tokens) == std::vector<int32_t>{0, 5});
  CHECK(error_of([&] {
          ViltInput(pairs.texts, small_pictures(3, {4, 4}, {{4, 4}}, device));
        }) == "2 texts and 1 pictures: each has its own");
}

TEST_CASE("ViLT: texts and pictures of many sizes in a batch are what each pair of them is alone") {
  const SmallVilt<ViltForQuestionAnswering> small;
  const Tensor together = small.model(small.pairs(several)).value();
  for (size_t b = 0; b < several.size(); ++b) {
    CAPTURE(b);
    const auto row = static_cast<int64_t>(b);
    CHECK(difference(small.model(small.pairs(several, b)).value(), together.slice(0, row, row + 1)) <= 1e-5);
  }
}

TEST_CASE("ViLT: the text's first row alone is that of all rows, for less work") {
  const SmallVilt<Vilt> small;
  const ViltInput pairs = small.pairs(several);
  Tensor whole, alone;
  const double all =
      flops_of([&] { whole = small.model.pooler(take_rows(small.model(pairs), pairs.first_tokens)).value(); });
  const double first = flops_of([&] { alone = small.model.pooled(pairs).value(); });
  CHECK(difference(whole, alone) <= 1e-5);
  CHECK(first < 0.85 * all);
}

TEST_CASE("ViLT: a text's tokens and a picture's patches are told apart by the vectors of their modalities") {
  const SmallVilt<Vilt> small;
  const ViltInput pairs = small.pairs(several);
  const ViltEmbeddings& embeddings = small.model.embeddings;
  const Tensor rows = embeddings(pairs).value();
  const Tensor parts = concat({embeddings.texts(pairs.texts), embeddings.pictures(pairs.pictures)}, 0).value();
  const std::vector<float> got = rows.to_host<float>(), part = parts.to_host<float>(),
                           table = embeddings.modalities.weight.value().to_host<float>();
  const auto channels = static_cast<size_t>(small.config.hidden_size);
  for (size_t t = 0; t < static_cast<size_t>(pairs.segments.total()); ++t) {
    const auto source = static_cast<size_t>(pairs.order.host()[t]),
               modality = static_cast<size_t>(pairs.modalities.host()[t]);
    for (size_t c = 0; c < channels; ++c)
      REQUIRE(got[t * channels + c] == part[source * channels + c] + table[modality * channels + c]);
  }
}

TEST_CASE("ViLT: no picture is read with more patches than max_image_length; others are what they are without it") {
  ViltConfig config = small_vilt_config();
  config.max_image_length = 8;
  const SmallVilt<Vilt> limited(config), free;
  const std::vector<SmallPair> fitting{{3, {8, 16}}, {2, {4, 4}}};
  CHECK(limited.model.pooled(limited.pairs(fitting)).value().to_bytes() ==
        free.model.pooled(free.pairs(fitting)).value().to_bytes());
  CHECK(error_of([&] { limited.model.pooled(limited.pairs(several)); }) ==
        "embeddings: a picture of 3 x 3 patches, and max_image_length is 8: which of them to read is not drawn here");
}

TEST_CASE("ViLT: texts longer than the table of their positions are refused by its name") {
  const SmallVilt<Vilt> small;
  CHECK(error_of([&] {
          small.model.pooled(small.pairs({{10, {12, 12}}}));
        }).starts_with("embeddings.text_embeddings.position_embeddings.weight: "));
}

TEST_CASE("ViLT: the loss is the sum over the answers of what the mean of their cross-entropies is") {
  const SmallVilt<ViltForQuestionAnswering> small;
  const Variable logits = small.model(small.pairs(several));
  const ClassificationTargets truth{.values = {1, 0, 0.3, 0.6, 0, 0, 0.9, 0.1}};
  const auto cross_entropy = [](double x, double z) {
    return std::max(x, 0.0) - x * z + std::log1p(std::exp(-std::abs(x)));
  };
  const std::vector<double> x = logits.value().to_host<double>();
  REQUIRE(x.size() == truth.values.size());
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) sum += cross_entropy(x[i], truth.values[i]);
  const auto pairs = static_cast<double>(several.size());
  CHECK(small.model.loss(logits, truth).value().item<double>() == doctest::Approx(sum / pairs).epsilon(1e-6));
  CHECK(small.model.loss(logits, truth, 3).value().item<double>() == doctest::Approx(sum / 3).epsilon(1e-6));
}

TEST_CASE("ViLT: a bare model's files are read by a head; those of old versions, too; an incomplete body is refused") {
  const ScratchFolder folder;
  ViltConfig config = small_vilt_config();
  config.labels = {"yes", "no", "red"};
  write_small_model<Vilt>(folder / "bare", config);
  const std::vector<std::byte> positions(9 * sizeof(int64_t));
  rewrite(folder / "bare", [&](std::vector<SafetensorsEntry>& entries) {
    entries.push_back({"embeddings.text_embeddings.position_ids", "I64", {1, 9}, positions});
  });
  const Device device = Device::from_environment();
  const Pretrained<ViltForQuestionAnswering> answers(folder / "bare", device);
  CHECK(answers.report().initialised == std::vector<std::string>{"classifier.0.weight", "classifier.0.bias",
                                                                 "classifier.1.weight", "classifier.1.bias",
                                                                 "classifier.3.weight", "classifier.3.bias"});
  CHECK(answers.report().unexpected.empty());
  CHECK(answers.store().find("classifier.3.weight").value().shape() == Shape{3, 32});
  CHECK(answers.store().find("vilt.embeddings.position_embeddings").value().shape() == Shape{1, 10, 16});
  config.num_hidden_layers = 4;
  config.to_json("ViltForQuestionAnswering").write(folder / "bare/config.json", {});
  const auto open = [&](FirstWeights first) {
    return Pretrained<ViltForQuestionAnswering>(Checkpoint<ViltConfig>(folder / "bare", first), device, DType::f32, 3);
  };
  CHECK(error_of<std::runtime_error>([&] {
          open(FirstWeights::checkpoint);
        }).find("bare: the checkpoint has no tensor vilt.encoder.layer.3.") != std::string::npos);
  CHECK(open(FirstWeights::random).report().from_scratch);
}

TEST_CASE("ViLT: what its stages give is where it goes on from, with the same bits") {
  const SmallVilt<Vilt> small;
  const Vilt& vilt = small.model;
  const ViltInput pairs = small.pairs(several);
  const auto computed = vilt.pooled(pairs).value().to_bytes();
  const std::vector<std::string> stages = vilt.stages();
  CHECK(stages == std::vector<std::string>{"embeddings", "encoder.layer.0", "encoder.layer.1", "encoder.layer.2",
                                           "layernorm", "pooler"});
  for (int64_t count = 1; count <= std::ssize(stages); ++count) {
    CAPTURE(count);
    ViltInput rest = pairs;
    rest.below = {count, vilt.states(pairs, count)};
    CHECK(vilt.gives_a_row_a_text(count) == (count > vilt.encoder.count()));
    CHECK(rest.below.states.size(0) == (vilt.gives_a_row_a_text(count) ? std::ssize(several) : pairs.segments.total()));
    CHECK(vilt.pooled(rest).value().to_bytes() == computed);
    if (vilt.gives_a_row_a_text(count))
      CHECK(error_of([&] { vilt(rest); }) == "embeddings: of first tokens alone there are no other rows");
    else
      CHECK(vilt(rest).value().to_bytes() == vilt(pairs).value().to_bytes());
  }
}
