// SPDX-License-Identifier: Apache-2.0
// Reads two directories as one model.
#include "models/warm_start.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "models/encoder_decoder/encoder_decoder.h"
#include "models/fresh_sizes.h"
#include "models/hub/bare_change.h"
#include "models/hub/change_directory.h"
#include "models/hub/pretrained.h"
#include "models/text/tokenizer.h"
#include "nn/name_pattern.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {

namespace {

constexpr std::string_view of_encoder = "encoder.", of_decoder = "decoder.bert.", of_head = "decoder.";

Checkpoint<BertConfig> opened(const std::string& directory, bool random) {
  if (holds_change(directory))
    fail("{}: holds what changed of a base, not a model: `thaw merge` makes a model of it", directory);
  return Checkpoint<BertConfig>(directory, random ? FirstWeights::random : FirstWeights::checkpoint);
}

// As a part of another: nothing of what it was for.
Json plain(const BertConfig& config) {
  Json json = config.to_json(Bert::architecture);
  for (const char* key : {"architectures", "id2label", "label2id", "problem_type", "dtype", "transformers_version"})
    json.erase(key);
  return json;
}

// Names of an encoder-decoder to those of the two models, with the prefix that a task model has.
class TwoModels final : public TensorSource {
 public:
  TwoModels(CheckpointSource& encoder, CheckpointSource& decoder, bool words_of_decoder)
      : encoder_(encoder), decoder_(decoder), words_of_decoder_(words_of_decoder) {}
  std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) override {
    const auto from = [&](CheckpointSource& source, const std::string& own) {
      return source.load(own, shape, dtype, device);
    };
    const auto behind = [&](std::string_view part) { return name.substr(part.size()); };
    if (words_of_decoder_ && name == "encoder.embeddings.word_embeddings.weight")
      return from(decoder_, "bert." + behind(of_encoder));
    if (name.starts_with(of_encoder)) return from(encoder_, "bert." + behind(of_encoder));
    if (name.find(".crossattention.") != std::string::npos || !name.starts_with(of_head)) return {};
    return from(decoder_, name.starts_with(of_decoder) ? "bert." + behind(of_decoder) : behind(of_head));
  }

 private:
  CheckpointSource &encoder_, &decoder_;
  bool words_of_decoder_;
};

void check_same_words(const Tokenizer& tokenizer, const WarmStart& parts) {
  if (parts.decoder == parts.encoder) return;
  const auto other = load_tokenizer(tokenizer_directory(parts.decoder));
  bool same = tokenizer.vocab_size() == other->vocab_size();
  for (size_t id = 0; same && id < tokenizer.vocab_size(); ++id)
    same = tokenizer.token(static_cast<int32_t>(id)) == other->token(static_cast<int32_t>(id));
  if (!same) fail("{}: its tokens are not those of {}: one tokenizer reads and writes", parts.decoder, parts.encoder);
}

// The pooler that nothing reads: the reference library expects it.
std::vector<CarriedTensor> pooler_of(const CheckpointSource& source) {
  std::vector<CarriedTensor> carried;
  for (const char* name : {"pooler.dense.weight", "pooler.dense.bias"})
    if (const SafetensorsEntry* entry = source.find(std::string("bert.") + name); entry && entry->thaw_dtype())
      carried.push_back(
          {std::string(of_encoder) + name,
           Tensor::from_bytes(entry->bytes, Shape(entry->shape), *entry->thaw_dtype(), Device::open("reference"))});
  return carried;
}

EncoderDecoderConfig config_of(const WarmStart& parts, const BertConfig& encoder, BertConfig decoder,
                               const Tokenizer& tokenizer) {
  const int64_t layers = parts.decoder_layers.value_or(decoder.num_hidden_layers);
  if (layers > decoder.num_hidden_layers && !parts.random_decoder)
    fail("{}: has {}, not {} for the decoder", parts.decoder, counted(decoder.num_hidden_layers, "layer"), layers);
  decoder.num_hidden_layers = layers;
  if (const auto tokens = static_cast<int64_t>(tokenizer.plain_vocab_size()); tokens > decoder.vocab_size)
    fail("{}: the tokenizer of {} has {}, the decoder knows {} only", parts.decoder, parts.encoder,
         counted(tokens, "token"), decoder.vocab_size);
  const auto id = [&](std::optional<int32_t> token, const char* role) { return needed_token(token, role, "BERT"); };
  const WriterTokens tokens{.pad_token_id = id(tokenizer.special().pad, "padding"),
                            .decoder_start_token_id = id(tokenizer.special().cls, "[CLS]"),
                            .eos_token_ids = {id(tokenizer.special().sep, "[SEP]")}};
  const EncoderDecoderTie tie = parts.share            ? EncoderDecoderTie::layers
                                : parts.tie_embeddings ? EncoderDecoderTie::words
                                                       : EncoderDecoderTie::none;
  const Json json = encoder_decoder_json(plain(encoder), plain(decoder), tokens, tie);
  return EncoderDecoderConfig::from_json(Json::parse(json.dump(), fmt::format("{}, {}", parts.encoder, parts.decoder)));
}

