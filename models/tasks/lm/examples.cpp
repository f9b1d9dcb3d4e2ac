// SPDX-License-Identifier: Apache-2.0
// Losses and scores of texts.
#include "models/tasks/lm/examples.h"

#include "models/tasks/checksum.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/lm/evaluation.h"
#include "models/tasks/lm/judged_windows.h"
#include "models/tasks/lm/model.h"

namespace thaw {

std::vector<const LmWindow*> LmExamples::windows(std::span<const int64_t> examples) const {
  std::vector<const LmWindow*> out;
  for (const int64_t example : examples) out.push_back(&window(example));
  return out;
}

double LmExamples::terms(std::span<const int64_t> examples) const {
  int64_t counted = 0;
  for (const int64_t example : examples) counted += window(example).counted();
  return static_cast<double>(counted);
}

Variable LmExamples::loss(std::span<const int64_t> examples, double count) const {
  const CountedTokens batch(windows(examples));
  return model_.loss_at(batch.texts, batch.tokens, batch.truths, count);
}

KeptTexts LmExamples::keep_frozen(std::span<const int64_t> examples, const Keeping& how) {
  return model_.keep_frozen(CountedTokens(windows(examples)).texts, how);
}

std::vector<float> LmExamples::outputs(std::span<const int64_t> examples) const {
  std::vector<float> losses;
  for (const JudgedWindow& one : judge_windows(model_, windows(examples)))
    losses.insert(losses.end(), one.losses.begin(), one.losses.end());
  return losses;
}

std::unique_ptr<Evaluation> LmExamples::evaluate(std::span<const int64_t> examples) const {
  // Of each example the number of its text among those of `examples`.
  std::vector<size_t> document_of;
  std::vector<JudgedText> documents;
  for (size_t i = 0; i < examples.size(); ++i) {
    if (i == 0 || group(examples[i]) != group(examples[i - 1])) documents.emplace_back();
    document_of.push_back(documents.size() - 1);
    const LmWindow& one = window(examples[i]);
    documents.back().ids.insert(documents.back().ids.end(), one.tokens.ids.begin() + one.first, one.tokens.ids.end());
  }
  const auto run = [&](std::span<const int64_t> numbers, std::span<const int64_t> places) {
    const std::vector<const LmWindow*> read = windows(numbers);
    const std::vector<JudgedWindow> judged = judge_windows(model_, read);
    double sum = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
      JudgedText& document = documents[document_of[static_cast<size_t>(places[i])]];
      document.scores += judged[i].scores;
      document.bytes += read[i]->bytes;
      sum += judged[i].scores.losses.sum;
    }
    return sum;
  };
  evaluate_in_batches(model_.store(), *this, examples, run);
  return std::make_unique<LmEvaluation>(model_.tokenizer(), std::move(documents));
}

ShownExample LmExamples::show(int64_t example) const {
  const Tokenizer& tokenizer = model_.tokenizer();
  const LmWindow& shown = window(example);
  ShownExample out;
  out.where = fmt::format("{}:{}", data_->file, data_->lines[static_cast<size_t>(example)]);
  for (size_t i = 0; i < shown.tokens.size(); ++i)
    out.tokens.push_back({tokenizer.token(shown.tokens.ids[i]), i >= static_cast<size_t>(shown.first)});
  out.text = tokenizer.decode(shown.tokens.ids);
  out.cut = cut(example);
  return out;
}

Fingerprint LmExamples::identity() const {
  uint32_t sum = checksum(data_->lengths);
  for (const LmWindow& one : data_->windows) {
    const std::vector<int32_t> counted{one.first};
    sum = checksum(counted, checksum(one.tokens.ids, sum));
  }
  return {{"texts, as token ids", checksum_text(sum)}};
}

std::unique_ptr<Examples> LmExamples::read_by(TaskModel& other) const {
  return std::make_unique<LmExamples>(dynamic_cast<LmModel&>(other).text(), data_);
}

}  // namespace thaw
