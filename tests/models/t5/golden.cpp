// SPDX-License-Identifier: Apache-2.0
// Goldens of T5: what was made of a text, and of targets as the decoder reads them.
#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/t5/t5.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

class GoldenT5 : public GoldenModel {
 public:
  GoldenT5(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), t5_(golden.directory(), device, dtype) {
    CHECK(t5_.report().initialised.empty());
    CHECK(t5_.report().unexpected.empty());
    CHECK(t5_.report().notes.empty());
  }
  ParameterStore& store() override { return t5_.store(); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const PackedText text = sources(batch);
    const DecoderTargets said = targets(batch);
    const T5Model& model = t5_.model().model;
    std::vector<Variable> encoder, decoder;
    const Variable states = model.encoder(text, {}, &encoder);
    model.decoder(said.read, {states, text.segments}, &decoder);
    return {{"encoder_hidden", in_cells(encoder, text.cells)}, {"decoder_hidden", in_cells(decoder, said.read.cells)}};
  }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    const DecoderTargets said = targets(batch);
    return {{"logits", {t5_.model()(sources(batch), said.read), said.read.cells}}};
  }
  Variable loss(int64_t batch) const override { return t5_.model().loss(sources(batch), targets(batch)); }
  void save(const std::string& directory) const override { t5_.save(directory); }
  double rounding_growth() const override { return t5_.config().head_is_shared ? 1 : 5; }
  // The reference library in f32, its weights off by one rounding, over the same 20 steps of f64: norms differ by up to
  // 2.7e-4 (t5_v10), 6.4e-4 (t5_gated_tied), 2.6e-3 (t5_v11), losses by 1.1e-6, 2.4e-5, 2.2e-4. With the encoder
  // frozen: norms by 5.9e-6, 2.9e-5, 1.3e-4.
  double norm_growth() const override { return 10; }
  // RMSNorm's variance is f32 in the library's T5, whatever the model's type; umt5's golden was made without that.
  bool reference_is_rounded() const override { return t5_.config().model_type != "umt5"; }

 private:
  static std::vector<GoldenOutput> in_cells(const std::vector<Variable>& states, const std::vector<int32_t>& cells) {
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : states) outputs.push_back({rows, cells});
    return outputs;
  }
  PackedText sources(int64_t batch) const { return PackedText::from_padded(golden_.padded_text(batch), t5_.device()); }
  DecoderTargets targets(int64_t batch) const {
    const std::string name = golden_.input(batch, "labels");
    const std::vector<int64_t> sizes = golden_.shape(name);
    return DecoderTargets::from_padded(sizes.at(0), sizes.at(1), golden_.integers(name), t5_.config(), t5_.device());
  }

  GoldenCase golden_;
  Pretrained<T5ForConditionalGeneration> t5_;
};

std::unique_ptr<GoldenModel> open_t5(const GoldenCase& golden, Device device, DType dtype) {
  return std::make_unique<GoldenT5>(golden, device, dtype);
}

const GoldenEntry entries[] = {
    {"T5ForConditionalGeneration", open_t5},
    {"MT5ForConditionalGeneration", open_t5},
    {"UMT5ForConditionalGeneration", open_t5},
};

}  // namespace

}  // namespace thaw
