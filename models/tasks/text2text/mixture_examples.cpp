// SPDX-License-Identifier: Apache-2.0
// Draws, and forwards to the rows that were drawn.
#include "models/tasks/text2text/mixture_examples.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

#include "models/tasks/cut_count.h"
#include "models/tasks/text2text/mixture_evaluation.h"
#include "models/tasks/text2text/mixture_labels.h"
#include "models/tasks/text2text/model.h"
#include "models/tasks/text2text/source_rows.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {

int64_t MixtureRows::task_of(int64_t row) const { return std::ranges::upper_bound(begins, row) - begins.begin() - 1; }

void check_prefix(const MixtureTask& task, const TextEncoder& sources) {
  if (const std::string fault = prefix_fault(sources, task.prefix); !fault.empty())
    fail("{}: the prefix: {}", task.where, fault);
}

MixtureRows read_mixture(const TextToText& model, const std::vector<MixtureTask>& tasks,
                         const Text2TextOptions& options, TokenizedTargets* to_learn) {
  auto rows = std::make_shared<Text2TextExamples::Data>();
  MixtureRows mixture{{}, {}, {0}};
  for (const MixtureTask& task : tasks) check_prefix(task, model.sources());
  for (const MixtureTask& task : tasks) {
    const std::string& file = to_learn ? task.file : task.validation_file;
    if (file.empty()) continue;
    const Text2TextOptions own = options_of(task, options);
    TargetTokens targets;
    if (to_learn) targets = to_learn->take(file, own.target_column, model.targets());
    append_sources_and_targets(model, file, own, std::move(targets), *rows);
    mixture.tasks.push_back(task);
    if (!to_learn) mixture.tasks.back().label_words = labels_of(task, options);
    mixture.begins.push_back(std::ssize(rows->lengths));
  }
  mixture.rows = std::move(rows);
  return mixture;
}

MixtureDraws draws_of(const MixtureRows& mixture, const Text2TextOptions& options, uint64_t seed) {
  std::vector<int64_t> sizes;
  std::vector<double> weights;
  int64_t all = 0;
  for (size_t i = 0; i < mixture.tasks.size(); ++i) {
    sizes.push_back(mixture.size(static_cast<int64_t>(i)));
    weights.push_back(mixture.tasks[i].weight);
    all += options.mixture_cap > 0 ? std::min(sizes.back(), options.mixture_cap) : sizes.back();
  }
  std::vector<double> rates =
      weights[0] > 0 ? shares_of(weights) : mixture_rates(sizes, options.mixture_cap, options.mixture_temperature);
  return {std::move(sizes), std::move(rates), options.mixture_examples > 0 ? options.mixture_examples : all, seed};
}

MixtureExamples::MixtureExamples(std::shared_ptr<const MixtureRows> mixture, std::unique_ptr<Text2TextExamples> all,
                                 std::optional<MixtureDraws> draws)
    : mixture_(std::move(mixture)), all_(std::move(all)), draws_(std::move(draws)) {
  if (draws_) {
    MixtureExamples::begin_epoch(0);
    drawn_first_.resize(mixture_->tasks.size());
    for (const MixtureDraw& draw : draws_->of_epoch(0)) ++drawn_first_[static_cast<size_t>(draw.task)];
    return;
  }
  rows_.resize(static_cast<size_t>(all_->size()));
  std::iota(rows_.begin(), rows_.end(), 0);
  lengths_.assign(all_->lengths().begin(), all_->lengths().end());
}

void MixtureExamples::begin_epoch(int64_t epoch) {
  if (!draws_) return;
  const std::vector<MixtureDraw>& draws = draws_->of_epoch(epoch);
  rows_.resize(draws.size());
  lengths_.resize(draws.size());
  for (size_t i = 0; i < draws.size(); ++i) {
    rows_[i] = mixture_->begins[static_cast<size_t>(draws[i].task)] + draws[i].example;
    lengths_[i] = all_->lengths()[static_cast<size_t>(rows_[i])];
  }
}

std::vector<int64_t> MixtureExamples::rows_of(std::span<const int64_t> examples) const {
  std::vector<int64_t> rows;
  for (const int64_t example : examples) rows.push_back(row(example));
  return rows;
}

std::unique_ptr<Evaluation> MixtureExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<int64_t> tasks;
  for (const int64_t example : examples) tasks.push_back(mixture_->task_of(row(example)));
  return std::make_unique<MixtureEvaluation>(mixture_->tasks, std::move(tasks), all_->evaluate(rows_of(examples)));
}

