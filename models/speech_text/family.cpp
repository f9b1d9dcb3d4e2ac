// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of a model of speech and texts: two towers that lie elsewhere, and projections.
#include "models/speech_text/family.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "models/contrastive_loss.h"
#include "models/hub/pretrained.h"
#include "models/pair_model.h"
#include "models/speech_text/pooled_tower.h"
#include "models/speech_text/projections.h"

namespace thaw {

namespace {

class ProjectedTower final : public PairTower {
 public:
  // part: what the names of the projection's parameters begin with.
  ProjectedTower(PooledTower tower, std::string part, const Linear& projection)
      : tower_(std::move(tower)), part_(std::move(part)), projection_(projection) {}

  const PooledTower& below() const { return tower_; }
  TextLimits limits() const override { return tower_.model().limits(); }
  int64_t width() const override { return tower_.model().width(); }
  const ParameterStore& store() const override { return tower_.store(); }
  Fingerprint switches() const override {
    Fingerprint switches = tower_.model().switches();
    switches["read by"] = "the mean of its last hidden states";
    return switches;
  }
  std::string directory() const override { return tower_.directory(); }
  Variable vectors(std::span<const Encoding* const> things) const override {
    return unit_vectors(projection_(tower_(things)));
  }
  FrozenPrefix frozen_prefix() const override { return tower_.frozen_prefix(); }
  void set_prefix_cache(PrefixCache* cache) override { tower_.set_prefix_cache(cache); }
  std::vector<std::string> parts() const override { return {part_}; }

 private:
  PooledTower tower_;
  std::string part_;
  const Linear& projection_;
};

class SpeechTextPairs final : public PairModel {
 public:
  // `directory`: where the checkpoint is of.
  SpeechTextPairs(const std::string& directory, Checkpoint<SpeechTextConfig> checkpoint, Device device, DType dtype,
                  uint64_t seed, PrepareStore prepare)
      : pretrained_(std::move(checkpoint), device, dtype, seed, std::move(prepare)),
        report_(pretrained_.report()),
        sounds_({pretrained_.config().audio, directory, "audio_model", InputKind::sounds, device, dtype},
                "audio_projection", pretrained_.model().audio_projection),
        texts_({pretrained_.config().text, directory, "text_model", InputKind::texts, device, dtype}, "text_projection",
               pretrained_.model().text_projection) {
    for (const ProjectedTower* tower : {&sounds_, &texts_})
      for (const std::string& note : tower->below().model().report().notes) report_.notes.push_back(note);
  }
  SpeechTextPairs(const SpeechTextPairs& like, Device dry)
      : pretrained_(like.pretrained_, dry),
        report_(like.report_),
        sounds_({like.sounds_.below(), dry}, "audio_projection", pretrained_.model().audio_projection),
        texts_({like.texts_.below(), dry}, "text_projection", pretrained_.model().text_projection) {}

  const PretrainedConfig& config() const override { return pretrained_.config(); }
  ParameterStore& store() override { return pretrained_.store(); }
  const LoadReport& report() const override { return report_; }
  int64_t width() const override { return pretrained_.config().projection_dim; }
  PairTower& tower(PairSide side) override { return side == PairSide::files ? sounds_ : texts_; }
  const PairTower& tower(PairSide side) const override { return side == PairSide::files ? sounds_ : texts_; }
  Variable logits(const Variable& files, const Variable& texts) const override {
    return pretrained_.model().logits(files, texts);
  }
  void hold_temperature() override { hold_logit_scale(pretrained_.model().logit_scale); }
  void set_checkpointing(bool) override {}  // what is frozen keeps nothing
  Fingerprint switches() const override {
    return {{"audio_model", pretrained_.config().audio.hash}, {"text_model", pretrained_.config().text.hash}};
  }
  std::unique_ptr<PairModel> on_dry_device(Device dry) const override {
    return std::make_unique<SpeechTextPairs>(*this, dry);
  }
  void save(const std::string& directory, const Processor* processors, const SaveOptions& options) const override {
    pretrained_.save(directory, processors, options);
  }

 private:
  Pretrained<SpeechTextProjections> pretrained_;
  LoadReport report_;
  ProjectedTower sounds_, texts_;
};

class SpeechTextCheckpoint final : public PairCheckpoint {
 public:
  SpeechTextCheckpoint(const std::string& directory, FirstWeights first) : checkpoint_(directory, first) {}
  PretrainedConfig& config() override { return checkpoint_.config; }
  TextLimits text_limits() const override { return read_text_facts(text_directory()).limits; }
  std::string text_directory() const override {
    return place_of(checkpoint_.config.text, checkpoint_.source.directory(), "text_model");
  }
  std::unique_ptr<PairModel> build(Device device, DType dtype, uint64_t seed, PrepareStore prepare) override {
    const std::string directory = checkpoint_.source.directory();
    return std::make_unique<SpeechTextPairs>(directory, std::move(checkpoint_), device, dtype, seed,
                                             std::move(prepare));
  }

 private:
  Checkpoint<SpeechTextConfig> checkpoint_;
};

}  // namespace

constinit const ModelFamily speech_text_family = {
    .model_type = SpeechTextConfig::model_type,
    .checkpoint_names = [](const Json& json) { return SpeechTextConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
    .reads = InputKind::sounds,
    .open_pair = [](const std::string& directory, FirstWeights first) -> std::unique_ptr<PairCheckpoint> {
      return std::make_unique<SpeechTextCheckpoint>(directory, first);
    },
};

}  // namespace thaw
