// SPDX-License-Identifier: Apache-2.0
// Makes a family of text models from its modules. Its Traits have
//   using Config = ...; using Input = ...                      Input::from_encodings(encodings, device)
//   static TextLimits limits(const Config&)
//   static int64_t width(const Config&)                        of a last hidden state
//   static Fingerprint switches(const Config&)                 see TextModel
//   static const auto& trunk(const auto& model)                what lies below its head (prefix/frozen_prefix.h);
//                                                              without it nothing of what is frozen is kept
//   static void set_checkpointing(auto& model, bool on)
//   template <typename Head> static constexpr std::string_view architecture
//                                                              of heads that have another name than their own there
//   static const std::vector<int64_t>& ends(const Config&)     ids of tokens that end a text: of heads that continue
//                                                              texts
// and each Head, beside what Pretrained asks of a model (hub/pretrained.h),
//   static constexpr const char* head = "classifier"           what the names of its own parameters begin with
//   static constexpr const char* output = "classifier.out"     its last Linear, if that is not `head` itself, ...
//   static constexpr WeightLayout output_layout = ...          ... and how its weight is stored, if not [out, in]
//   static constexpr const char* also_in = "ForPreTraining"    ... and which other architectures have this head
//   Variable operator()(const Input&) const
//   Variable at_tokens(const Input&, const Indices&) const      where rows of operator() are cheaper than all of them
//   Variable loss_at_tokens(const Input&, const Indices& tokens, const Indices& truths, double count) const
//                                                              where their cross-entropy is cheaper than at_tokens'
//   std::unique_ptr<Decoder> decoder() const                   of one that continues texts
//   ClassesAndWords classes_and_words(const Input&, const Indices& tokens, const Indices& truths, double count) const
//                                                              see TextModel
//   logits_at, loss_at                                         of a head that tells of next sentences, too: as
//                                                              BertForPreTraining has them (next_sentence_model.h)
// (a model without `head` has none: its outputs are its last hidden states).
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "models/families.h"
#include "models/generation_file.h"
#include "models/hub/pretrained.h"
#include "models/next_sentence_model.h"
#include "models/prompted_limits.h"
#include "models/text_model.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

template <typename Traits, typename Model>
constexpr TextHead text_head_of() {
  TextHead head{Model::architecture, {}, {}};
  if constexpr (requires { Traits::template architecture<Model>; })
    head.architecture = Traits::template architecture<Model>;
  if constexpr (requires { Model::head; }) head.path = head.output = Model::head;
  if constexpr (requires { Model::output; }) head.output = Model::output;
  if constexpr (requires { Model::output_layout; }) head.layout = Model::output_layout;
  if constexpr (requires { Model::also_in; }) head.also_in = Model::also_in;
  return head;
}

template <typename Traits, typename Model>
class TextModelOf : public TextModel {
 public:
  TextModelOf(Checkpoint<typename Traits::Config> checkpoint, Device device, DType dtype, uint64_t seed,
              PrepareStore prepare)
      : generation_json_(generation_json_of(checkpoint)),
        generation_(generation_of(generation_json_, checkpoint)),
        pretrained_(std::move(checkpoint), device, dtype, seed, std::move(prepare)) {}
  TextModelOf(const TextModelOf& like, Device dry)
      : generation_json_(like.generation_json_), generation_(like.generation_), pretrained_(like.pretrained_, dry) {
    set_checkpointing(like.checkpointing_);
  }

