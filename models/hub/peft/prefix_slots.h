// SPDX-License-Identifier: Apache-2.0
// Prefixes of a model as peft 0.21 has them: one tensor of n rows, in which the keys and the values of each layer stand
// side by side. W channels of all heads, L layers of the file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/attention_prefix.h"
#include "nn/change/model_change.h"

namespace thaw {

// Which columns a model's self-attentions read. Of an encoder-decoder peft gives prefixes to the decoder alone, and
// hands layer i what stands for layer 2 i mod L: of an even L two layers may have the same, of an odd one none have.
class PrefixSlots {
 public:
  // layers: of the file; absent: as many as tell all of the model's apart. std::invalid_argument: the model has no
  // self-attention, or some of other heads; it has other layers than the file.
  explicit PrefixSlots(const ParameterStore& store, std::optional<int64_t> layers = {});

  bool is_encoder_decoder() const { return encoder_decoder_; }
  int64_t layers() const { return layers_; }  // L
  int64_t heads() const { return attentions_[0]->heads; }
  int64_t width() const { return attentions_[0]->width; }  // W

  // rows [n, L 2 W] -> what stands in them for each attention, by their paths.
  std::map<std::string, ModelChange::Prefix> prefixes(const Tensor& rows) const;
  // The way back; what no attention reads is 0. std::invalid_argument that names an attention if peft cannot say it:
  // one has no prefix or another length, has one that peft gives none, or two that share a place have other numbers.
  Tensor rows(const std::map<std::string, ModelChange::Prefix>& prefixes) const;

 private:
  int64_t slot(size_t layer) const {
    const auto i = static_cast<int64_t>(layer);
    return encoder_decoder_ ? 2 * i % layers_ : i;
  }

  std::vector<std::shared_ptr<AttentionPrefix>> attentions_;
  bool encoder_decoder_ = false;
  int64_t layers_ = 0;
};

}  // namespace thaw
