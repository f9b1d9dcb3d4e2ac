// SPDX-License-Identifier: Apache-2.0
// Rehearses steps, and holds what they need against what device and disk have.
#include "examples/thaw/run_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "nn/freeze/compress_frozen.h"
#include "nn/optim/clip.h"
#include "nn/train/training_checks.h"
#include "tensor/check.h"
#include "tensor/device_memory.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// So many micro-batches are rehearsed for the mean.
constexpr size_t most_rehearsed = 64;
// So many steps where what they give is kept meanwhile.
constexpr size_t most_kept = 4;

}  // namespace

Rehearsal::Rehearsal(TrainingTask& task, ParameterStore& store, const DryDevice& dry, const TrainingOptions& options,
                     MakeOptimizer make_optimizer)
    : task_(task), store_(store), dry_(dry), options_(options), make_optimizer_(std::move(make_optimizer)) {
  steps_ = epoch_steps(task.lengths(), options.batches, options.seed, 0);
  check(!steps_.empty(), "{} examples do not fill one step", task.lengths().size());
  store.mode().training = true;
}

double Rehearsal::tokens_of(const std::vector<int64_t>& examples) const {
  double tokens = 0;
  for (const int64_t example : examples) tokens += static_cast<double>(task_.lengths()[static_cast<size_t>(example)]);
  return tokens;
}

// As the trainer does it.
Rehearsal::Passes Rehearsal::passes(const StepBatch& batch) {
  const double weight = task_.weight(batch.examples());
  Passes done;
  for (const std::vector<int64_t>& micro : batch.micro_batches) {
    const uint64_t live = dry_.memory().live_bytes;
    const double before = dry_.flops();
    const Variable part = task_.loss(micro, weight);
    done.kept_bytes = std::max(done.kept_bytes, dry_.memory().live_bytes - live);
    const double forward = dry_.flops() - before;
    backward(part);
    done.cost.forward += forward;
    done.cost.backward += dry_.flops() - before - forward;
    done.loss = done.loss.defined() ? add(done.loss, part.value()) : part.value();
  }
  return done;
}

MemoryNeed Rehearsal::memory_need(const Device& device, std::vector<KernelUse>* kernels) {
  const auto size = [this](const std::vector<int64_t>& micro) { return std::pair(tokens_of(micro), micro.size()); };
  const auto smaller = [&](const auto& a, const auto& b) { return size(a) < size(b); };
  const auto largest = [&](const StepBatch& batch) {
    return size(*std::ranges::max_element(batch.micro_batches, smaller));
  };
  StepBatch batch = *std::ranges::max_element(steps_, {}, largest);
  std::ranges::stable_sort(batch.micro_batches, smaller);

  MemoryStats& memory = dry_.memory();
  MemoryNeed need;
  need.weights = static_cast<double>(memory.live_bytes);
  const std::unique_ptr<Optimizer> optimizer = make_optimizer_(store_);
  need.optimizer = static_cast<double>(memory.live_bytes) - need.weights;
  memory.reset_peak();
  dry_.clear();
  dry_.tell_kernels_apart(kernels != nullptr);
  {
    const Passes done = passes(batch);
    need.activations = static_cast<double>(done.kept_bytes);
    for (const Parameter& parameter : store_.trained())
      if (const Tensor gradient = parameter.variable().grad(); gradient.defined())
        need.gradients += static_cast<double>(gradient.numel()) * static_cast<double>(size_of(gradient.dtype()));
    const GradientNorm norm = clip_gradients(store_, options_.max_grad_norm);
    optimizer->step(options_.learning_rate, norm.scale, add(done.loss, norm.norm));
    optimizer->clear_gradients();
  }
  if (kernels) *kernels = dry_.kernels();
  dry_.tell_kernels_apart(false);
  need.packed_weights = device.name() == "cpu" ? static_cast<double>(dry_.packed_bytes()) : 0;
  need.most = static_cast<double>(memory.peak_bytes) + need.packed_weights;
  return need;
}

StepCost Rehearsal::mean_of(const std::vector<StepBatch>& batches) {
  StepCost mean;
  for (const StepBatch& batch : batches) {
    const StepCost cost = passes(batch).cost;
    mean.forward += cost.forward / static_cast<double>(batches.size());
    mean.backward += cost.backward / static_cast<double>(batches.size());
    for (const Parameter& parameter : store_.trained()) parameter.variable().clear_grad();
  }
  return mean;
}

double Rehearsal::mean_tokens() const {
  double tokens = 0;
  for (const StepBatch& step : steps_) tokens += tokens_of(step.examples());
  return tokens / static_cast<double>(steps_.size());
}

StepCost Rehearsal::cost_once_kept() {
  const std::vector<StepBatch> few(steps_.begin(),
                                   steps_.begin() + static_cast<ptrdiff_t>(std::min(most_kept, steps_.size())));
  double tokens = 0;
  for (const StepBatch& step : few) tokens += tokens_of(step.examples()) / static_cast<double>(few.size());
  mean_of(few);
  StepCost cost = mean_of(few);
  cost.forward *= mean_tokens() / tokens;
  cost.backward *= mean_tokens() / tokens;
  return cost;
}

