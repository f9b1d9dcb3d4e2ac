// SPDX-License-Identifier: Apache-2.0
// The rows of families that put pictures and texts into one space.
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/clip/clip.h"
#include "tests/models/family_table/family_row.h"
#include "tests/models/small_clip.h"
#include "tests/models/small_dual_encoder.h"
#include "tests/models/small_pictures.h"

namespace thaw {

namespace {

constexpr const char* pairs =
    "image\ttext\n0.ppm\tthe cat sat\n1.ppm\tbad film\n2.ppm\tgood\n3.ppm\tvery bad dog on the mat\n4.ppm\tthe dog\n";
constexpr const char* rows = "image\ttext\n5.ppm\tthe dog\n1.ppm\tvery good !\n0.ppm\tfilm\n";

CLIPConfig clip_config(double dropout) {
  CLIPConfig c = small_clip_config();
  c.text.attention_dropout = c.vision.attention_dropout = dropout;
  return c;
}

VisionTextDualEncoderConfig dual_config(double dropout) {
  VisionTextDualEncoderConfig c = small_dual_encoder_config();
  auto& vision = std::get<ViTConfig>(c.vision);
  vision.hidden_dropout_prob = vision.attention_probs_dropout_prob = dropout;
  c.text.hidden_dropout_prob = c.text.attention_probs_dropout_prob = dropout;
  return c;
}

// A tower's layers: their number, the numbers of a state, those between the two matrices.
struct Layers {
  int64_t count, channels, inner;
};

// Of both towers, projections to so many numbers above them.
std::vector<TuningPlan> pair_plans(const Layers& vision, const Layers& text, int64_t vector, int64_t numbers) {
  const int64_t head = vector * (vision.channels + text.channels) + 1, r = 3;
  const std::string head_too = "train {*_projection.weight,logit_scale}\n";
  const auto both = [&](const auto& of_layer) { return vision.count * of_layer(vision) + text.count * of_layer(text); };
  return {
      {"all", "train *", numbers},
      {"projections", "freeze *\n" + head_too, head},
      {"temperature", "freeze *\ntrain logit_scale\n", 1},
      {"LoRA", fmt::format("lora r={}\n", r) + head_too,
       both([&](const Layers& l) { return 2 * 2 * r * l.channels; }) + head},
      {"IA3", "ia3\n" + head_too, both([](const Layers& l) { return 2 * l.channels + l.inner; }) + head},
      {"prefix", "prefix n=6\n" + head_too, both([](const Layers& l) { return 2 * 6 * l.channels; }) + head},
  };
}

std::vector<std::pair<std::string, std::string>> pictures() {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 6; ++i)
    files.emplace_back(fmt::format("{}.ppm", i),
                       ppm_bytes(14 - i, 12 + i, static_cast<uint8_t>(40 * i), 200, static_cast<uint8_t>(220 - 40 * i),
                                 static_cast<uint64_t>(i)));
  return files;
}

FamilyRow row_of(const char* model_type) {
  return {.model_type = model_type,
          .task = "image-text",
          .file = "t.tsv",
          .content = pairs,
          .rows = rows,
          .predicted = 3,
          .write = nullptr,
          .plans = nullptr,
          .reads_texts = false,
          .beside = pictures()};
}

}  // namespace

std::vector<FamilyRow> pair_rows() {
  FamilyRow clip = row_of("clip"), dual = row_of("vision-text-dual-encoder");
  clip.write = [](const std::string& directory, double dropout) {
    write_small_clip<CLIPModel>(directory, clip_config(dropout));
  };
  clip.plans = [](int64_t numbers) {
    const CLIPConfig c = clip_config(0);
    return pair_plans({c.vision.num_hidden_layers, c.vision.hidden_size, c.vision.intermediate_size},
                      {c.text.num_hidden_layers, c.text.hidden_size, c.text.intermediate_size}, c.projection_dim,
                      numbers);
  };
  dual.write = [](const std::string& directory, double dropout) {
    write_small_model<VisionTextDualEncoderModel>(directory, dual_config(dropout));
  };
  dual.plans = [](int64_t numbers) {
    const VisionTextDualEncoderConfig c = dual_config(0);
    const auto& vision = std::get<ViTConfig>(c.vision);
    return pair_plans({vision.num_hidden_layers, vision.hidden_size, vision.intermediate_size},
                      {c.text.num_hidden_layers, c.text.hidden_size, c.text.intermediate_size}, c.projection_dim,
                      numbers);
  };
  return {clip, dual};
}

}  // namespace thaw
