// SPDX-License-Identifier: Apache-2.0
// Makes a PairModel of an ImageTextModel (image_text.h). Its Traits have
//   using Model = ...
//   static PatchLimits pictures(const Config&)
//   static TextLimits texts(const Config&)
//   static int64_t picture_width(const Config&), text_width(const Config&)   of what towers give
//   static Fingerprint switches(const Config&)                               see PairModel
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/families.h"
#include "models/hub/pretrained.h"
#include "models/image/patch_embeddings.h"
#include "models/pair_model.h"
#include "models/prompted_limits.h"

namespace thaw {

template <typename Traits>
class ImageTextPairs final : public PairModel {
  using Model = typename Traits::Model;
  using Config = typename Model::Config;

 public:
  ImageTextPairs(Checkpoint<Config> checkpoint, Device device, DType dtype, uint64_t seed, PrepareStore prepare)
      : pretrained_(std::move(checkpoint), device, dtype, seed, std::move(prepare)) {}
  ImageTextPairs(const ImageTextPairs& like, Device dry) : pretrained_(like.pretrained_, dry) {
    set_checkpointing(like.checkpointing_);
  }

  const PretrainedConfig& config() const override { return pretrained_.config(); }
  ParameterStore& store() override { return pretrained_.store(); }
  const LoadReport& report() const override { return pretrained_.report(); }
  int64_t width() const override { return pretrained_.config().projection_dim; }
  PairTower& tower(PairSide side) override {
    if (side == PairSide::files) return pictures_;
    return texts_;
  }
  const PairTower& tower(PairSide side) const override {
    if (side == PairSide::files) return pictures_;
    return texts_;
  }
  Variable logits(const Variable& files, const Variable& texts) const override {
    return pretrained_.model().head.logits(files, texts);
  }
  void hold_temperature() override { hold_logit_scale(pretrained_.model().head.logit_scale); }
  void set_checkpointing(bool on) override {
    checkpointing_ = on;
    pretrained_.model().set_checkpointing(on);
  }
  Fingerprint switches() const override { return Traits::switches(pretrained_.config()); }
  std::unique_ptr<PairModel> on_dry_device(Device dry) const override {
    return std::make_unique<ImageTextPairs>(*this, dry);
  }
  void save(const std::string& directory, const Processor* processors, const SaveOptions& options) const override {
    pretrained_.save(directory, processors, options);
  }

 private:
  template <PairSide side>
  class Tower final : public PairTower {
    static constexpr bool of_pictures = side == PairSide::files;
    using Input = std::conditional_t<of_pictures, PatchInput, typename Model::Texts>;

   public:
    explicit Tower(const Pretrained<Model>& pretrained) : pretrained_(pretrained) {}

    TextLimits limits() const override {
      if constexpr (of_pictures)
        return {.files = Traits::pictures(pretrained_.config())};
      else
        return behind_prompts(Traits::texts(pretrained_.config()), pretrained_.store());
    }
    int64_t width() const override {
      if constexpr (of_pictures)
        return Traits::picture_width(pretrained_.config());
      else
        return Traits::text_width(pretrained_.config());
    }
    const ParameterStore& store() const override { return pretrained_.store(); }
    Fingerprint switches() const override { return Traits::switches(pretrained_.config()); }
    Variable vectors(std::span<const Encoding* const> things) const override {
      if constexpr (of_pictures)
        return pretrained_.model().image_vectors(input_of(things));
      else
        return pretrained_.model().text_vectors(input_of(things));
    }
    FrozenPrefix frozen_prefix() const override { return thaw::frozen_prefix(pretrained_.store(), trunk()); }
    void set_prefix_cache(PrefixCache* cache) override { cache_ = cache; }
    std::vector<std::string> parts() const override {
      if constexpr (of_pictures)
        return {"vision_model", "visual_projection"};
      else
        return {"text_model", "text_projection"};
    }

   private:
    const auto& trunk() const {
      if constexpr (of_pictures)
        return pretrained_.model().vision_model;
      else
        return pretrained_.model().text_model;
    }
    Input input_of(std::span<const Encoding* const> things) const {
      const auto read = [this](std::span<const Encoding* const> some) {
        return Input::from_encodings(some, pretrained_.device());
      };
      Input input = read(things);
      if (cache_)
        input.below = states_below(
            things, frozen_prefix(), pretrained_.store(), *cache_,
            [&](std::span<const Encoding* const> some, int64_t stages) { return trunk().states(read(some), stages); });
      return input;
    }

    const Pretrained<Model>& pretrained_;
    PrefixCache* cache_ = nullptr;
  };

  Pretrained<Model> pretrained_;
  Tower<PairSide::files> pictures_{pretrained_};
  Tower<PairSide::texts> texts_{pretrained_};
  bool checkpointing_ = false;
};

template <typename Traits>
class ImageTextCheckpoint final : public PairCheckpoint {
 public:
  ImageTextCheckpoint(const std::string& directory, FirstWeights first) : checkpoint_(directory, first) {}
  PretrainedConfig& config() override { return checkpoint_.config; }
  TextLimits text_limits() const override { return Traits::texts(checkpoint_.config); }
  std::unique_ptr<PairModel> build(Device device, DType dtype, uint64_t seed, PrepareStore prepare) override {
    return std::make_unique<ImageTextPairs<Traits>>(std::move(checkpoint_), device, dtype, seed, std::move(prepare));
  }

 private:
  Checkpoint<typename Traits::Model::Config> checkpoint_;
};

// What such a family's line in the table of families opens pairs by.
template <typename Traits>
std::unique_ptr<PairCheckpoint> open_image_text(const std::string& directory, FirstWeights first) {
  return std::make_unique<ImageTextCheckpoint<Traits>>(directory, first);
}

}  // namespace thaw
