// SPDX-License-Identifier: Apache-2.0
// Slots of state for what is trained, and one backend call for all of them.
#include "nn/optim/optimizer.h"

#include <algorithm>
#include <cctype>

#include "tensor/backend.h"
#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/ops.h"

namespace thaw {

bool is_decayed(const std::string& parameter_name) {
  std::string name = parameter_name;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return !name.ends_with("bias") && name.find("norm") == std::string::npos && name.find("ln_") == std::string::npos;
}

Optimizer::Optimizer(ParameterStore& store, double weight_decay, std::vector<std::string> state_names)
    : store_(store), weight_decay_(weight_decay), state_names_(std::move(state_names)) {
  for (const Parameter& p : store_.trained()) slots_.push_back(new_slot(p));
}

Optimizer::Slot Optimizer::new_slot(const Parameter& parameter) const {
  Slot slot{parameter, 0, 0, {}, 0};
  Shape shape = parameter.value().shape();
  if (shape.rank() > 0) slot.row_end = shape[0];
  if (const auto rows = parameter.trained_rows()) {
    std::tie(slot.row_begin, slot.row_end) = *rows;
    shape[0] = slot.row_end - slot.row_begin;
  }
  for (size_t i = 0; i < state_names_.size(); ++i)
    slot.state.push_back(Tensor::zeros(shape, parameter.value().dtype(), store_.device()));
  return slot;
}

void Optimizer::rebuild() {
  std::vector<Slot> former = std::move(slots_);
  slots_.clear();
  for (const Parameter& p : store_.trained()) {
    const auto old = std::find_if(former.begin(), former.end(), [&](const Slot& s) { return s.parameter.same(p); });
    if (old == former.end()) {
      slots_.push_back(new_slot(p));
      continue;
    }
    const auto rows = p.trained_rows();
    const bool same_rows = rows ? rows->first == old->row_begin && rows->second == old->row_end
                                : old->row_begin == 0 && (p.value().rank() == 0 || old->row_end == p.value().size(0));
    if (same_rows) {
      slots_.push_back(std::move(*old));
      continue;
    }
    Slot slot = new_slot(p);
    slot.steps = old->steps;
    const int64_t begin = std::max(slot.row_begin, old->row_begin), end = std::min(slot.row_end, old->row_end);
    for (size_t i = 0; i < slot.state.size() && begin < end; ++i)
      slot.state[i]
          .slice(0, begin - slot.row_begin, end - slot.row_begin)
          .copy_from(old->state[i].slice(0, begin - old->row_begin, end - old->row_begin));
    slots_.push_back(std::move(slot));
  }
}

void Optimizer::step(double learning_rate, const Tensor& scale) {
  struct Masked {
    Tensor value, before, mask;
  };
  std::vector<Masked> masked;
  std::vector<Tensor> kept;  // the tensors of the views
  std::map<int64_t, std::vector<OptimizerTensor>> by_step;
  for (Slot& slot : slots_) {
    check(!slot.parameter.frozen(), "optimizer: {} is frozen now; rebuild() must follow FreezeMask::apply()",
          slot.parameter.name());
    const Tensor grad = slot.parameter.variable().grad();
    if (!grad.defined()) continue;
    Tensor value = slot.parameter.value();
    if (slot.parameter.trained_rows()) value = value.slice(0, slot.row_begin, slot.row_end);
    check(grad.shape() == value.shape(),
          "optimizer: {}: its gradient is {}, its state {}; rebuild() must follow FreezeMask::apply()",
          slot.parameter.name(), grad.shape().to_string(), value.shape().to_string());
    if (const Tensor& mask = slot.parameter.element_mask(); mask.defined()) {
      const Tensor rows = slot.parameter.trained_rows() ? mask.slice(0, slot.row_begin, slot.row_end) : mask;
      masked.push_back({value, value.clone(), rows});
    }
    const Tensor& dense = kept.emplace_back(grad.contiguous());
    OptimizerTensor tensor{
        value.view(), dense.view(), {}, {}, is_decayed(slot.parameter.name()) ? weight_decay_ : 0};
    if (!slot.state.empty()) tensor.first = slot.state[0].view();
    if (slot.state.size() > 1) tensor.second = slot.state[1].view();
    by_step[++slot.steps].push_back(tensor);
    value.mark_written();
  }
  for (const auto& [number, tensors] : by_step) {
    count_launch("optimizer");
    update(tensors, learning_rate, number, scale.defined() ? &scale.view() : nullptr);
  }
  // Weight decay and momentum must not move what the mask holds still.
  for (const Masked& m : masked) m.value.copy_from(select(m.mask, m.value, m.before));
}

void Optimizer::clear_gradients() const {
  for (const Slot& slot : slots_)
    if (!slot.parameter.frozen()) slot.parameter.variable().clear_grad();
}

std::map<std::string, Tensor> Optimizer::state() const {
  std::map<std::string, Tensor> tensors;
  for (const Slot& slot : slots_) {
    const std::string& name = slot.parameter.name();
    for (size_t i = 0; i < state_names_.size(); ++i) tensors.emplace(name + "." + state_names_[i], slot.state[i]);
    const std::vector<int32_t> steps{static_cast<int32_t>(slot.steps)};
    tensors.emplace(name + ".step", Tensor::from_host(steps, {1}, store_.device()));
  }
  return tensors;
}

void Optimizer::load_state(const std::map<std::string, Tensor>& state, const std::string& origin) {
  const auto take = [&](const std::string& name, const Shape& shape, DType dtype) {
    const auto found = state.find(name);
    if (found == state.end())
      fail("{}: {} is missing: it was written while other parameters were trained", origin, name);
    const Tensor& t = found->second;
    if (t.shape() != shape || t.dtype() != dtype)
      fail("{}: {} is {} {}, expected {} {}", origin, name, name_of(t.dtype()), t.shape().to_string(), name_of(dtype),
           shape.to_string());
    return t;
  };
  size_t used = 0;
  for (Slot& slot : slots_) {
    const std::string& name = slot.parameter.name();
    for (size_t i = 0; i < state_names_.size(); ++i, ++used) {
      Tensor& own = slot.state[i];
      own.copy_from(take(name + "." + state_names_[i], own.shape(), own.dtype()));
    }
    slot.steps = take(name + ".step", {1}, DType::i32).to_host<int32_t>()[0];
    ++used;
  }
  if (used == state.size()) return;
  for (const auto& entry : state) {
    const std::string owner_name = entry.first.substr(0, entry.first.rfind('.'));
    const auto owner = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& s) { return s.parameter.name() == owner_name; });
    if (owner == slots_.end()) fail("{}: {} belongs to no parameter that is trained now", origin, entry.first);
  }
  fail("{}: it holds the state of another optimizer", origin);
}

uint64_t Optimizer::state_bytes() const {
  uint64_t bytes = 0;
  for (const Slot& slot : slots_)
    for (const Tensor& t : slot.state) bytes += static_cast<uint64_t>(t.numel()) * size_of(t.dtype());
  return bytes;
}

}  // namespace thaw
