// SPDX-License-Identifier: Apache-2.0
// Makes a TextWriter of a family's encoder-decoder. Its Traits have
//   using Model = ...; using Input = ...                  a model as Pretrained has it (hub/pretrained.h), what its
//                                                         encoder reads: Input::from_encodings(encodings, device)
//   static TextLimits source_limits(const Config&), target_limits(const Config&)
//   static int64_t width(const Config&)                   of a state of the encoder
//   static Fingerprint switches(const Config&)            see TextWriter
//   static constexpr std::string_view usual_start         see WriterConfig
//   static const auto& encoder(const Model&)              a trunk (prefix/frozen_prefix.h)
//   static EncoderMemory encode(const Model&, const Input&)
//   static Variable decode(const Model&, const PackedText& read, const EncoderMemory&)   [T, C]
//   static const auto& head(const Model&)                 operator()(hidden), loss(hidden, labels, count, options,
//                                                         tokens)
//   static std::unique_ptr<Decoder> decoder(const Model&, const EncoderMemory&)
//   static void set_checkpointing(Model&, bool on)
//   static std::vector<std::string> warnings(const ParameterStore&)       see TextWriter; may be left out
//   static SaveOptions saving(const Model&, const Config&, SaveOptions)   what this family's files need beside
// and its Config is WriterTokens, too. The model's parts are at "encoder" and "decoder".
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/tape.h"
#include "models/decoder_memory.h"
#include "models/decoder_targets.h"
#include "models/generation_file.h"
#include "models/hub/pretrained.h"
#include "models/prompted_limits.h"
#include "models/target_guesses.h"
#include "models/text_writer.h"
#include "models/writer_generation.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {

template <typename Traits>
class TextWriterOf final : public TextWriter {
 public:
  using Model = typename Traits::Model;
  using Config = typename Model::Config;
  using Input = typename Traits::Input;
  using TextWriter::loss;

  TextWriterOf(Checkpoint<Config> checkpoint, Json generation_json, GenerationConfig generation, const WriterOpening& o)
      : pretrained_(std::move(checkpoint), o.device, o.dtype, o.seed, o.prepare),
        generation_json_(std::move(generation_json)),
        generation_(std::move(generation)) {}
  TextWriterOf(const TextWriterOf& like, Device dry)
      : pretrained_(like.pretrained_, dry), generation_json_(like.generation_json_), generation_(like.generation_) {
    set_checkpointing(like.checkpointing_);
  }
  // Errors name directory, file or tensor.
  static std::unique_ptr<TextWriter> open(const std::string& directory, const WriterOpening& opening) {
    Checkpoint<Config> checkpoint(directory, opening.first_weights);
    Json json = read_generation_json(directory);
    Config& config = checkpoint.config;
    GenerationConfig generation =
        writer_generation(json, {config.json, config, Traits::target_limits(config).vocab_size, Traits::usual_start});
    for (const std::string& note : generation.notes) checkpoint.source.note(note);
    return std::make_unique<TextWriterOf>(std::move(checkpoint), std::move(json), std::move(generation), opening);
  }

  const PretrainedConfig& config() const override { return pretrained_.config(); }
  TextLimits limits() const override {
    return behind_prompts(Traits::source_limits(pretrained_.config()), pretrained_.store(), "encoder");
  }
  TextLimits target_limits() const override {
    return behind_prompts(Traits::target_limits(pretrained_.config()), pretrained_.store(), "decoder");
  }
  ParameterStore& store() override { return pretrained_.store(); }
  const LoadReport& report() const override { return pretrained_.report(); }
  std::vector<std::string> warnings() const override {
    if constexpr (requires { Traits::warnings(pretrained_.store()); }) return Traits::warnings(pretrained_.store());
    return {};
  }
  void set_checkpointing(bool on) override {
    checkpointing_ = on;
    Traits::set_checkpointing(pretrained_.model(), on);
  }
  Fingerprint switches() const override { return Traits::switches(pretrained_.config()); }
  const GenerationConfig& generation() const override { return generation_; }

  int64_t width() const override { return Traits::width(pretrained_.config()); }
  EncodedSources encode(std::span<const Encoding* const> sources) const override {
    Input text = packed(sources);
    if (prefix_cache_)
      text.below = states_below(sources, frozen_prefix(), pretrained_.store(), *prefix_cache_,
                                [this](std::span<const Encoding* const> some, int64_t stages) {
                                  return Traits::encoder(model()).states(packed(some), stages);
                                });
    EncoderMemory memory = Traits::encode(model(), text);
    std::vector<int32_t> lengths;
    for (int64_t b = 0; b < memory.segments.count(); ++b) lengths.push_back(memory.segments.length(b));
    return {std::move(memory.states), std::move(lengths)};
  }
  FrozenPrefix frozen_prefix() const override {
    return thaw::frozen_prefix(pretrained_.store(), Traits::encoder(model()));
  }
  void set_prefix_cache(PrefixCache* cache) override { prefix_cache_ = cache; }

  Variable loss(const EncodedSources& sources, std::span<const TargetIds> targets, const CrossEntropy& options,
                double count, Tensor* tokens) const override {
    const DecoderTargets all = targets_of(targets);
    return Traits::head(model()).loss(Traits::decode(model(), all.read, memory(sources)), all.labels, count, options,
                                      tokens);
  }
  std::vector<TargetGuesses> guesses(const EncodedSources& sources, std::span<const TargetIds> targets) const override {
    const NoGrad no_grad;
    const DecoderTargets all = targets_of(targets);
    return target_guesses(Traits::decode(model(), all.read, memory(sources)), all, target_limits().vocab_size,
                          [this](const Variable& hidden) { return Traits::head(model())(hidden); });
  }

  std::vector<int32_t> beginning() const override {
    if (!generation_.decoder_start_token_id) fail("decoder_start_token_id: neither file of the model has one");
    return {*generation_.decoder_start_token_id};
  }
  std::unique_ptr<Decoder> decoder(std::span<const Encoding* const> sources) const override {
    const NoGrad no_grad;
    const EvaluationMode evaluation(pretrained_.store().mode());
    return Traits::decoder(model(), Traits::encode(model(), packed(sources)));
  }
  std::unique_ptr<Decoder> decoder(const EncodedSources& sources) const override {
    return Traits::decoder(model(), memory(sources));
  }

  std::unique_ptr<TextWriter> on_dry_device(Device dry) const override {
    return std::make_unique<TextWriterOf>(*this, dry);
  }
  void save(const std::string& directory, const Tokenizer* tokenizer, const SaveOptions& options) const override {
    pretrained_.save(directory, tokenizer, Traits::saving(model(), pretrained_.config(), options));
    write_generation_json(generation_json_, directory);
  }

 private:
  const Model& model() const { return pretrained_.model(); }
  Input packed(std::span<const Encoding* const> sources) const {
    return Input::from_encodings(sources, pretrained_.device());
  }
  EncoderMemory memory(const EncodedSources& sources) const {
    return {sources.states, Segments(sources.lengths, pretrained_.device())};
  }
  DecoderTargets targets_of(std::span<const TargetIds> targets) const {
    return DecoderTargets::from_labels({targets.begin(), targets.end()}, pretrained_.config(), pretrained_.device());
  }

  Pretrained<Model> pretrained_;
  Json generation_json_;  // as it was read; null: there is none
  GenerationConfig generation_;
  bool checkpointing_ = false;
  PrefixCache* prefix_cache_ = nullptr;
};

}  // namespace thaw