  const PretrainedConfig& config() const override { return pretrained_.config(); }
  TextLimits limits() const override {
    return behind_prompts(Traits::limits(pretrained_.config()), pretrained_.store());
  }
  int64_t width() const override { return Traits::width(pretrained_.config()); }
  ParameterStore& store() override { return pretrained_.store(); }
  const LoadReport& report() const override { return pretrained_.report(); }
  TextHead head() const override { return text_head_of<Traits, Model>(); }
  Variable operator()(std::span<const Encoding* const> texts) const override {
    return pretrained_.model()(input_of(texts));
  }
  Variable at_tokens(std::span<const Encoding* const> texts, const std::vector<int32_t>& tokens) const override {
    return rows_of(input_of(texts), Indices(tokens, pretrained_.device()));
  }
  Variable loss_at_tokens(std::span<const Encoding* const> texts, const std::vector<int32_t>& tokens,
                          const std::vector<int32_t>& truths, double count) const override {
    const auto input = input_of(texts);
    const Indices rows(tokens, pretrained_.device()), classes(truths, pretrained_.device());
    const Model& model = pretrained_.model();
    if constexpr (requires { model.loss_at_tokens(input, rows, classes, count); })
      return model.loss_at_tokens(input, rows, classes, count);
    else
      return cross_entropy(rows_of(input, rows), classes, {}, count);
  }
  ClassesAndWords classes_and_words(std::span<const Encoding* const> texts, const std::vector<int32_t>& tokens,
                                    const std::vector<int32_t>& truths, double count) const override {
    if constexpr (has_words_beside)
      return pretrained_.model().classes_and_words(input_of(texts, true), Indices(tokens, pretrained_.device()),
                                                   Indices(truths, pretrained_.device()), count);
    else
      return {};
  }
  bool has_classes_and_words() const override { return has_words_beside; }
  std::unique_ptr<Decoder> decoder() const override {
    if constexpr (continues_texts)
      return pretrained_.model().decoder();
    else
      return nullptr;
  }
  const GenerationConfig* generation() const override { return continues_texts ? &generation_ : nullptr; }
  std::vector<std::string> unread() const override {
    if constexpr (requires { pretrained_.model().unread(); })
      return pretrained_.model().unread();
    else
      return {};
  }
  void set_checkpointing(bool on) override {
    checkpointing_ = on;
    Traits::set_checkpointing(pretrained_.model(), on);
  }
  FrozenPrefix frozen_prefix() const override { return prefix_of(prefix_cache_ && prefix_cache_->all_rows()); }
  void set_prefix_cache(PrefixCache* cache) override { prefix_cache_ = cache; }
  Fingerprint switches() const override { return Traits::switches(pretrained_.config()); }
  std::unique_ptr<TextModel> on_dry_device(Device dry) const override {
    return std::make_unique<TextModelOf>(*this, dry);
  }
  void save(const std::string& directory, const Processor* processor, const SaveOptions& options) const override {
    pretrained_.save(directory, processor, options);
    write_generation_json(generation_json_, directory);
  }

 protected:
  static constexpr bool has_trunk = requires(const Model& model) { Traits::trunk(model); };
  static constexpr bool continues_texts = requires(const Model& model) { model.decoder(); };
  static constexpr bool has_words_beside =
      requires(const Model& model, const typename Traits::Input& input, const Indices& rows) {
    model.classes_and_words(input, rows, rows, 0.0);
  };

  FrozenPrefix prefix_of(bool all_rows) const {
    if constexpr (has_trunk)
      return thaw::frozen_prefix(pretrained_.store(), Traits::trunk(pretrained_.model()), all_rows);
    else
      return {};
  }
  // all_rows: what is above the body reads each token's row, whatever is kept.
  typename Traits::Input input_of(std::span<const Encoding* const> texts, bool all_rows = false) const {
    const auto read = [this](std::span<const Encoding* const> some) {
      return Traits::Input::from_encodings(some, pretrained_.device());
    };
    typename Traits::Input input = read(texts);
    if constexpr (has_trunk) {
      if (prefix_cache_)
        input.below = states_below(texts, prefix_of(all_rows || prefix_cache_->all_rows()), pretrained_.store(),
                                   *prefix_cache_, [&](std::span<const Encoding* const> some, int64_t stages) {
                                     return Traits::trunk(pretrained_.model()).states(read(some), stages);
                                   });
    }
    return input;
  }
  Variable rows_of(const typename Traits::Input& input, const Indices& rows) const {
    const Model& model = pretrained_.model();
    if constexpr (requires { model.at_tokens(input, rows); })
      return model.at_tokens(input, rows);
    else
      return take_rows(model(input), rows);
  }

  // Of a head that continues texts.
  static Json generation_json_of(const Checkpoint<typename Traits::Config>& checkpoint) {
    return continues_texts ? read_generation_json(checkpoint.source.directory()) : Json();
  }
  static GenerationConfig generation_of(const Json& json, Checkpoint<typename Traits::Config>& checkpoint) {
    GenerationConfig generation;
    if constexpr (continues_texts) {
      const auto& config = checkpoint.config;
      generation = causal_generation(json, config.json, Traits::ends(config), config.vocab_size);
      for (const std::string& note : generation.notes) checkpoint.source.note(note);
    }
    return generation;
  }

  Json generation_json_;  // as it was read; null: there is none
  GenerationConfig generation_;
  Pretrained<Model> pretrained_;
  bool checkpointing_ = false;
  PrefixCache* prefix_cache_ = nullptr;
};

