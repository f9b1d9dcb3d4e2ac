// SPDX-License-Identifier: Apache-2.0
// Sources to the encoder, targets to the decoder.
#include "models/t5/writer.h"

#include "models/t5/decoder.h"
#include "models/t5/family.h"
#include "models/t5/t5.h"
#include "models/writer_family.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

struct T5Writing {
  using Model = T5ForConditionalGeneration;
  using Input = PackedText;
  static constexpr std::string_view usual_start = "T5's is pad_token_id";

  static TextLimits source_limits(const T5Config& c) { return {.vocab_size = c.vocab_size}; }
  static TextLimits target_limits(const T5Config& c) { return source_limits(c); }
  static int64_t width(const T5Config& c) { return c.d_model; }
  static Fingerprint switches(const T5Config& c) { return t5_switches(c); }

  static const T5Stack& encoder(const Model& m) { return m.model.encoder; }
  static EncoderMemory encode(const Model& m, const PackedText& sources) { return m.model.encode(sources); }
  static Variable decode(const Model& m, const PackedText& read, const EncoderMemory& memory) {
    return m.model.decoder(read, memory);
  }
  static const T5Head& head(const Model& m) { return m.lm_head; }
  static std::unique_ptr<Decoder> decoder(const Model& m, const EncoderMemory& memory) {
    return std::make_unique<T5Decoder>(m, memory);
  }
  static void set_checkpointing(Model& m, bool on) { m.model.set_checkpointing(on); }
  static SaveOptions saving(const Model& m, const T5Config& c, SaveOptions options) {
    if (options.untied.empty() || !c.scale_decoder_outputs) return options;
    // Older readers take a head of its own as one whose inputs are not scaled: it has the factor in itself.
    for (CarriedTensor& tensor : options.untied)
      if (tensor.name == "lm_head.weight") tensor.value = scale(tensor.value, m.lm_head.factor);
    options.config.emplace_back("scale_decoder_outputs", false);
    return options;
  }
};

}  // namespace

std::unique_ptr<TextWriter> open_t5_writer(const std::string& directory, const WriterOpening& opening) {
  return TextWriterOf<T5Writing>::open(directory, opening);
}

}  // namespace thaw
