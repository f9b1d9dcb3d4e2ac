// SPDX-License-Identifier: Apache-2.0
// The names in checkpoints of encoder-decoders, and what their tensors decide.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "models/encoder_decoder/config.h"
#include "models/hub/tied_tensors.h"

namespace thaw {

namespace {

constexpr const char* words = "embeddings.word_embeddings.weight";
constexpr const char* head = "decoder.cls.predictions.decoder.weight";
constexpr const char* head_bias = "decoder.cls.predictions.bias";
constexpr const char* decoder_bias = "decoder.cls.predictions.decoder.bias";

std::string of_encoder(const std::string& name) { return "encoder." + name; }
std::string of_decoder(const std::string& name) { return "decoder.bert." + name; }

}  // namespace

std::vector<std::string> EncoderDecoderConfig::tied_names() const {
  if (tie == EncoderDecoderTie::none) return {};
  std::vector<std::string> names = {words};
  if (tie == EncoderDecoderTie::words) return names;
  for (const char* name :
       {"position_embeddings.weight", "token_type_embeddings.weight", "LayerNorm.weight", "LayerNorm.bias"})
    names.push_back(fmt::format("embeddings.{}", name));
  for (int64_t layer = 0; layer < decoder.num_hidden_layers; ++layer)
    for (const char* part :
         {"attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
          "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"})
      for (const char* kind : {"weight", "bias"})
        names.push_back(fmt::format("encoder.layer.{}.{}.{}", layer, part, kind));
  return names;
}

CheckpointNames EncoderDecoderConfig::checkpoint_names() const {
  CheckpointNames names;
  names.bare = {"encoder.pooler.*"};  // nothing reads it: it is carried along
  names.old_endings = {{"LayerNorm.weight", "LayerNorm.gamma"}, {"LayerNorm.bias", "LayerNorm.beta"}};
  names.tied = {{head_bias, decoder_bias}};
  if (decoder.tie_word_embeddings) names.tied.emplace_back(of_decoder(words), head);
  for (const std::string& name : tied_names()) names.tied.emplace_back(of_encoder(name), of_decoder(name));
  if (tie != EncoderDecoderTie::none && decoder.tie_word_embeddings) names.tied.emplace_back(of_encoder(words), head);
  names.ignored = {"*embeddings.position_ids"};
  names.required = {"encoder.embeddings.*", "encoder.encoder.*", "decoder.*", "enc_to_dec_proj.*"};
  return names;
}

void EncoderDecoderConfig::settle(CheckpointSource& source) {
  if (source.first_weights() == FirstWeights::random) {
    for (const BertConfig* part : {&encoder, &decoder}) check_can_begin(part->json, "initializer_range");
    return;
  }
  source.carry_body();
  std::vector<std::pair<std::string, std::string>> of_head = {{of_decoder(words), head}, {head_bias, decoder_bias}};
  // A table that both have may be there under the encoder's name alone.
  if (tie != EncoderDecoderTie::none && !source.find_own(of_decoder(words))) of_head[0].first = of_encoder(words);
  for (const auto& [first, second] : of_head) {
    if (!decoder.tie_word_embeddings || !differ(source, first, second)) continue;
    decoder.tie_word_embeddings = false;
    source.note(fmt::format("{} differs from {}: tie_word_embeddings of the decoder is now false", second, first));
  }
  const std::vector<std::string> tied = tied_names();
  const auto other = std::ranges::find_if(
      tied, [&](const std::string& name) { return differ(source, of_encoder(name), of_decoder(name)); });
  if (other == tied.end()) return;
  tie = tie == EncoderDecoderTie::layers && *other != words ? EncoderDecoderTie::words : EncoderDecoderTie::none;
  source.note(fmt::format("{} differs from {}: {}", of_decoder(*other), of_encoder(*other),
                          tie == EncoderDecoderTie::none ? "encoder and decoder are not tied"
                                                         : "of encoder and decoder words alone are tied"));
}

}  // namespace thaw
