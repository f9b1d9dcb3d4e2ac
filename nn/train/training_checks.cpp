// SPDX-License-Identifier: Apache-2.0
// Ranges, contradictions, metrics, directories.
#include "nn/train/training_checks.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "nn/train/checkpoint.h"
#include "tensor/check.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;
constexpr double most_steps = 9007199254740992.0;  // 2^53: a double counts no further

int64_t share(double part, int64_t of) { return static_cast<int64_t>(std::ceil(part * static_cast<double>(of))); }

}  // namespace

std::string name_of(Interval interval) {
  if (interval == Interval::never) return "no";
  return interval == Interval::epoch ? "epoch" : "steps";
}

int64_t steps_per_epoch(int64_t examples, const BatchOptions& o) {
  const int64_t size = o.batch_size * o.accumulation;
  return examples / size + (!o.drop_last && examples % size != 0);
}

int64_t total_steps(const TrainingOptions& o, int64_t examples) {
  const int64_t per_epoch = steps_per_epoch(examples, o.batches);
  check(per_epoch > 0, "train: {} examples do not fill one step", examples);
  if (o.max_steps > 0) return o.max_steps;
  check(o.num_train_epochs * static_cast<double>(per_epoch) < most_steps, "num_train_epochs {}: too many steps",
        o.num_train_epochs);
  return share(o.num_train_epochs, per_epoch);
}

int64_t warmup_steps(const TrainingOptions& o, int64_t total) {
  return o.warmup_steps > 0 ? o.warmup_steps : share(o.warmup_ratio, total);
}

std::string metric_name(const std::string& given) { return given.starts_with("eval_") ? given.substr(5) : given; }

bool validation_decides(const TrainingOptions& o) {
  return o.load_best_model_at_end || o.early_stopping_patience > 0 || o.awaited_stalls > 0;
}

void check_options(const TrainingOptions& o) {
  check(o.logging_steps > 0 && o.eval_steps > 0 && o.save_steps > 0,
        "train: logging, eval and save steps {}, {}, {} must be positive", o.logging_steps, o.eval_steps, o.save_steps);
  const std::pair<const char*, double> not_negative[] = {
      {"num_train_epochs", o.num_train_epochs}, {"learning_rate", o.learning_rate}, {"max_grad_norm", o.max_grad_norm}};
  for (const auto& [name, value] : not_negative)
    check(std::isfinite(value) && value >= 0, "{} {}: it must be a finite number, not negative", name, value);
  check(o.warmup_ratio >= 0 && o.warmup_ratio <= 1, "warmup_ratio {}: it must be in [0, 1]", o.warmup_ratio);
  check(o.max_steps > 0 || o.num_train_epochs > 0, "train: {} epochs are not positive", o.num_train_epochs);
  check(o.max_steps >= -1 && o.warmup_steps >= 0 && o.save_total_limit >= 0 && o.early_stopping_patience >= 0,
        "train: max and warm-up steps, save limit and patience {}, {}, {}, {} must not be negative (but max steps -1: "
        "none)",
        o.max_steps, o.warmup_steps, o.save_total_limit, o.early_stopping_patience);
  check(o.batches.batch_size > 0 && o.batches.accumulation > 0 && o.batches.bucket_steps > 0,
        "train: batch size {}, accumulation {} and bucket steps {} must be positive", o.batches.batch_size,
        o.batches.accumulation, o.batches.bucket_steps);
  check(o.batches.batch_tokens >= 0, "train: batch tokens {} must not be negative", o.batches.batch_tokens);
  check(static_cast<double>(o.batches.batch_size) * static_cast<double>(o.batches.accumulation) *
                static_cast<double>(o.batches.bucket_steps) <
            most_steps,
        "train: batch size {} with {} batches a step and {} steps a bucket: too many examples", o.batches.batch_size,
        o.batches.accumulation, o.batches.bucket_steps);
  check(o.lr_scheduler_type != "constant" || (o.warmup_steps == 0 && o.warmup_ratio == 0),
        "lr_scheduler_type constant has no warm-up: constant_with_warmup has one");
  check(o.eval_strategy != Interval::never || !validation_decides(o),
        "load_best_model_at_end, early_stopping_patience and unfreezing when validation stalls need evaluations, but "
        "eval_strategy is \"no\"");
  check(o.stall_patience > 0, "train: stall patience {} must be positive", o.stall_patience);
  check(o.awaited_stalls == 0 || o.early_stopping_patience == 0 || o.early_stopping_patience >= o.stall_patience,
        "early_stopping_patience {} ends the run before validation has stalled: stall_patience is {}",
        o.early_stopping_patience, o.stall_patience);
}

void check_evaluation(const TrainingOptions& o, const std::vector<std::string>& names, bool has_validation) {
  const char* deciding = o.load_best_model_at_end        ? "load_best_model_at_end"
                         : o.early_stopping_patience > 0 ? "early_stopping_patience"
                                                         : "unfreezing when validation stalls";
  check(has_validation || !validation_decides(o), "{} needs validation data", deciding);
  const std::string name = metric_name(o.metric_for_best_model);
  check(names.empty() || std::ranges::find(names, name) != names.end(),
        "metric_for_best_model {}: the evaluation gives {}", o.metric_for_best_model, fmt::join(names, ", "));
}

fs::path existing_part(const fs::path& directory) {
  std::error_code error;
  fs::path existing = fs::absolute(directory, error).lexically_normal();
  while (!fs::exists(existing, error) && existing.has_relative_path()) existing = existing.parent_path();
  return existing;
}

void check_output_directory(const fs::path& directory) {
  if (directory.empty()) fail("output_dir is empty");
  std::error_code error;
  const fs::path existing = existing_part(directory);
  for (fs::path link = fs::absolute(directory, error).lexically_normal(); link != existing && link.has_relative_path();
       link = link.parent_path())
    if (fs::is_symlink(link, error))
      fail("{}: cannot be made: {} is a link to {}, which is not there", directory.string(), link.string(),
           fs::read_symlink(link, error).string());
  if (!fs::is_directory(existing, error))
    fail("{}: cannot be made: {} is not a directory", directory.string(), existing.string());
  if (access(existing.c_str(), W_OK | X_OK) != 0)
    fail("{}: cannot be written to: {}: {}", directory.string(), existing.string(), std::strerror(errno));
}

void check_no_checkpoints(const fs::path& directory) {
  if (const auto former = list_checkpoints(directory); !former.empty())
    fail("{}: holds checkpoints of a former run ({}): resume it, or choose another output directory",
         directory.string(), former[0].filename().string());
}

std::vector<std::string> doubtful_options(const TrainingOptions& o, int64_t total) {
  std::vector<std::string> lines;
  if (const int64_t warmup = warmup_steps(o, total); warmup >= total)
    lines.push_back(fmt::format("{} warm-up steps in a run of {}: the learning rate never reaches {}", warmup, total,
                                o.learning_rate));
  if (o.learning_rate == 0) lines.push_back("the learning rate is 0: nothing will change");
  return lines;
}

}  // namespace thaw
