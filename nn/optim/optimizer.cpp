// SPDX-License-Identifier: Apache-2.0
// Slots of state for what is trained, and one backend call for all of them.
#include "nn/optim/optimizer.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <utility>
#include <variant>

#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {

bool is_decayed(const std::string& parameter_name) {
  std::string name = parameter_name;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
  return !has("bias") && !has("norm") && !has("ln_");
}

Optimizer::Optimizer(ParameterStore& store, const Setup& setup, ParameterRules rules)
    : store_(store),
      name_(setup.name),
      weight_decay_(setup.weight_decay),
      state_shapes_(setup.state_shapes),
      rules_(std::move(rules)),
      identity_{{"optim", name_}, {"parameter_rules", rules_.empty() ? "none" : rules_.to_text()}} {
  for (const OptionField& option : setup.options) {
    if (const auto* number = std::get_if<double*>(&option.field))
      check(option.range.holds(**number), "{}: {} {}: it must be in {}", name_, option.name, **number,
            option.range.to_text());
    identity_[option.name] = value_text(option);
  }
  for (const Parameter& p : store_.trained()) slots_.push_back(new_slot(p));
  apply_rules();
}

void Optimizer::apply_rules() {
  const std::vector<ParameterRules::Values> values = rules_.of(store_);
  auto slot = slots_.begin();
  for (size_t i = 0; i < values.size() && slot != slots_.end(); ++i) {
    if (!slot->parameter.same(store_.all()[i])) continue;
    slot->rate_factor = values[i].rate_factor;
    slot->weight_decay = values[i].weight_decay.value_or(is_decayed(slot->parameter.name()) ? weight_decay_ : 0);
    ++slot;
  }
}

Optimizer::Slot Optimizer::new_slot(const Parameter& parameter) const {
  Slot slot{parameter, {}, {}, 0, false};
  Shape shape = parameter.value().shape();
  if (shape.rank() > 0) {
    slot.rows = parameter.trained_rows().value_or(RowRanges(0, shape[0]));
    shape[0] = slot.rows.count();
  }
  for (const auto& [name, size] : state_shapes_(shape))
    slot.state.emplace(name, Tensor::zeros(size, parameter.value().dtype(), store_.device()));
  return slot;
}

void Optimizer::rebuild() {
  std::vector<Slot> former = std::move(slots_);
  slots_.clear();
  for (const Parameter& p : store_.trained()) {
    const auto old = std::find_if(former.begin(), former.end(), [&](const Slot& s) { return s.parameter.same(p); });
    slots_.push_back(old == former.end() ? new_slot(p) : slot_after(*old));
  }
  apply_rules();
}

// The slot for the rows that are trained now.
Optimizer::Slot Optimizer::slot_after(const Slot& former) const {
  Slot slot = new_slot(former.parameter);
  if (slot.rows == former.rows) return former;
  const RowRanges common = slot.rows.common(former.rows);
  Shape shape = former.parameter.value().shape();
  shape[0] = slot.rows.count();
  const bool by_row =
      std::all_of(slot.state.begin(), slot.state.end(), [&](const auto& s) { return s.second.shape() == shape; });
  if (common.empty() || !by_row) return slot;
  slot.steps = former.steps;
  slot.in_last_step = former.in_last_step;
  const RowRanges from = former.rows.places_of(common), to = slot.rows.places_of(common);
  for (const auto& [name, tensor] : slot.state) put_ranges_(tensor, to, take_ranges(former.state.at(name), 0, from));
  return slot;
}

// All slots are of trained parameters: where there are more of those, some have no slot.
void Optimizer::require_state() const {
  constexpr const char* advice = "rebuild() must follow FreezeMask::apply()";
  const auto trained = std::ranges::count_if(store_.all(), [](const Parameter& p) { return !p.frozen(); });
  for (const Slot& slot : slots_)
    check(!slot.parameter.frozen(), "{}: {} is frozen now; {}", name_, slot.parameter.name(), advice);
  if (trained == std::ssize(slots_)) return;
  for (const Parameter& p : store_.trained())
    check(std::ranges::any_of(slots_, [&](const Slot& slot) { return slot.parameter.same(p); }),
          "{}: {} is trained now, but there is no state for it; {}", name_, p.name(), advice);
}

