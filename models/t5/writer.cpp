// SPDX-License-Identifier: Apache-2.0
// Sources to the encoder, targets to the decoder.
#include "models/t5/writer.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "autograd/tape.h"
#include "models/generation_file.h"
#include "models/hub/pretrained.h"
#include "models/labelled_tokens.h"
#include "models/packed_text.h"
#include "models/t5/decoder.h"
#include "models/t5/family.h"
#include "models/t5/generation.h"
#include "models/t5/t5.h"
#include "nn/mode.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

class T5Writer final : public TextWriter {
 public:
  using TextWriter::loss;

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

  int64_t width() const override { return pretrained_.config().d_model; }
  EncodedSources encode(std::span<const Encoding* const> sources) const override {
    PackedText text = packed(sources);
    if (prefix_cache_)
      text.below = states_below(sources, frozen_prefix(), pretrained_.store(), *prefix_cache_,
                                [this](std::span<const Encoding* const> some, int64_t stages) {
                                  return model().model.encoder.states(packed(some), stages);
                                });
    T5Memory memory = model().model.encode(text);
    std::vector<int32_t> lengths;
    for (int64_t b = 0; b < memory.segments.count(); ++b) lengths.push_back(memory.segments.length(b));
    return {std::move(memory.states), std::move(lengths)};
  }
  FrozenPrefix frozen_prefix() const override {
    return thaw::frozen_prefix(pretrained_.store(), model().model.encoder);
  }
  void set_prefix_cache(PrefixCache* cache) override { prefix_cache_ = cache; }

  Variable loss(const EncodedSources& sources, std::span<const TargetIds> targets, const CrossEntropy& options,
                double count, Tensor* tokens) const override {
    return model().loss(memory(sources), targets_of(targets), count, options, tokens);
  }
  std::vector<TargetGuesses> guesses(const EncodedSources& sources, std::span<const TargetIds> targets) const override {
    const NoGrad no_grad;
    const T5Targets all = targets_of(targets);
    const T5Head& head = model().lm_head;
    const LabelledTokens counted = labelled_tokens(model().model.decoder(all.read, memory(sources)), all.labels);
    const std::span<const int32_t> truths = counted.targets.host();
    const int64_t row_bytes = pretrained_.config().vocab_size * static_cast<int64_t>(sizeof(float));
    const auto chunk = static_cast<size_t>(std::max<int64_t>(1, logits_chunk_bytes / row_bytes));
    std::vector<float> losses;
    std::vector<int32_t> likeliest;
    for (size_t begin = 0; begin < truths.size(); begin += chunk) {
      const size_t end = std::min(begin + chunk, truths.size());
      const Tensor logits =
          head(slice(counted.hidden, 0, static_cast<int64_t>(begin), static_cast<int64_t>(end))).value();
      const Indices some({truths.begin() + static_cast<ptrdiff_t>(begin), truths.begin() + static_cast<ptrdiff_t>(end)},
                         pretrained_.device());
      std::ranges::copy(argmax(logits).to_host<int32_t>(), std::back_inserter(likeliest));
      std::ranges::copy(cross_entropy(logits, some, CrossEntropy{}, false).losses.to_host<float>(),
                        std::back_inserter(losses));
    }
    std::vector<TargetGuesses> guesses;
    size_t next = 0;
    for (int64_t b = 0; b < all.read.count(); ++b) {
      TargetGuesses& of_one = guesses.emplace_back();
      for (auto i = static_cast<size_t>(all.read.segments.begin(b)); i < static_cast<size_t>(all.read.segments.end(b));
           ++i) {
        if (all.labels[i] == -100) continue;
        of_one.loss += static_cast<double>(losses[next]);
        of_one.likeliest.push_back(likeliest[next++]);
      }
    }
    return guesses;
  }

  std::vector<int32_t> beginning() const override {
    if (!generation_.decoder_start_token_id) fail("decoder_start_token_id: neither file of the model has one");
    return {*generation_.decoder_start_token_id};
  }
  std::unique_ptr<Decoder> decoder(std::span<const Encoding* const> sources) const override {
    return std::make_unique<T5Decoder>(model(), packed(sources));
  }
  std::unique_ptr<Decoder> decoder(const EncodedSources& sources) const override {
    return std::make_unique<T5Decoder>(model(), memory(sources));
  }

  std::unique_ptr<TextWriter> on_dry_device(Device dry) const override {
    return std::make_unique<T5Writer>(*this, dry);
  }
  void save(const std::string& directory, const Tokenizer* tokenizer, const SaveOptions& options) const override {
    SaveOptions own = options;
    if (!own.untied.empty() && pretrained_.config().scale_decoder_outputs) {
      // Older readers take a head of its own as one whose inputs are not scaled: it has the factor in itself.
      for (CarriedTensor& tensor : own.untied)
        if (tensor.name == "lm_head.weight") tensor.value = scale(tensor.value, model().lm_head.factor);
      own.config.emplace_back("scale_decoder_outputs", false);
    }
    pretrained_.save(directory, tokenizer, own);
    write_generation_json(generation_json_, directory);
  }

 private:
  const T5ForConditionalGeneration& model() const { return pretrained_.model(); }
  PackedText packed(std::span<const Encoding* const> sources) const {
    return PackedText::from_encodings(sources, pretrained_.device());
  }
  T5Memory memory(const EncodedSources& sources) const {
    return {sources.states, Segments(sources.lengths, pretrained_.device())};
  }
  T5Targets targets_of(std::span<const TargetIds> targets) const {
    return T5Targets::from_labels({targets.begin(), targets.end()}, pretrained_.config(), pretrained_.device());
  }

  Pretrained<T5ForConditionalGeneration> pretrained_;
  Json generation_json_;  // as it was read; null: there is none
  GenerationConfig generation_;
  bool checkpointing_ = false;
  PrefixCache* prefix_cache_ = nullptr;
};

}  // namespace

std::unique_ptr<TextWriter> open_t5_writer(const std::string& directory, const WriterOpening& opening) {
  Checkpoint<T5Config> checkpoint(directory, opening.first_weights);
  Json json = read_generation_json(directory);
  GenerationConfig generation = t5_generation(json, checkpoint.config);
  for (const std::string& note : generation.notes) checkpoint.source.note(note);
  return std::make_unique<T5Writer>(std::move(checkpoint), std::move(json), std::move(generation), opening);
}

}  // namespace thaw
