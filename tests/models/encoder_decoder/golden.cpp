// SPDX-License-Identifier: Apache-2.0
// Goldens of encoder-decoders: what was made of a text, and of targets as the decoder reads them.
#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/encoder_decoder/encoder_decoder.h"
#include "models/hub/pretrained.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

class GoldenEncoderDecoder : public GoldenModel {
 public:
  GoldenEncoderDecoder(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), pretrained_(golden.directory(), device, dtype) {
    CHECK(pretrained_.report().initialised.empty());
    CHECK(pretrained_.report().unexpected.empty());
    CHECK(pretrained_.report().notes.empty());
  }
  ParameterStore& store() override { return pretrained_.store(); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const BertInput text = sources(batch);
    const DecoderTargets said = targets(batch);
    std::vector<Variable> encoder, decoder;
    pretrained_.model().decode(said.read, pretrained_.model().encoder.memory(text, &encoder), &decoder);
    return {{"encoder_hidden", in_cells(encoder, text.cells)}, {"decoder_hidden", in_cells(decoder, said.read.cells)}};
  }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    const DecoderTargets said = targets(batch);
    return {{"logits", {pretrained_.model()(sources(batch), said.read), said.read.cells}}};
  }
  Variable loss(int64_t batch) const override { return pretrained_.model().loss(sources(batch), targets(batch)); }
  void save(const std::string& directory) const override { pretrained_.save(directory); }
  bool is_carried(const std::string& name) const override { return name.starts_with("encoder.pooler."); }

 private:
  static std::vector<GoldenOutput> in_cells(const std::vector<Variable>& states, const std::vector<int32_t>& cells) {
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : states) outputs.push_back({rows, cells});
    return outputs;
  }
  BertInput sources(int64_t batch) const {
    return BertInput::from_padded(golden_.padded_text(batch), pretrained_.device());
  }
  DecoderTargets targets(int64_t batch) const {
    const std::string name = golden_.input(batch, "labels");
    const std::vector<int64_t> sizes = golden_.shape(name);
    return DecoderTargets::from_padded(sizes.at(0), sizes.at(1), golden_.integers(name), pretrained_.config(),
                                       pretrained_.device());
  }

  GoldenCase golden_;
  Pretrained<EncoderDecoderModel> pretrained_;
};

std::unique_ptr<GoldenModel> open_encoder_decoder(const GoldenCase& golden, Device device, DType dtype) {
  return std::make_unique<GoldenEncoderDecoder>(golden, device, dtype);
}

const GoldenEntry entry{"EncoderDecoderModel", open_encoder_decoder};

}  // namespace

}  // namespace thaw