KeptTexts MixtureExamples::keep_frozen(std::span<const int64_t> examples, const Keeping& how) {
  if (!draws_) return all_->keep_frozen(rows_of(examples), how);
  std::vector<int64_t> rows;
  const double drawn = how.passes * static_cast<double>(examples.size());
  for (size_t task = 0; task < mixture_->tasks.size(); ++task) {
    const auto size = static_cast<double>(mixture_->size(static_cast<int64_t>(task)));
    if (draws_->rates()[task] * drawn <= size) continue;
    for (int64_t row = mixture_->begins[task]; row < mixture_->begins[task + 1]; ++row) rows.push_back(row);
  }
  Keeping again = how;
  again.passes = 2;
  return all_->keep_frozen(rows, again);
}

std::string MixtureExamples::cuts_of(int64_t task) const {
  std::map<std::string_view, CutCount> cuts;
  for (int64_t row = mixture_->begins[static_cast<size_t>(task)]; row < mixture_->begins[static_cast<size_t>(task) + 1];
       ++row)
    for (const CutPart& part : all_->cut_parts(row)) cuts[part.name].add(part.tokens);
  std::string line;
  for (const auto& [name, cut] : cuts)
    if (const std::string text = cut.to_text(name); !text.empty()) line += (line.empty() ? "" : "; ") + text;
  return line;
}

std::string MixtureExamples::not_drawn() const {
  std::vector<std::string> names;
  for (size_t task = 0; task < drawn_first_.size(); ++task)
    if (drawn_first_[task] == 0)
      names.push_back(fmt::format("{} ({:.2g} by its share)", mixture_->tasks[task].name,
                                  draws_->rates()[task] * static_cast<double>(rows_.size())));
  return names.empty() ? "" : fmt::format("no example drawn in the first epoch: {}", fmt::join(names, ", "));
}

std::vector<std::string> MixtureExamples::notes() const {
  std::vector<std::string> lines;
  const bool some_judged =
      std::ranges::any_of(mixture_->tasks, [](const MixtureTask& task) { return !task.validation_file.empty(); });
  for (int64_t task = 0; task < std::ssize(mixture_->tasks); ++task) {
    const MixtureTask& of = mixture_->tasks[static_cast<size_t>(task)];
    const std::string rate =
        draws_ ? fmt::format(", {:.2f} % of the mixture", 100 * draws_->rates()[static_cast<size_t>(task)]) : "";
    const char* unjudged = some_judged && of.validation_file.empty() ? "; not judged: it has no validation file" : "";
    lines.push_back(fmt::format("{}: {} of {}{}{}", of.name, counted(mixture_->size(task), "example"), file_of(of),
                                rate, unjudged));
    if (const std::string cuts = cuts_of(task); !cuts.empty())
      lines.push_back(fmt::format("note: {}: {}: {}", file_of(of), of.name, cuts));
    const auto place = static_cast<size_t>(task);
    if (const std::string text = all_->unknown_targets(mixture_->begins[place], mixture_->begins[place + 1]);
        !text.empty())
      lines.push_back(fmt::format("note: {}: {}: {}", file_of(of), of.name, text));
  }
  if (draws_) lines.push_back(fmt::format("an epoch of the mixture: {} drawn", counted(std::ssize(rows_), "example")));
  if (const std::string line = not_drawn(); !line.empty()) lines.push_back("note: " + line);
  return lines;
}

ShownExample MixtureExamples::show(int64_t example) const {
  const MixtureTask& task = mixture_->tasks[static_cast<size_t>(mixture_->task_of(row(example)))];
  ShownExample shown = all_->show(row(example));
  shown.where = fmt::format("{}:{}", file_of(task), mixture_->rows->sources.line(row(example)));
  return shown;
}

std::string MixtureExamples::part(int64_t example) const {
  return mixture_->tasks[static_cast<size_t>(mixture_->task_of(row(example)))].name;
}

Fingerprint MixtureExamples::identity() const {
  Fingerprint identity = all_->identity();
  std::string tasks;
  for (size_t i = 0; i < mixture_->tasks.size(); ++i) {
    tasks += fmt::format("{}{}: {}", i ? ", " : "", mixture_->tasks[i].name, mixture_->size(static_cast<int64_t>(i)));
    if (draws_) tasks += fmt::format(" at {}", draws_->rates()[i]);
    if (!draws_) tasks += fmt::format(" by {}", fmt::join(mixture_->tasks[i].metrics, " "));
    if (!draws_ && mixture_->tasks[i].counts_labels())
      tasks += fmt::format(" of {}", fmt::join(mixture_->tasks[i].label_words, "|"));
  }
  identity["tasks of the mixture"] = tasks;
  if (draws_) identity["examples of an epoch of the mixture"] = fmt::format("{}", rows_.size());
  return identity;
}

std::unique_ptr<Examples> MixtureExamples::read_by(TaskModel& other) const {
  return std::make_unique<MixtureExamples>(mixture_, all_->read_by(dynamic_cast<Text2TextModel&>(other).text()),
                                           draws_);
}

}  // namespace thaw
