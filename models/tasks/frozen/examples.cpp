// SPDX-License-Identifier: Apache-2.0
// Losses and answers of sequences.
#include "models/tasks/frozen/examples.h"

#include <fmt/format.h>

#include <cmath>

#include "autograd/functions.h"
#include "models/data/sequences/list_ops.h"
#include "models/input/row_source.h"
#include "models/judged_rows.h"
#include "models/tasks/checksum.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/frozen/evaluation.h"
#include "models/tasks/frozen/longer_sequences.h"

namespace thaw {
namespace {

constexpr size_t shown_numbers = 8;  // of a row

std::string row_text(std::span<const float> row) {
  std::string text;
  for (size_t i = 0; i < std::min(row.size(), shown_numbers); ++i)
    text += fmt::format("{}{:.3g}", i > 0 ? " " : "", row[i]);
  return row.size() > shown_numbers ? text + " ..." : text;
}

}  // namespace

FrozenExamples::Data::Data(const std::vector<LabelledSequence>& all, const SequenceFormat& of_all, std::string from)
    : format(of_all), name(std::move(from)) {
  for (const LabelledSequence& one : all) {
    sequences.push_back(format.ids ? sequence_of_ids(one.ids) : sequence_of_numbers(one.numbers, format.inputs));
    answers.push_back(one.answers);
    lengths.push_back(static_cast<int64_t>(sequences.back().size()));
  }
}

double FrozenExamples::terms(std::span<const int64_t> examples) const {
  const SequenceFormat& f = data_->format;
  return static_cast<double>(f.read * f.answers) * static_cast<double>(examples.size());
}

std::vector<const Encoding*> FrozenExamples::sequences(std::span<const int64_t> examples) const {
  std::vector<const Encoding*> some;
  for (const int64_t example : examples) some.push_back(&data_->sequences[static_cast<size_t>(example)]);
  return some;
}

std::vector<int32_t> FrozenExamples::answers(std::span<const int64_t> examples) const {
  std::vector<int32_t> all;
  for (const int64_t example : examples) {
    const std::vector<int32_t>& own = data_->answers[static_cast<size_t>(example)];
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

Variable FrozenExamples::logits(std::span<const int64_t> examples) const {
  const Variable given = model_.transformer()(sequences(examples));
  const int64_t classes = data_->format.classes;
  return reshape(given, {given.value().numel() / classes, classes});
}

Variable FrozenExamples::loss(std::span<const int64_t> examples, double count) const {
  return cross_entropy(logits(examples), Indices(answers(examples), model_.store().device()), {}, count);
}

std::vector<float> FrozenExamples::outputs(std::span<const int64_t> examples) const {
  return logits(examples).value().to_host<float>();
}

std::unique_ptr<Evaluation> FrozenExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<JudgedSequence> said(examples.size());
  const auto run = [&](std::span<const int64_t> numbers, std::span<const int64_t> places) {
    const Tensor rows = logits(numbers).value();
    const std::vector<int32_t> truths = answers(numbers);
    const JudgedRows judged = judge_rows(rows, Indices(truths, rows.device()));
    const std::vector<float> scores = rows.to_host<float>();
    const auto classes = static_cast<size_t>(data_->format.classes);
    const size_t each = truths.size() / numbers.size();
    double sum = 0;
    for (size_t row = 0; row < truths.size(); ++row) {
      JudgedSequence& sequence = said[static_cast<size_t>(places[row / each])];
      sequence.truths.push_back(truths[row]);
      sequence.said.push_back(judged.likeliest[row]);
      sequence.loss += static_cast<double>(judged.losses[row]);
      // exp(-loss) is the probability of the truth.
      const auto score = [&](int32_t of) {
        return static_cast<double>(scores[row * classes + static_cast<size_t>(of)]);
      };
      const double truth = std::exp(-static_cast<double>(judged.losses[row]));
      sequence.wrongness += truth * (std::exp(score(judged.likeliest[row]) - score(truths[row])) - 1);
      sum += static_cast<double>(judged.losses[row]);
    }
    return sum;
  };
  evaluate_in_batches(model_.store(), *this, examples, run);
  return std::make_unique<FrozenEvaluation>(data_->format, std::move(said));
}

KeptTexts FrozenExamples::keep_frozen(std::span<const int64_t> examples, const Keeping& how) {
  return model_.keep_frozen(sequences(examples), how);
}

std::vector<std::string> FrozenExamples::notes() const {
  LongerSequences longer(data_->format.longest);
  for (const int64_t length : data_->lengths) longer.add(length);
  const std::string line = longer.to_text();
  if (line.empty() || !model_.has_positions()) return {};
  return {fmt::format("warning: {}: {}", data_->name, line)};
}

ShownExample FrozenExamples::show(int64_t example) const {
  const Encoding& sequence = data_->sequences[static_cast<size_t>(example)];
  const std::vector<int32_t>& answers = data_->answers[static_cast<size_t>(example)];
  const SequenceFormat& f = data_->format;
  const std::vector<float> numbers = f.ids ? std::vector<float>() : sequence.rows->numbers();
  const auto row = [&](size_t t) { return std::span(numbers).subspan(t * static_cast<size_t>(f.inputs)); };
  ShownExample shown{fmt::format("{}, sequence {}", data_->name, example + 1), {}, {}};
  const bool is_tree = f.ids && f.inputs == ListOps::tokens && data_->name.starts_with("listops");
  for (size_t t = 0; t < sequence.size(); ++t) {
    const int32_t id = sequence.ids[t];
    ShownExample::Token token{f.ids ? (is_tree ? list_ops_text({id}) : std::to_string(id))
                                    : row_text(row(t).first(static_cast<size_t>(f.inputs)))};
    const int64_t answered = static_cast<int64_t>(t) - (static_cast<int64_t>(sequence.size()) - f.read);
    if (answered >= 0) {
      token.has_loss = true;
      const auto begin = answers.begin() + answered * f.answers;
      token.label = answer_text({begin, begin + f.answers}, f);
    }
    shown.tokens.push_back(std::move(token));
  }
  shown.truth = answer_text(answers, f);
  return shown;
}

int64_t FrozenExamples::stratum(int64_t example) const {
  const std::vector<int32_t>& answers = data_->answers[static_cast<size_t>(example)];
  return answers.size() == 1 ? answers[0] : 0;
}

uint64_t FrozenExamples::kin(int64_t example) const {
  return text_key(data_->sequences[static_cast<size_t>(example)]).bits[0];
}

Fingerprint FrozenExamples::identity() const {
  uint32_t sequences = 0, answers = 0;
  for (const Encoding& sequence : data_->sequences) sequences = checksum(sequence, sequences);
  for (const std::vector<int32_t>& own : data_->answers) answers = checksum(own, answers);
  return {{"rows of the sequences", checksum_text(sequences)}, {"answers of the sequences", checksum_text(answers)}};
}

std::unique_ptr<Examples> FrozenExamples::read_by(TaskModel& other) const {
  return std::make_unique<FrozenExamples>(dynamic_cast<FrozenModel&>(other), data_);
}

}  // namespace thaw