std::vector<std::string> told_of(const WarmStart& parts, const EncoderDecoderConfig& config, int64_t layers_there,
                                 const ParameterStore& store) {
  const auto of = [](const std::string& directory, bool random) {
    return directory + (random ? ", random numbers" : "");
  };
  std::vector<std::string> notes = {fmt::format("encoder: {}, {}", of(parts.encoder, parts.random_encoder),
                                                counted(config.encoder.num_hidden_layers, "layer"))};
  const std::string layers =
      config.decoder.num_hidden_layers < layers_there
          ? fmt::format("the lowest {} of {} layers", config.decoder.num_hidden_layers, layers_there)
          : counted(config.decoder.num_hidden_layers, "layer");
  notes.push_back(parts.share ? fmt::format("decoder: {}, which are the encoder's", layers)
                              : fmt::format("decoder: {}, {}", of(parts.decoder, parts.random_decoder), layers));
  if (parts.tie_embeddings && !parts.share) notes.emplace_back("tied: words of encoder and decoder");
  int64_t cross = 0, head = 0;
  for (const std::string& name : store.initialised()) {
    if (name.find(".crossattention.") != std::string::npos)
      ++cross;
    else if (name.starts_with(of_head) && !parts.random_decoder)
      ++head;
  }
  notes.push_back(fmt::format("new: attention of the decoder to the encoder, {}", counted(cross, "tensor")));
  if (config.encoder.hidden_size != config.decoder.hidden_size)
    notes.push_back(fmt::format("new: enc_to_dec_proj, from states of {} to states of {}",
                                counted(config.encoder.hidden_size, "number"), config.decoder.hidden_size));
  if (head > 0)
    notes.push_back(fmt::format("new: decoder.cls.predictions, {}, as {} has none for masked words",
                                counted(head, "tensor"), parts.decoder));
  return notes;
}

// What was decided as the directory was read. Its last line, that some of the body's tensors are not used, is none
// where that is asked for: whole is false.
std::vector<std::string> notes_of(const Checkpoint<BertConfig>& checkpoint, const ParameterStore& store, bool whole) {
  const LoadReport report = checkpoint.source.report(store);
  std::vector<std::string> notes = report.notes;
  const CheckpointNames names = checkpoint.config.checkpoint_names();
  const auto is_of_body = [&](const std::string& tensor) {
    return std::ranges::any_of(names.required, [name = parameter_name(names, tensor)](const std::string& pattern) {
      return matches(pattern, name);
    });
  };
  if (!whole && std::ranges::any_of(report.unexpected, is_of_body)) notes.pop_back();
  return notes;
}

void add_notes(std::vector<std::string>& all, const std::string& directory, const std::vector<std::string>& notes) {
  for (const std::string& note : notes)
    all.push_back(note.starts_with(directory) ? note : fmt::format("{}: {}", directory, note));
}

}  // namespace

WarmStarted write_warm_start(const std::string& directory, const WarmStart& parts, Device device, uint64_t seed) {
  Checkpoint<BertConfig> encoder = opened(parts.encoder, parts.random_encoder);
  Checkpoint<BertConfig> decoder = opened(parts.decoder, parts.random_decoder);
  const auto tokenizer = load_tokenizer(tokenizer_directory(parts.encoder));
  check_same_words(*tokenizer, parts);
  const EncoderDecoderConfig config = config_of(parts, encoder.config, decoder.config, *tokenizer);

  ParameterStore store(device, DType::f32, seed);
  TwoModels source(encoder.source, decoder.source,
                   parts.tie_embeddings && !parts.share && parts.random_encoder && !parts.random_decoder);
  store.set_source(&source);
  const EncoderDecoderModel model{Scope(store), config};
  store.set_source(nullptr);
  std::vector<CarriedTensor> carried = pooler_of(encoder.source);
  for (CarriedTensor& copy : model.copies()) carried.push_back(std::move(copy));
  save_pretrained(directory, config.to_json(EncoderDecoderModel::architecture), store, tokenizer.get(), {}, carried);
  Json generation = Json::object();
  generation.set("decoder_start_token_id", *config.decoder_start_token_id);
  generation.set("eos_token_id", config.eos_token_ids[0]).set("pad_token_id", *config.pad_token_id);
  generation.write(directory + "/generation_config.json", {.indent = 2, .sort_keys = true});

  WarmStarted made{.notes = told_of(parts, config, decoder.config.num_hidden_layers, store)};
  add_notes(made.notes, parts.encoder, notes_of(encoder, store, true));
  if (parts.decoder != parts.encoder) {
    const bool whole =
        config.tie == EncoderDecoderTie::none && config.decoder.num_hidden_layers == decoder.config.num_hidden_layers;
    add_notes(made.notes, parts.decoder, notes_of(decoder, store, whole));
  }
  for (const Parameter& parameter : store.all()) made.parameters += parameter.value().numel();
  made.bytes = static_cast<uint64_t>(made.parameters) * sizeof(float);
  return made;
}

}  // namespace thaw
