// SPDX-License-Identifier: Apache-2.0
// CLIP's towers: where texts are read, rows that are read alone, stages of the trunks.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "models/clip/clip.h"
#include "tests/error_of.h"
#include "tests/flops_of.h"
#include "tests/models/small_clip.h"
#include "tests/tensor_difference.h"

using namespace thaw;

TEST_CASE("CLIP: a text is read at its first end token; in old files, at the first one with its highest id") {
  const Device device = Device::from_environment();
  const auto rows = [&](int64_t eos, const std::vector<std::vector<int32_t>>& ids) {
    return end_rows(packed_texts(ids, device), eos);
  };
  using Rows = std::vector<int32_t>;
  CHECK(rows(3, {{7, 8, 3}, {3}, {9, 3, 11, 3, 3}}) == Rows{2, 3, 5});
  CHECK(rows(2, {{7, 8, 3}, {3}, {9, 3, 11, 3, 11}}) == Rows{1, 3, 6});
  CHECK(rows(2, {{2, 9, 9}, {9, 2}}) == Rows{1, 3});
  CHECK(rows(0, {{1, 0}, {0, 0}}) == Rows{1, 2});
  CHECK(error_of([&] {
          rows(3, {{7, 3}, {7, 8}});
        }) == "text 1 of the batch has no end token (id 3), at which CLIP reads a text");
}

TEST_CASE("CLIP: end tokens alone are those of all rows, for less work") {
  const SmallCLIP<CLIPModel> small;
  const CLIPTextTower& tower = small.model.text_model;
  const PackedText texts = small.texts();
  Tensor whole, alone;
  const double all =
      flops_of([&] { whole = take_rows(tower(texts), Indices(end_rows(texts, 3), small.device)).value(); });
  const double ends = flops_of([&] { alone = tower.pooled(texts).value(); });
  CHECK(difference(whole, alone) <= 1e-5);
  CHECK(ends < 0.85 * all);
}

TEST_CASE("CLIP: what stands behind a text's end token changes nothing, nor does the text beside it") {
  const SmallCLIP<CLIPModel> small;
  const CLIPTextTower& tower = small.model.text_model;
  const Tensor plain = tower.pooled(packed_texts({{7, 8, 9, 3}, {5, 3}}, small.device)).value();
  for (const std::vector<std::vector<int32_t>>& ids :
       {std::vector<std::vector<int32_t>>{{7, 8, 9, 3, 3, 3}, {5, 3, 21}}, {{7, 8, 9, 3}, {5, 3, 9, 3}}}) {
    const PackedText longer = packed_texts(ids, small.device);
    CHECK(difference(tower.pooled(longer).value(), plain) <= 1e-5);
    CHECK(difference(take_rows(tower(longer), Indices(end_rows(longer, 3), small.device)).value(), plain) <= 1e-5);
  }
  CHECK(difference(tower.pooled(packed_texts({{5, 3}}, small.device)).value(), plain.slice(0, 1, 2)) <= 1e-5);
  CHECK(difference(tower.pooled(packed_texts({{6, 3}}, small.device)).value(), plain.slice(0, 1, 2)) > 1e-3);
}

TEST_CASE("CLIP: a text of more tokens than there are positions is an error that names their table") {
  const SmallCLIP<CLIPModel> small;
  const std::string said = error_of([&] { small.model.text_model.pooled(small.texts({13})); });
  INFO(said);
  CHECK(said.starts_with("text_model.embeddings.position_embedding.weight: "));
}

TEST_CASE("CLIP: class tokens alone are those of all rows behind the norm, of pictures of several sizes") {
  const SmallCLIP<CLIPModel> small;
  const CLIPVisionTower& tower = small.model.vision_model;
  const PatchInput pictures = small.pictures();
  Tensor whole, alone;
  const double all = flops_of([&] { whole = tower.norm(take_rows(tower(pictures), pictures.first_rows)).value(); });
  const double first = flops_of([&] { alone = tower.pooled(pictures).value(); });
  CHECK(difference(whole, alone) <= 1e-5);
  CHECK(first < 0.85 * all);
}

TEST_CASE("CLIP: vectors have unit length, and logits are cosines by the temperature") {
  const SmallCLIP<CLIPModel> small;
  const PatchInput pictures = small.pictures();
  const PackedText texts = small.texts({5, 12, 3, 4});
  const std::vector<double> images = small.model.image_vectors(pictures).value().to_host<double>(),
                            words = small.model.text_vectors(texts).value().to_host<double>();
  const Tensor logits = small.model(pictures, texts).value();
  REQUIRE(logits.shape() == Shape{3, 4});
  const std::vector<double> got = logits.to_host<double>();
  const double factor = std::exp(small.store.find("logit_scale").value().item<double>());
  const auto width = static_cast<size_t>(small.config.projection_dim);
  for (size_t b = 0; b < 3; ++b)
    for (size_t n = 0; n < 4; ++n) {
      double cosine = 0, length = 0;
      for (size_t i = 0; i < width; ++i) {
        cosine += images[b * width + i] * words[n * width + i];
        length += images[b * width + i] * images[b * width + i];
      }
      CHECK(length == doctest::Approx(1).epsilon(1e-5));
      CHECK(got[b * 4 + n] == doctest::Approx(factor * cosine).epsilon(1e-4));
    }
}

TEST_CASE("CLIP: what the towers' stages give is where they go on from, with the same bits") {
  const SmallCLIP<CLIPModel> small;
  const auto check_stages = [](const auto& tower, const auto& input, int64_t count_of_rows, const auto& names) {
    const auto computed = tower.pooled(input).value().to_bytes();
    const auto stages = tower.stages();
    REQUIRE(stages.size() == names.size());
    for (size_t i = 0; i < names.size(); ++i) CHECK(stages[i] == names[i]);
    for (int64_t count = 1; count <= std::ssize(stages); ++count) {
      CAPTURE(count);
      auto rest = input;
      rest.below = {count, tower.states(input, count)};
      CHECK(tower.gives_a_row_a_text(count) == (count > tower.encoder.count()));
      CHECK(rest.below.states.size(0) == (tower.gives_a_row_a_text(count) ? 3 : count_of_rows));
      CHECK(tower.pooled(rest).value().to_bytes() == computed);
      if (tower.gives_a_row_a_text(count))
        CHECK(error_of([&] { tower(rest); }).find("alone there are no ") != std::string::npos);
    }
  };
  using Names = std::vector<std::vector<std::string>>;
  const PackedText texts = packed_texts({{7, 8, 9, 3, 3}, {5, 3}, {6, 3, 8}}, small.device);
  check_stages(
      small.model.text_model, texts, texts.total(),
      Names{{"text_model.embeddings.token_embedding.weight", "text_model.embeddings.position_embedding.weight"},
            {"text_model.encoder.layers.0"},
            {"text_model.encoder.layers.1"},
            {"text_model.encoder.layers.2"},
            {"text_model.final_layer_norm"}});
  const PatchInput pictures = small.pictures();
  check_stages(small.model.vision_model, pictures, pictures.rows.segments.total(),
               Names{{"vision_model.embeddings", "vision_model.pre_layrnorm"},
                     {"vision_model.encoder.layers.0"},
                     {"vision_model.encoder.layers.1"},
                     {"vision_model.post_layernorm"}});
}
