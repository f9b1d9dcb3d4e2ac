// SPDX-License-Identifier: Apache-2.0
// Whatever is tuned, of every family: as many numbers as the closed formula says, with the gradients of full
// fine-tuning where there are such, at the cost that the dry run tells; and nothing else changes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "nn/attention_prefix.h"
#include "nn/freeze/compress_frozen.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/product.h"
#include "nn/soft_prompt.h"
#include "tensor/counters.h"
#include "tensor/dry_device.h"
#include "tests/models/family_table/family_row.h"

using namespace thaw;

namespace {

std::vector<TuningPlan> plans_of(const SmallFamily& small) {
  const OpenedFamily opened(small);
  int64_t numbers = 0;
  for (const Parameter& p : opened.store().all()) numbers += p.value().numel();
  return small.row.plans(numbers);
}

struct Cost {
  std::map<std::string, uint64_t> forward, backward;
  double forward_flops = 0, backward_flops = 0;
  uint64_t kept_bytes = 0, gradient_bytes = 0;
  bool operator==(const Cost&) const = default;
};

Cost cost_of(const ParameterStore& store, const Examples& examples, const std::vector<int64_t>& all) {
  const MemoryStats& memory = store.device().backend().memory();
  Cost cost;
  const uint64_t before = memory.live_bytes;
  counters() = {};
  const Variable loss = examples.loss(all, examples.terms(all));
  cost.kept_bytes = memory.live_bytes - before;
  cost.forward = counters().by_name;
  cost.forward_flops = counters().flops;
  counters() = {};
  backward(loss);
  cost.backward = counters().by_name;
  cost.backward_flops = counters().flops;
  for (const Parameter& p : store.trained()) cost.gradient_bytes += p.variable().grad().numel() * 4;
  return cost;
}

// DoRA scales what the product gives before the bias is added: where a device adds that within the product, the last
// bits are others, though all factors are 1 at first.
bool has_dora(const ParameterStore& store) {
  return std::ranges::any_of(
      store.products(), [](const auto& product) { return product->low_rank && product->low_rank->options.magnitudes; });
}

// The largest between the numbers (f32), as a share of the largest there is.
double difference(const Bytes& a, const Bytes& b) {
  double apart = 0, most = 0;
  for (size_t at = 0; at < a.size(); at += sizeof(float)) {
    float one, other;
    std::memcpy(&one, &a[at], sizeof(float));
    std::memcpy(&other, &b.at(at), sizeof(float));
    apart = std::max(apart, std::abs(static_cast<double>(one) - other));
    most = std::max(most, std::abs(static_cast<double>(other)));
  }
  return most > 0 ? apart / most : apart;
}

void check_numbers(const SmallFamily& small, const TuningPlan& plan, const std::map<std::string, Bytes>& of_all) {
  CAPTURE(plan.name);
  const OpenedFamily tuned(small);
  ParameterStore& store = tuned.store();
  const FreezeReport report = FreezeMask::parse(plan.rules, "plan").apply(store);
  CHECK(report.trained == plan.trained);
  backward(tuned.loss());
  for (const auto& [name, gradient] : gradients_of(store)) {
    // Behind a prompt or a prefix the model says something else from the first step on.
    if (prompt_rows(store) + prefix_rows(store) > 0 || !of_all.contains(name) || store.find(name).trained_rows())
      continue;
    INFO(name);
    if (has_dora(store))
      CHECK(difference(gradient, of_all.at(name)) < 1e-6);
    else
      CHECK(gradient == of_all.at(name));
  }
  forget_gradients(store);

  const std::map<std::string, Bytes> before = values_of(store);
  tuned.train(3);
  for (const Parameter& p : store.all()) {
    INFO(p.name());
    const Bytes now = p.value().to_bytes();
    if (const auto& rows = p.trained_rows()) {
      const Bytes& old = before.at(p.name());
      const auto width = std::ssize(now) / p.value().size(0);
      for (int64_t row = 0; row < p.value().size(0); ++row)
        if (!rows->place_of(row))
          CHECK(std::equal(now.begin() + row * width, now.begin() + (row + 1) * width, old.begin() + row * width));
      CHECK(now != old);
    } else {
      CHECK((now == before.at(p.name())) == p.frozen());
    }
  }
}

void check_costs(const SmallFamily& small, const TuningPlan& plan, bool checkpointing, FrozenDType dtype) {
  CAPTURE(plan.name);
  CAPTURE(name_of(dtype));
  CAPTURE(checkpointing);
  const DryDevice dry;
  const OpenedFamily real(small);
  const auto planned = real.model->on_dry_device(dry.device());
  for (TaskModel* model : {real.model.get(), planned.get()}) {
    FreezeMask::parse(plan.rules, "plan").apply(model->store());
    compress_weights(model->store(), compressible_weights(model->store()), dtype);
    model->set_checkpointing(checkpointing);
    model->store().mode().training = true;
  }
  CHECK(compressed_weights(real.store()).bytes == compressed_weights(planned->store()).bytes);
  const auto same_examples = real.examples->read_by(*planned);
  const std::vector<int64_t> all = real.all();
  const Cost cost = cost_of(real.store(), *real.examples, all), told = cost_of(planned->store(), *same_examples, all);
  CHECK(cost.forward == told.forward);
  CHECK(cost.backward == told.backward);
  CHECK(cost.forward_flops == told.forward_flops);
  CHECK(cost.backward_flops == told.backward_flops);
  CHECK(cost.gradient_bytes == told.gradient_bytes);
  CHECK(cost.kept_bytes == told.kept_bytes);
}

}  // namespace

TEST_CASE("tuning: the closed formula's numbers are trained, with the gradients of full training, and no other") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row);
    const OpenedFamily full(small);
    backward(full.loss());
    const std::map<std::string, Bytes> of_all = gradients_of(full.store());
    for (const TuningPlan& plan : plans_of(small)) check_numbers(small, plan, of_all);
  }
}

TEST_CASE("tuning: a step launches, computes and keeps what the dry run says, checkpointed or not") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row);
    for (const TuningPlan& plan : plans_of(small))
      for (const bool checkpointing : {false, true}) check_costs(small, plan, checkpointing, FrozenDType::f32);
  }
}

TEST_CASE("tuning on frozen weights in bf16 or int8: a step launches, computes and keeps what the dry run says") {
  for (const FamilyRow& row : family_rows()) {
    INFO(name_of(row));
    const SmallFamily small(row);
    for (const TuningPlan& plan : plans_of(small))
      for (const FrozenDType dtype : {FrozenDType::bf16, FrozenDType::int8})
        for (const bool checkpointing : {false, true}) check_costs(small, plan, checkpointing, dtype);
  }
}
