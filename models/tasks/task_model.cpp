// SPDX-License-Identifier: Apache-2.0
// What is the same for all examples and models.
#include "models/tasks/task_model.h"

#include <numeric>
#include <stdexcept>
#include <utility>

namespace thaw {
namespace {

std::vector<int64_t> numbers_below(int64_t count) {
  std::vector<int64_t> all(static_cast<size_t>(count));
  std::iota(all.begin(), all.end(), int64_t{0});
  return all;
}

}  // namespace

Metrics Evaluation::metrics() const {
  Metrics metrics = scores(numbers_below(size()));
  metrics["loss"] = loss();
  return metrics;
}

Variable Examples::loss_and_terms(std::span<const int64_t>, double, Tensor&) const {
  throw std::logic_error("examples that have parts tell no terms of their loss");
}

std::unique_ptr<Evaluation> Examples::evaluate() const { return evaluate(numbers_below(size())); }

KeptTexts Examples::keep_frozen(const Keeping& how) { return keep_frozen(numbers_below(size()), how); }

std::vector<int64_t> Examples::first_of_groups() const {
  std::vector<int64_t> firsts;
  for (int64_t example = 0; example < size(); ++example)
    if (example == 0 || group(example) != group(example - 1)) firsts.push_back(example);
  return firsts;
}

int64_t Examples::groups() const { return std::ssize(first_of_groups()); }

void TaskModel::save(const std::string& directory, const SaveOptions& options) const {
  save_model(directory, options);
  save_record(directory);
}

void TaskModel::save_record(const std::string& directory) const {
  if (record_) write_task_record(directory, *record_);
}

void TaskModel::keep(std::string_view option, Json value) {
  if (record_) record_->options.set(option, std::move(value));
}

}  // namespace thaw
