// SPDX-License-Identifier: Apache-2.0
// Options as text, and checksums.
#include "nn/train/run_identity.h"

#include <fmt/format.h>

#include "autograd/compressed_weight.h"
#include "nn/train/training_checks.h"
#include "tensor/io/crc32c.h"

namespace thaw {
namespace {

std::string trained_parameters(const ParameterStore& store) {
  std::string lines;
  for (const Parameter& p : store.trained()) {
    std::string rows;
    if (p.trained_rows())
      for (const RowRanges::Range& range : p.trained_rows()->ranges())
        rows += fmt::format("{}{}:{}", rows.empty() ? "" : ",", range.begin, range.end);
    lines += fmt::format("{} {} {}", p.name(), p.value().shape(), rows.empty() ? "0:-1" : rows);
    if (const std::vector<uint8_t>& elements = p.trained_elements(); !elements.empty())
      lines += fmt::format(" {:08x}", crc32c({reinterpret_cast<const char*>(elements.data()), elements.size()}));
    lines += '\n';
  }
  return lines;
}

std::string dtypes(const ParameterStore& store) {
  const std::string trained(name_of(store.dtype()));
  for (const Parameter& p : store.all())
    if (p.compressed()) return fmt::format("{}, of frozen weights {}", trained, kept_as(p.compressed()));
  return trained;
}

template <typename T>
std::string text(const T& value) {
  return fmt::format("{}", value);
}

std::string in_one_line(std::string_view lines) {
  std::string line;
  for (const char c : lines.substr(0, lines.find_last_not_of('\n') + 1)) line += c == '\n' ? "; " : std::string(1, c);
  return line;
}

// With these, more steps change nothing of those before (but when the last evaluation is, if evaluations decide).
bool can_be_prolonged(const TrainingOptions& o) {
  const std::string& name = o.lr_scheduler_type;
  return (name == "constant" || name == "constant_with_warmup" || name == "inverse_sqrt") && !validation_decides(o);
}

Fingerprint training_identity(const TrainingOptions& o, const ParameterStore& store, const Optimizer& optimizer,
                              std::span<const int64_t> lengths, int64_t total_steps) {
  const std::string_view length_bytes(reinterpret_cast<const char*>(lengths.data()), lengths.size_bytes());
  Fingerprint identity{
      {"batch_size", text(o.batches.batch_size)},
      {"bucket_steps", text(o.batches.bucket_steps)},
      {"drop_last", text(o.batches.drop_last)},
      {"dtype", dtypes(store)},
      {"examples", fmt::format("{} (checksum of their lengths {:08x})", lengths.size(), crc32c(length_bytes))},
      {"gradient_accumulation_steps", text(o.batches.accumulation)},
      {"learning_rate", text(o.learning_rate)},
      {"lr_scheduler_type", o.lr_scheduler_type},
      {"max_grad_norm", text(o.max_grad_norm)},
      {"seed", text(o.seed)},
      {"skip_nonfinite_steps", text(o.skip_nonfinite_steps)},
      {"steps", can_be_prolonged(o) ? any_steps : text(total_steps)},
      {"trained parameters",
       fmt::format("{} (checksum of their names {:08x})", store.trained().size(), crc32c(trained_parameters(store)))},
      {"warmup_steps", text(warmup_steps(o, total_steps))}};
  if (!o.freezing_schedule.empty()) identity["freezing"] = in_one_line(o.freezing_schedule);
  if (o.awaited_stalls > 0)
    identity["freezing"] += fmt::format("; a stall is {} evaluations without a better one", o.stall_patience);
  identity.insert(optimizer.identity().begin(), optimizer.identity().end());
  return identity;
}

Fingerprint validation_identity(const TrainingOptions& o) {
  return {{"metric_for_best_model", metric_name(o.metric_for_best_model)},
          {"eval_strategy", name_of(o.eval_strategy)},
          {"eval_steps", o.eval_strategy == Interval::steps ? text(o.eval_steps) : "none"}};
}

}  // namespace

RunIdentity run_identity(const TrainingOptions& options, const ParameterStore& store, const Optimizer& optimizer,
                         const TrainingTask& task, int64_t total_steps) {
  RunIdentity identity{training_identity(options, store, optimizer, task.lengths(), total_steps),
                       validation_identity(options),
                       {{"device", store.device().name()}}};
  Fingerprint& of_batch_tokens = task.batches_decide_loss() ? identity.training : identity.circumstances;
  of_batch_tokens["batch_tokens"] = text(options.batches.batch_tokens);
  identity.training.merge(task.identity());
  identity.validation.merge(task.validation_identity());
  return identity;
}

}  // namespace thaw
