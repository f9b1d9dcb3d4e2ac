// SPDX-License-Identifier: Apache-2.0
// Losses, gradients, guard, update; and who is to blame if something is not finite.
#include "nn/train/guarded_step.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "nn/mode.h"
#include "nn/optim/clip.h"
#include "nn/train/nonfinite.h"
#include "tensor/backend.h"
#include "tensor/check.h"
#include "tensor/memory_stats.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

void add_parts(const std::vector<PartLosses::Share>& shares, const std::vector<float>& terms, PartSums& sums) {
  auto next = terms.begin();
  for (const auto& [part, count] : shares) {
    check(count <= terms.end() - next, "train: parts tell of more than the {} terms of the loss", terms.size());
    PartSum& sum = sums[part];
    sum.terms += count;
    for (int64_t i = 0; i < count; ++i) sum.loss += static_cast<double>(*next++);
  }
  check(next == terms.end(), "train: {} of {} terms of the loss are of no part", terms.end() - next, terms.size());
}

}  // namespace

Tensor GuardedStep::losses_and_gradients(const StepBatch& batch, const std::string& when,
                                         std::vector<PartLosses>* parts) {
  const double weight = task_.weight(batch.examples());
  Tensor loss;
  for (const std::vector<int64_t>& micro : batch.micro_batches) try {
      const Variable part =
          parts ? task_.loss_by_parts(micro, weight, parts->emplace_back()) : task_.loss(micro, weight);
      backward(part);
      loss = loss.defined() ? add(loss, part.value()) : part.value();
    } catch (const OutOfMemory& error) {
      fail("{}, {} examples with {} {} at once: {}", when, micro.size(), tokens_of(micro, task_.lengths()),
           task_.parts(), error.what());
    }
  return loss;
}

void GuardedStep::rehearse(const StepBatch& batch) {
  const TrainingMode training(store_.mode());
  const uint64_t random_position = store_.mode().random.position();
  losses_and_gradients(batch, "before the first step, the largest batch that may come, which batch_tokens bounds");
  optimizer_.clear_gradients();
  store_.mode().random.set_position(random_position);
  store_.device().backend().flush();
}

void GuardedStep::compute(const StepBatch& batch, int64_t number) {
  store_.mode().training = true;
  const uint64_t random_position = store_.mode().random.position();
  computed_ = {batch, number, random_position, {}};
  computed_.loss = losses_and_gradients(batch, fmt::format("step {}", number), &computed_.parts);
  if (!std::exchange(proven_, true)) require_gradients(number);
  store_.device().backend().flush();
}

void GuardedStep::require_gradients(int64_t number) const {
  constexpr size_t most_named = 5;
  std::vector<std::string> names;
  size_t without = 0;
  for (const Parameter& p : store_.trained()) {
    if (p.variable().grad().defined()) continue;
    if (++without <= most_named) names.push_back(p.name());
  }
  check(without == 0,
        "train: {} trained parameters got no gradient in step {}: {}{}; the loss must depend on them, or "
        "they must be frozen",
        without, number, fmt::join(names, ", "), without > most_named ? ", ..." : "");
}

void GuardedStep::update(double rate) {
  const GradientNorm norm = clip_gradients(store_, options_.max_grad_norm);
  const Tensor loss = std::exchange(computed_.loss, {});
  optimizer_.step(rate, norm.scale, add(loss, norm.norm));
  task_.after_step();
  unread_ = Unread{std::move(computed_), loss.to_host_later(), norm.norm.to_host_later(), {}};
  for (PartLosses& part : unread_->step.parts)
    if (!part.shares.empty())
      unread_->parts.push_back({std::move(part.shares), PendingNumbers(std::exchange(part.terms, {}))});
  optimizer_.clear_gradients();
  store_.device().backend().flush();
  updated_ = true;
}

std::optional<GuardedStep::Outcome> GuardedStep::finish() {
  if (!unread_) return {};
  Unread unread = std::move(*unread_);
  unread_.reset();
  Outcome outcome{unread.loss.get(), std::abs(unread.norm.get())};
  if (std::isfinite(outcome.loss + outcome.norm)) {
    for (UnreadParts& part : unread.parts) add_parts(part.shares, part.terms.get(), outcome.parts);
    sound_examples_ = std::move(unread.step.batch.micro_batches[0]);
    return outcome;
  }
  outcome.left_out = true;
  optimizer_.step_was_left_out();
  if (!options_.skip_nonfinite_steps)
    stop(unread.step,
         fmt::format("step {}: loss {}, gradient norm {}", unread.step.number, outcome.loss, outcome.norm));
  return outcome;
}

// The gradients are gone, but the weights are still those that gave them: they are computed again.
void GuardedStep::stop(const Computed& step, const std::string& numbers) {
  optimizer_.clear_gradients();
  store_.mode().random.set_position(step.random_position);
  losses_and_gradients(step.batch, fmt::format("step {}", step.number));
  const std::string culprit = first_nonfinite(store_);
  fail("{}: stopped, the weights are those of step {}; the first tensor that is not finite: {}", numbers,
       step.number - 1, culprit.empty() ? "none of the parameters or gradients" : culprit);
}

std::string GuardedStep::weights_fault(bool any_finite) {
  if (!updated_) return "";
  double loss = std::numeric_limits<double>::quiet_NaN();
  const bool finite = weights_are_finite(store_);
  if (finite && !sound_examples_.empty()) {
    const EvaluationMode evaluation(store_.mode());
    const NoGrad no_grad;
    task_.expect(sound_examples_);
    loss = task_.loss(sound_examples_, task_.weight(sound_examples_)).value().item();
  }
  const bool untold = finite && sound_examples_.empty() && any_finite;
  if (std::isfinite(loss) || untold) return "";
  optimizer_.clear_gradients();
  const std::string culprit = first_nonfinite(store_);
  if (!culprit.empty()) return culprit + " is not finite";
  if (!finite) return "the weights are too large to compute with";
  return sound_examples_.empty() ? "no step had a finite loss" : fmt::format("their loss is {}", loss);
}

}  // namespace thaw