// Of a head that has `logits_at` and `loss_at`.
template <typename Traits, typename Model>
class NextSentenceModelOf final : public TextModelOf<Traits, Model>, public NextSentenceModel {
 public:
  using TextModelOf<Traits, Model>::TextModelOf;
  Logits logits(std::span<const Encoding* const> texts, const std::vector<int32_t>& tokens) const override {
    const auto logits = this->pretrained_.model().logits_at(this->input_of(texts), indices(tokens));
    return {logits.words, logits.next_sentence};
  }
  Variable loss(std::span<const Encoding* const> texts, const Truths& truths, const Counts& counts) const override {
    return this->pretrained_.model().loss_at(this->input_of(texts), indices(truths.tokens), indices(truths.words),
                                             indices(truths.next_sentence), counts.words, counts.pairs);
  }
  std::unique_ptr<TextModel> on_dry_device(Device dry) const override {
    return std::make_unique<NextSentenceModelOf>(*this, dry);
  }

 private:
  Indices indices(const std::vector<int32_t>& numbers) const { return {numbers, this->pretrained_.device()}; }
};

template <typename Model>
concept TellsOfNextSentence = requires {
  &Model::logits_at;
};

template <typename Traits, typename... Heads>
class TextCheckpointOf final : public TextCheckpoint {
 public:
  explicit TextCheckpointOf(const std::string& directory, FirstWeights first = FirstWeights::checkpoint)
      : checkpoint_(directory, first) {}
  PretrainedConfig& config() override { return checkpoint_.config; }
  CheckpointSource& source() override { return checkpoint_.source; }
  bool has(std::string_view ending) const override {
    return std::ranges::any_of(entries, [&](const Entry& entry) { return entry.head.architecture.ends_with(ending); });
  }
  TextHead head(std::string_view ending) const override { return find(ending).head; }
  std::unique_ptr<TextModel> build(std::string_view ending, Device device, DType dtype, uint64_t seed,
                                   PrepareStore prepare) override {
    return find(ending).build(std::move(checkpoint_), device, dtype, seed, std::move(prepare));
  }
  bool widen_words(int64_t words, uint64_t seed) override {
    const Json& json = checkpoint_.config.json;
    const ModelFamily& family = family_of(json);
    if constexpr (requires(typename Traits::Config & config) { config.vocab_size = words; }) {
      if (checkpoint_.config.vocab_size >= words) return false;
      if (!family.words.empty()) {
        checkpoint_.config.vocab_size = words;
        checkpoint_.source.draw_missing_rows(
            {std::string(family.words), json.get_number_or("initializer_range", 0.02, 0, 1000), seed});
        return true;
      }
    }
    fail("{}: no words can be added to models of {}", json.where("model_type"), quote(family.model_type));
  }

 private:
  struct Entry {
    TextHead head;
    std::unique_ptr<TextModel> (*build)(Checkpoint<typename Traits::Config>, Device, DType, uint64_t, PrepareStore);
  };
  template <typename Model>
  static std::unique_ptr<TextModel> build_model(Checkpoint<typename Traits::Config> checkpoint, Device device,
                                                DType dtype, uint64_t seed, PrepareStore prepare) {
    using Opened =
        std::conditional_t<TellsOfNextSentence<Model>, NextSentenceModelOf<Traits, Model>, TextModelOf<Traits, Model>>;
    return std::make_unique<Opened>(std::move(checkpoint), device, dtype, seed, std::move(prepare));
  }
  static constexpr Entry entries[] = {{text_head_of<Traits, Heads>(), build_model<Heads>}...};

  const Entry& find(std::string_view ending) const {
    for (const Entry& entry : entries)
      if (entry.head.architecture.ends_with(ending)) return entry;
    fail("{}: there is no {} of this family of models", checkpoint_.source.directory(), ending);
  }

  Checkpoint<typename Traits::Config> checkpoint_;
};

// The line of such a family in the table of families.
template <typename Traits, typename... Heads>
constexpr ModelFamily text_family(std::string_view model_type) {
  using Config = typename Traits::Config;
  return {.model_type = model_type,
          .checkpoint_names = [](const Json& json) { return Config::from_json(json).checkpoint_names(); },
          .facts =
              [](const Json& json) {
                const Config config = Config::from_json(json);
                return TextFacts{config.labels, config.problem_type, Traits::limits(config)};
              },
          .open = [](const std::string& directory, FirstWeights first) -> std::unique_ptr<TextCheckpoint> {
            return std::make_unique<TextCheckpointOf<Traits, Heads...>>(directory, first);
          }};
}

}  // namespace thaw
