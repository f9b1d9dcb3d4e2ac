// SPDX-License-Identifier: Apache-2.0
// Dual encoders: of two towers, of ViT or of CLIP; files; what a locked tower costs; stages of the trunks.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/prefix/frozen_prefix.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/error_of.h"
#include "tests/models/rewritten_weights.h"
#include "tests/models/small_dual_encoder.h"
#include "tests/scratch_folder.h"
#include "tests/tensor_difference.h"

using namespace thaw;

namespace {

void write_small(const std::string& directory, const VisionTextDualEncoderConfig& config) {
  write_small_model<VisionTextDualEncoderModel>(directory, config);
}

}  // namespace

TEST_CASE("dual encoder: its towers are a ViT and a BERT with their poolers, by their own numbers") {
  const SmallDualEncoder small;
  ParameterStore vit_store(small.device, DType::f32, 1), bert_store(small.device, DType::f32, 1);
  const ViT vit(Scope(vit_store), std::get<ViTConfig>(small.config.vision));
  const Bert bert(Scope(bert_store), small.config.text);
  const auto take_from = [&](const ParameterStore& store, const std::string& path) {
    for (const Parameter& p : store.all()) p.value().copy_from(small.store.find(path + p.name()).value());
  };
  take_from(vit_store, "vision_model.");
  take_from(bert_store, "text_model.");
  const PatchInput pictures = small.pictures();
  const BertInput texts = small.texts();
  CHECK(difference(small.model.vision_model.pooled(pictures).value(), vit.pooled(pictures).value()) == 0);
  CHECK(difference(small.model.text_model.pooled(texts).value(), bert.pooled(texts).value()) == 0);
  CHECK(small.store.all().size() == vit_store.all().size() + bert_store.all().size() + 3);
}

TEST_CASE("dual encoder: CLIP's tower is read below either of its names, and written as it was read") {
  const ScratchFolder folder;
  const VisionTextDualEncoderConfig config = small_dual_encoder_config(true);
  write_small(folder / "wrapped", config);
  write_small(folder / "flat", config);
  rename(folder / "flat", [](std::string name) {
    const std::string wrapped = "vision_model.vision_model.";
    return name.starts_with(wrapped) ? "vision_model." + name.substr(wrapped.size()) : name;
  });
  const Device device = Device::from_environment();
  const Pretrained<VisionTextDualEncoderModel> wrapped(folder / "wrapped", device), flat(folder / "flat", device);
  for (const auto* model : {&wrapped, &flat}) {
    CHECK(model->report().initialised.empty());
    CHECK(model->report().unexpected.empty());
  }
  CHECK(wrapped.store().find("vision_model.vision_model.pre_layrnorm.bias").defined());
  CHECK(flat.store().find("vision_model.pre_layrnorm.bias").defined());
  const PatchInput pictures = SmallDualEncoder(config).pictures();
  CHECK(difference(wrapped.model().image_vectors(pictures).value(), flat.model().image_vectors(pictures).value()) == 0);
  flat.save(folder / "saved");
  CHECK(Pretrained<VisionTextDualEncoderModel>(folder / "saved", device).config().vision_path() == "vision_model");

  // It is the tower of CLIP.
  ParameterStore store(device, DType::f32, 1);
  const CLIPVisionTower tower(Scope(store), std::get<CLIPVisionConfig>(config.vision));
  for (const Parameter& p : store.all()) p.value().copy_from(flat.store().find("vision_model." + p.name()).value());
  CHECK(difference(flat.model().vision_model.pooled(pictures).value(), tower.pooled(pictures).value()) == 0);
}

TEST_CASE("dual encoder: one that is incomplete is refused, one from scratch begins, but not with zeros alone") {
  const ScratchFolder folder;
  const VisionTextDualEncoderConfig config = small_dual_encoder_config();
  const Device device = Device::open("reference");
  const auto said_without = [&](const std::string& name) {
    write_small(folder / "model", config);
    rewrite(folder / "model", [&](std::vector<SafetensorsEntry>& entries) {
      std::erase_if(entries, [&](const SafetensorsEntry& entry) { return entry.name == name; });
    });
    return error_of<std::runtime_error>([&] { Pretrained<VisionTextDualEncoderModel>(folder / "model", device); });
  };
  for (const char* name : {"text_model.pooler.dense.bias", "vision_model.layernorm.weight", "visual_projection.weight",
                           "text_projection.weight", "logit_scale"}) {
    INFO(name);
    CHECK(said_without(name).find(fmt::format("model: the checkpoint has no tensor {};", name)) != std::string::npos);
  }

  const auto begin = [&](const VisionTextDualEncoderConfig& with) {
    Json json = with.to_json("VisionTextDualEncoderModel");
    json.write(folder / "model/config.json", {});
    return error_of<std::runtime_error>([&] {
      Pretrained<VisionTextDualEncoderModel>(
          Checkpoint<VisionTextDualEncoderConfig>(folder / "model", FirstWeights::random), device, DType::f32, 3);
    });
  };
  CHECK(begin(config) == "no error");
  CHECK(begin(small_dual_encoder_config(true)) == "no error");
  VisionTextDualEncoderConfig zeros = config;
  zeros.text.initializer_range = 0;
  CHECK(begin(zeros).find("text_config.initializer_range: is 0") != std::string::npos);
  zeros = config;
  std::get<ViTConfig>(zeros.vision).initializer_range = 0;
  CHECK(begin(zeros).find("vision_config.initializer_range: is 0") != std::string::npos);
  zeros = small_dual_encoder_config(true);
  std::get<CLIPVisionConfig>(zeros.vision).initializer_factor = 0;
  CHECK(begin(zeros).find("vision_config.initializer_factor: is 0") != std::string::npos);
}

