// SPDX-License-Identifier: Apache-2.0
// Columns to layers and back.
#include "models/hub/peft/prefix_slots.h"

#include <algorithm>

#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {

PrefixSlots::PrefixSlots(const ParameterStore& store, std::optional<int64_t> layers) {
  const auto& all = store.attention_prefixes();
  const auto is_causal = [](const auto& attention) { return attention->causal; };
  encoder_decoder_ = std::ranges::any_of(all, is_causal) && !std::ranges::all_of(all, is_causal);
  for (const auto& attention : all)
    if (attention->causal || !encoder_decoder_) attentions_.push_back(attention);
  check(!attentions_.empty(), "a model without self-attention takes no prefix");
  for (const auto& attention : attentions_)
    check(attention->heads == heads() && attention->width == width(),
          "{} has {} heads, {} wide in all, {} has {}, {} wide: peft has the same for all", attention->path,
          attention->heads, attention->width, attentions_[0]->path, heads(), width());
  const auto own = static_cast<int64_t>(attentions_.size());
  layers_ = layers.value_or(encoder_decoder_ ? own + (own % 2 == 0) : own);
  check(encoder_decoder_ ? layers_ >= own : layers_ == own, "{} layers, this model has {} that take a prefix", layers_,
        own);
}

std::map<std::string, ModelChange::Prefix> PrefixSlots::prefixes(const Tensor& rows) const {
  std::map<std::string, ModelChange::Prefix> all;
  for (size_t i = 0; i < attentions_.size(); ++i) {
    const int64_t begin = 2 * slot(i) * width(), middle = begin + width();
    all[attentions_[i]->path] = {rows.slice(1, begin, middle).clone(), rows.slice(1, middle, middle + width()).clone()};
  }
  return all;
}

Tensor PrefixSlots::rows(const std::map<std::string, ModelChange::Prefix>& prefixes) const {
  std::vector<const std::pair<const std::string, ModelChange::Prefix>*> in_slots(static_cast<size_t>(layers_));
  for (size_t i = 0; i < attentions_.size(); ++i) {
    const std::string& path = attentions_[i]->path;
    const auto at = prefixes.find(path);
    check(at != prefixes.end(), "{}: has no prefix: peft gives one to each layer{}", path,
          encoder_decoder_ ? " of the decoder" : "");
    const auto& [first, of_first] = *prefixes.begin();
    check(at->second.keys.size(0) == of_first.keys.size(0),
          "{}: its prefix has {} rows, that of {} {}: peft has as many for all", path, at->second.keys.size(0), first,
          of_first.keys.size(0));
    auto& there = in_slots[static_cast<size_t>(slot(i))];
    check(!there || (there->second.keys.to_bytes() == at->second.keys.to_bytes() &&
                     there->second.values.to_bytes() == at->second.values.to_bytes()),
          "{}: in a file of {} layers it shares a prefix with {}, and theirs differ", path, layers_,
          there ? there->first : "");
    there = &*at;
  }
  for (const auto& [path, prefix] : prefixes)
    check(std::ranges::any_of(attentions_, [&](const auto& a) { return a->path == path; }),
          "{}: peft gives prefixes to the layers of the decoder alone", path);
  const Tensor& like = prefixes.begin()->second.keys;
  const Tensor unread = Tensor::zeros(like.shape(), like.dtype(), like.device());
  std::vector<Tensor> columns;
  for (const auto* in_slot : in_slots) {
    columns.push_back(in_slot ? in_slot->second.keys : unread);
    columns.push_back(in_slot ? in_slot->second.values : unread);
  }
  return concat(columns, 1);
}

}  // namespace thaw
