// SPDX-License-Identifier: Apache-2.0
// Sources to the encoder, targets to the decoder.
#include "models/t5/writer.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "autograd/tape.h"
#include "models/hub/pretrained.h"
#include "models/packed_text.h"
#include "models/t5/decoder.h"
#include "models/t5/family.h"
#include "models/t5/t5.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr const char* generation_file = "generation_config.json";

// Of a model's generation_config.json (null: it has none), and what config.json says beside it.
GenerationConfig generation_of(const Json& json, const T5Config& config) {
  GenerationConfig generation;
  if (!json.is_null()) generation = read_generation_config(json);
  if (generation.options.end_ids.empty())
    for (const int64_t id : config.eos_token_ids)
      if (id >= 0) generation.options.end_ids.push_back(static_cast<int32_t>(id));
  if (!generation.decoder_start_token_id && config.decoder_start_token_id)
    generation.decoder_start_token_id = static_cast<int32_t>(*config.decoder_start_token_id);
  const auto check_id = [&](const char* key, int32_t id) {
    if (id >= config.vocab_size)
      fail("{}: {} is no token id below {}", json.is_null() ? key : json.where(key), id, config.vocab_size);
  };
  if (generation.decoder_start_token_id) check_id("decoder_start_token_id", *generation.decoder_start_token_id);
  for (const int32_t id : generation.options.end_ids) check_id("eos_token_id", id);
  return generation;
}

class T5Writer final : public TextWriter {
 public:
  T5Writer(Checkpoint<T5Config> checkpoint, Json generation_json, GenerationConfig generation, const WriterOpening& o)
      : pretrained_(std::move(checkpoint), o.device, o.dtype, o.seed, o.prepare),
        generation_json_(std::move(generation_json)),
        generation_(std::move(generation)) {}
  T5Writer(const T5Writer& like, Device dry)
      : pretrained_(like.pretrained_, dry), generation_json_(like.generation_json_), generation_(like.generation_) {
    set_checkpointing(like.checkpointing_);
  }

  const PretrainedConfig& config() const override { return pretrained_.config(); }
  TextLimits limits() const override { return {.vocab_size = pretrained_.config().vocab_size}; }
  ParameterStore& store() override { return pretrained_.store(); }
  const LoadReport& report() const override { return pretrained_.report(); }
  void set_checkpointing(bool on) override {
    checkpointing_ = on;
    pretrained_.model().model.set_checkpointing(on);
  }
  Fingerprint switches() const override { return t5_switches(pretrained_.config()); }
  const GenerationConfig& generation() const override { return generation_; }

  Variable loss(std::span<const Encoding* const> sources, std::span<const TargetIds> targets,
                const CrossEntropy& options, double count) const override {
    return model().loss(packed(sources), targets_of(targets), count, options);
  }
  std::vector<double> losses(std::span<const Encoding* const> sources,
                             std::span<const TargetIds> targets) const override {
    const NoGrad no_grad;
    const T5Targets all = targets_of(targets);
    const Variable hidden = model().model(packed(sources), all.read);
    std::vector<double> sums;
    for (int64_t b = 0; b < all.read.count(); ++b) {
      const int32_t begin = all.read.segments.begin(b), end = all.read.segments.end(b);
      const Variable loss =
          model().lm_head.loss(slice(hidden, 0, begin, end), {all.labels.begin() + begin, all.labels.begin() + end}, 1);
      sums.push_back(static_cast<double>(loss.value().to_host<float>()[0]));
    }
    return sums;
  }

  std::vector<int32_t> beginning() const override {
    if (!generation_.decoder_start_token_id) fail("decoder_start_token_id: neither file of the model has one");
    return {*generation_.decoder_start_token_id};
  }
  std::unique_ptr<Decoder> decoder(std::span<const Encoding* const> sources) const override {
    return std::make_unique<T5Decoder>(model(), packed(sources));
  }

  std::unique_ptr<TextWriter> on_dry_device(Device dry) const override {
    return std::make_unique<T5Writer>(*this, dry);
  }
  void save(const std::string& directory, const Tokenizer* tokenizer, const SaveOptions& options) const override {
    pretrained_.save(directory, tokenizer, options);
    if (!generation_json_.is_null()) generation_json_.write(directory + "/" + generation_file, {.indent = 2});
  }

 private:
  const T5ForConditionalGeneration& model() const { return pretrained_.model(); }
  PackedText packed(std::span<const Encoding* const> sources) const {
    return PackedText::from_encodings(sources, pretrained_.device());
  }
  T5Targets targets_of(std::span<const TargetIds> targets) const {
    return T5Targets::from_labels({targets.begin(), targets.end()}, pretrained_.config(), pretrained_.device());
  }

  Pretrained<T5ForConditionalGeneration> pretrained_;
  Json generation_json_;  // as it was read; null: there is none
  GenerationConfig generation_;
  bool checkpointing_ = false;
};

}  // namespace

std::unique_ptr<TextWriter> open_t5_writer(const std::string& directory, const WriterOpening& opening) {
  Checkpoint<T5Config> checkpoint(directory);
  const std::string file = directory + "/" + generation_file;
  Json json = std::filesystem::exists(file) ? Json::read(file) : Json();
  GenerationConfig generation = generation_of(json, checkpoint.config);
  for (const std::string& note : generation.notes) checkpoint.source.note(note);
  return std::make_unique<T5Writer>(std::move(checkpoint), std::move(json), std::move(generation), opening);
}

}  // namespace thaw