TEST_CASE("freezing a dual encoder: a locked tower costs no more than vectors that are given, whichever it is") {
  for (const bool clip : {false, true}) {
    CAPTURE(clip);
    SmallDualEncoder small(small_dual_encoder_config(clip));
    const VisionTextDualEncoderModel& m = small.model;
    const PatchInput pictures = small.pictures();
    const BertInput texts = small.texts();
    const auto launches = [&](const Variable& loss) {
      counters() = {};
      backward(loss);
      for (const Parameter& p : small.store.all()) {
        INFO(p.name());
        CHECK(p.variable().grad().defined() == !p.frozen());
        if (!p.frozen()) p.variable().clear_grad();
      }
      return counters().by_name;
    };
    FreezeMask::all_trained().freeze("text_model.*").apply(small.store);
    const Variable text = m.text_model.pooled(texts);
    CHECK_FALSE(text.tracked());
    CHECK(launches(m.loss(pictures, texts)) ==
          launches(
              contrastive_loss(m.head.logits(m.image_vectors(pictures), unit_vectors(m.head.text_projection(text))))));
    FreezeMask::all_trained().freeze("vision_model.*").apply(small.store);
    const Variable image = m.vision_model.pooled(pictures);
    CHECK_FALSE(image.tracked());
    CHECK(launches(m.loss(pictures, texts)) ==
          launches(
              contrastive_loss(m.head.logits(unit_vectors(m.head.visual_projection(image)), m.text_vectors(texts)))));
  }
}

TEST_CASE("dual encoder: what its tower of pictures' stages give is where it goes on from; frozen ones are a prefix") {
  for (const bool clip : {false, true}) {
    CAPTURE(clip);
    SmallDualEncoder small(small_dual_encoder_config(clip));
    const DualEncoderVision& tower = small.model.vision_model;
    const PatchInput pictures = small.pictures();
    const auto computed = tower.pooled(pictures).value().to_bytes();
    const auto stages = tower.stages();
    FreezeMask mask = FreezeMask::all_trained();
    for (int64_t count = 1; count <= std::ssize(stages); ++count) {
      CAPTURE(count);
      PatchInput rest = pictures;
      rest.below = {count, tower.states(pictures, count)};
      CHECK(rest.below.states.size(0) ==
            (tower.gives_a_row_a_text(count) ? pictures.one_each.count() : pictures.rows.segments.total()));
      CHECK(tower.pooled(rest).value().to_bytes() == computed);
      for (const std::string& path : stages[static_cast<size_t>(count - 1)]) mask.freeze(path + ".*");
      mask.apply(small.store);
      CHECK(frozen_prefix(small.store, tower).stages == count);
    }
    CHECK(stages.back() ==
          std::vector<std::string>{clip ? "vision_model.vision_model.post_layernorm" : "vision_model.pooler"});
  }
}

TEST_CASE("checkpointing a dual encoder's layers: the same gradients to the bit, fewer bytes kept") {
  SmallDualEncoder small;
  const auto run = [&](bool on) {
    small.model.set_checkpointing(on);
    const uint64_t before = small.device.backend().memory().live_bytes;
    const Variable loss = small.model.loss(small.pictures(), small.texts());
    const uint64_t kept = small.device.backend().memory().live_bytes - before;
    backward(loss);
    std::map<std::string, std::vector<std::byte>> gradients;
    for (const Parameter& p : small.store.all()) {
      gradients[p.name()] = p.variable().grad().to_bytes();
      p.variable().clear_grad();
    }
    return std::pair{gradients, kept};
  };
  const auto [plain, plain_bytes] = run(false);
  const auto [again, again_bytes] = run(true);
  CHECK(plain == again);
  CHECK(again_bytes < plain_bytes);
}
