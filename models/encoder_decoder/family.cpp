// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of an encoder-decoder: it writes texts.
#include "models/encoder_decoder/family.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/bert/sequence_body.h"
#include "models/encoder_decoder/rows.h"
#include "models/writer_family.h"
#include "nn/change/since_base.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// peft knows a module by one name: of those that encoder and decoder have in common, the encoder's.
void check_is_of_one_half(const ModelChange& change, const EncoderDecoderConfig& c) {
  for (const std::string& name : c.tied_names()) {
    const std::string tensor = "encoder." + name, product = tensor.substr(0, tensor.rfind('.'));
    const bool adapted = change.products.contains(product);
    check(!adapted && !change.tensors.contains(tensor) && !change.rows.contains(tensor),
          "{}: encoder and decoder have it in common: peft would change the encoder's alone",
          adapted ? product : tensor);
  }
}

// A part whose biases are all 0, as only those are that no step has moved, and of which nothing is trained.
bool is_new_and_frozen(const ParameterStore& store, std::string_view part) {
  bool has_biases = false;
  for (const Parameter& parameter : store.all()) {
    const std::string& name = parameter.name();
    if (name.find(part) == std::string::npos || name.find(".bias") == std::string::npos) continue;
    if (!parameter.frozen()) return false;
    const std::vector<float> numbers = parameter.value().to_host<float>();
    if (std::ranges::any_of(numbers, [](float x) { return x != 0; })) return false;
    has_biases = true;
  }
  return has_biases;
}

struct EncoderDecoderWriting {
  using Model = EncoderDecoderModel;
  using Input = BertInput;
  static constexpr std::string_view usual_start = "BERT's is that of [CLS]";

  static TextLimits limits_of(const BertConfig& c) { return {c.max_position_embeddings, c.vocab_size}; }
  static TextLimits source_limits(const EncoderDecoderConfig& c) { return limits_of(c.encoder); }
  static TextLimits target_limits(const EncoderDecoderConfig& c) { return limits_of(c.decoder); }
  static int64_t width(const EncoderDecoderConfig& c) { return c.encoder.hidden_size; }

  static Fingerprint switches(const EncoderDecoderConfig& c) {
    const auto id = [](const std::optional<int64_t>& token) { return token ? fmt::format("{}", *token) : "none"; };
    Fingerprint switches = {{"tie", fmt::format("{}", static_cast<int>(c.tie))},
                            {"decoder_start_token_id", id(c.decoder_start_token_id)},
                            {"pad_token_id", id(c.pad_token_id)}};
    for (const auto& [key, value] : switches_of_body(c.encoder)) switches["encoder." + key] = value;
    for (const auto& [key, value] : switches_of_body(c.decoder)) switches["decoder." + key] = value;
    return switches;
  }

  static const Bert& encoder(const Model& m) { return m.encoder; }
  static EncoderMemory encode(const Model& m, const BertInput& sources) { return m.encode(sources); }
  static Variable decode(const Model& m, const PackedText& read, const EncoderMemory& memory) {
    return m.decode(read, memory);
  }
  static const BertPredictionHead& head(const Model& m) { return m.predictions; }
  static std::unique_ptr<Decoder> decoder(const Model& m, const EncoderMemory& memory) {
    return std::make_unique<EncoderDecoderRows>(m, memory);
  }
  static void set_checkpointing(Model& m, bool on) { m.set_checkpointing(on); }

  static std::vector<std::string> warnings(const ParameterStore& store) {
    std::vector<std::string> lines;
    for (const auto& [what, rule, part] :
         {std::tuple("the attention of the decoder to the encoder", "*crossattention*", ".crossattention."),
          {"the decoder's head", "decoder.cls.*", "decoder.cls."}})
      if (is_new_and_frozen(store, part))
        lines.push_back(
            fmt::format("{} is frozen, and begins with random numbers that nothing has trained yet: rules that train "
                        "{} let it learn",
                        what, rule));
    return lines;
  }

  static SaveOptions saving(const Model& m, const EncoderDecoderConfig& c, SaveOptions options) {
    if (options.as_peft) check_is_of_one_half(change_since_base(m.decoder.scope.store()), c);
    if (options.untied.empty()) return options;
    Json decoder = *c.to_json(Model::architecture).find("decoder");
    options.config.emplace_back("decoder", decoder.set("tie_word_embeddings", false));
    return options;
  }
};

// Warm-started tensors are commonly moved by 3e-5 to 1e-4; the attention between the two begins anew.
double encoder_decoder_rate(std::string_view optimizer) { return optimizer == "adamw" ? 1e-4 : usual_learning_rate; }

}  // namespace

constinit const ModelFamily encoder_decoder_family = {
    .model_type = "encoder-decoder",
    .checkpoint_names = [](const Json& json) { return EncoderDecoderConfig::from_json(json).checkpoint_names(); },
    .facts =
        [](const Json& json) {
          const EncoderDecoderConfig config = EncoderDecoderConfig::from_json(json);
          return TextFacts{{}, {}, EncoderDecoderWriting::source_limits(config)};
        },
    .open = nullptr,
    .open_writer = TextWriterOf<EncoderDecoderWriting>::open,
    .learning_rate = encoder_decoder_rate};

}  // namespace thaw