void Optimizer::step(double learning_rate, const Tensor& scale, const Tensor& guard) {
  struct Masked {
    Tensor value, before, mask;
  };
  struct Scattered {
    Tensor parameter, rows;
    const RowRanges& where;
  };
  require_state();
  std::vector<Masked> masked;
  std::vector<Scattered> scattered;
  std::map<std::pair<int64_t, double>, std::vector<Item>> alike;  // by step number and factor of the rate
  for (Slot& slot : slots_) {
    const Parameter& p = slot.parameter;
    const Tensor grad = p.variable().grad();
    slot.in_last_step = grad.defined();
    if (!slot.in_last_step) continue;
    const auto& rows = p.trained_rows();
    const Tensor value = rows ? take_ranges(p.value(), 0, slot.rows) : p.value();
    check(grad.shape() == value.shape(),
          "{}: {}: its gradient is {}, its state {}; rebuild() must follow FreezeMask::apply()", name_, p.name(),
          grad.shape(), value.shape());
    if (rows)
      check(*rows == slot.rows,
            "{}: {}: trained are its rows {}, its state is of rows {}; rebuild() must follow FreezeMask::apply()",
            name_, p.name(), rows->to_text(), slot.rows.to_text());
    if (const Tensor& mask = p.element_mask(); mask.defined())
      masked.push_back({value, value.clone(), rows ? take_ranges(mask, 0, slot.rows) : mask});
    if (rows && rows->ranges().size() > 1) scattered.push_back({p.value(), value, slot.rows});
    alike[{++slot.steps, slot.rate_factor}].push_back({value, grad.contiguous(), slot.state, slot.weight_decay});
    value.mark_written();
    p.mark_changed();
  }
  for (const auto& [key, items] : alike) {
    const auto& [number, factor] = key;
    update(items, {learning_rate * factor, factor, number, scale, guard});
  }
  // Weight decay and momentum must not move what the mask holds still.
  for (const Masked& m : masked) m.value.copy_from(where(m.mask, m.value, m.before));
  for (const Scattered& s : scattered) put_ranges_(s.parameter, s.where, s.rows);
}

void Optimizer::step_was_left_out() {
  for (Slot& slot : slots_)
    if (std::exchange(slot.in_last_step, false)) --slot.steps;
}

void Optimizer::clear_gradients() const {
  for (const Slot& slot : slots_)
    if (!slot.parameter.frozen()) slot.parameter.variable().clear_grad();
}

std::map<std::string, Tensor> Optimizer::state() const {
  std::map<std::string, Tensor> tensors;
  for (const Slot& slot : slots_) {
    const std::string& name = slot.parameter.name();
    for (const auto& [state_name, tensor] : slot.state) tensors.emplace(name + "." + state_name, tensor);
    const std::vector<int32_t> steps{static_cast<int32_t>(slot.steps)};
    tensors.emplace(name + ".step", Tensor::from_host(steps, {1}, store_.device()));
  }
  return tensors;
}

void Optimizer::load_state(const std::map<std::string, Tensor>& state, const std::string& origin) {
  const auto take = [&](const std::string& name, const Shape& shape, DType dtype) {
    const auto found = state.find(name);
    if (found == state.end())
      fail("{}: {} is missing: the file is of another optimizer, or of other trained parameters", origin, name);
    const Tensor& t = found->second;
    if (t.shape() != shape || t.dtype() != dtype)
      fail("{}: {} is {} {}, expected {} {}", origin, name, name_of(t.dtype()), t.shape(), name_of(dtype), shape);
    return t;
  };
  size_t used = 0;
  for (Slot& slot : slots_) {
    const std::string& name = slot.parameter.name();
    for (const auto& [state_name, own] : slot.state)
      own.copy_from(take(name + "." + state_name, own.shape(), own.dtype()));
    slot.steps = take(name + ".step", {1}, DType::i32).to_host<int32_t>()[0];
    used += slot.state.size() + 1;
  }
  if (used == state.size()) return;
  for (const auto& entry : state) {
    const std::string owner_name = entry.first.substr(0, entry.first.rfind('.'));
    const auto owner =
        std::find_if(slots_.begin(), slots_.end(), [&](const Slot& s) { return s.parameter.name() == owner_name; });
    if (owner == slots_.end()) fail("{}: {} belongs to no parameter that is trained now", origin, entry.first);
  }
  fail("{}: it holds the state of another optimizer", origin);
}

int64_t Optimizer::take_over(const std::map<std::string, Tensor>& state) {
  int64_t taken = 0;
  for (Slot& slot : slots_) {
    const std::string& name = slot.parameter.name();
    const auto step = state.find(name + ".step");
    // Which rows a state is of is not known.
    if (step == state.end() || slot.parameter.trained_rows()) continue;
    const bool fits = std::ranges::all_of(slot.state, [&](const auto& own) {
      const auto found = state.find(name + "." + own.first);
      return found != state.end() && found->second.shape() == own.second.shape() &&
             found->second.dtype() == own.second.dtype();
    });
    if (!fits) continue;
    for (const auto& [state_name, own] : slot.state) own.copy_from(state.at(name + "." + state_name));
    slot.steps = step->second.to_host<int32_t>()[0];
    ++taken;
  }
  return taken;
}

uint64_t Optimizer::state_bytes() const {
  uint64_t bytes = 0;
  for (const Slot& slot : slots_)
    for (const auto& [name, t] : slot.state) bytes += static_cast<uint64_t>(t.numel()) * size_of(t.dtype());
  return bytes;
}

}  // namespace thaw