MeanCost Rehearsal::mean_cost() {
  MeanCost mean;
  mean.steps_per_epoch = static_cast<int64_t>(steps_.size());
  size_t micro_batches = 0;
  for (const StepBatch& step : steps_) micro_batches += step.micro_batches.size();
  mean.tokens = mean_tokens();
  // Steps come in random order: each n-th stands for all.
  const size_t stride = (micro_batches + most_rehearsed - 1) / most_rehearsed;
  std::vector<StepBatch> some;
  double some_tokens = 0;
  for (size_t i = 0; i < steps_.size(); i += stride) {
    some.push_back(steps_[i]);
    some_tokens += tokens_of(steps_[i].examples());
  }
  const double scale = some_tokens > 0 ? mean.tokens * static_cast<double>(some.size()) / some_tokens : 1;
  mean.now = mean_of(some);
  expand_weights(store_);
  FreezeMask::all_trained().apply(store_);
  mean.unfrozen = mean_of(some);
  for (StepCost* cost : {&mean.now, &mean.unfrozen}) {
    cost->forward *= scale;
    cost->backward *= scale;
  }
  return mean;
}

bool is_host(const Device& device) { return device.name() == "cpu" || device.name() == "reference"; }

int64_t left_on_host(const MemoryNeed& need, const Device& device) {
  const auto total = static_cast<int64_t>(device_memory(Device::open("reference")).total);
  if (total == 0) return std::numeric_limits<int64_t>::max();  // not known
  return std::max<int64_t>(0, total - (is_host(device) ? static_cast<int64_t>(need.most) : 0));
}

void MemoryNeed::add_kept(double bytes, const Device& device) {
  if (!is_host(device)) return;
  kept += bytes;
  most += bytes;
}

void MemoryNeed::begin_with(double bytes) {
  whole_weights = bytes;
  most = std::max(most, bytes);
}

void check_memory(const MemoryNeed& need, const Device& device, bool weights_there) {
  const DeviceMemory memory = device_memory(device);
  const auto total = static_cast<double>(memory.total), available = static_cast<double>(memory.available);
  const bool as_read = need.whole_weights >= need.most;  // before they are compressed
  const std::string parts =
      as_read
          ? fmt::format("{:.0f} MB for the weights as they are read", need.most / 1e6)
          : fmt::format(
                "about {:.0f} MB (weights {:.0f}, gradients {:.0f}, optimizer {:.0f}, activations of the largest batch "
                "{:.0f}{})",
                need.most / 1e6, need.weights / 1e6, need.gradients / 1e6, need.optimizer / 1e6, need.activations / 1e6,
                need.kept > 0 ? fmt::format(", kept of the frozen part {:.0f}", need.kept / 1e6) : "");
  const std::string advice =
      as_read
          ? "a smaller model needs less"
          : fmt::format("a smaller --batch-size or --batch-tokens, --gradient-checkpointing{} or --freeze needs less",
                        need.kept > 0 ? ", --cache-memory" : "");
  if (total > 0 && need.most > total)
    fail("training needs {}, but {} has {:.0f} MB: {}", parts, device.name(), total / 1e6, advice);
  if (available > 0 && need.most - (weights_there ? need.weights : 0) > available)
    fmt::print(stderr, "warning: training needs {}, but {} has {:.0f} MB free now: {}\n", parts, device.name(),
               available / 1e6, advice);
}

double checkpoint_bytes(const ParameterStore& store, double optimizer_bytes, const TrainingOptions& options) {
  if (options.save_strategy == Interval::never && !options.load_best_model_at_end) return 0;
  int64_t numbers = 0;
  for (const Parameter& p : store.all()) {
    const int64_t all = p.value().numel();
    if (p.changed().whole || std::ranges::count(store.initialised(), p.name()) > 0)
      numbers += all;
    else if (p.changed().any())
      numbers += all / p.value().size(0) * p.changed().rows.count();
  }
  return static_cast<double>(numbers) * sizeof(float) + optimizer_bytes;
}

void check_disk(const ParameterStore& store, double optimizer_bytes, const TrainingOptions& options) {
  double model = 0;
  for (const Parameter& p : store.all()) model += static_cast<double>(p.value().numel()) * sizeof(float);
  const double checkpoint = options.continue_after_failed_save ? 0 : checkpoint_bytes(store, optimizer_bytes, options);
  const bool saves = checkpoint > 0;
  const double least = model + checkpoint;
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(existing_part(options.output_dir), error);
  if (error || static_cast<double>(space.available) >= least) return;
  fail("{}: {:.0f} MB are free on its disk, but the model{} will take {:.0f} MB", options.output_dir.string(),
       static_cast<double>(space.available) / 1e6, saves ? " and one checkpoint" : "", least / 1e6);
}

}  // namespace thaw
