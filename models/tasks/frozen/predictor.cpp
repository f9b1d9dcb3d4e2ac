// SPDX-License-Identifier: Apache-2.0
// Reads sequences, and writes what is said of them.
#include "models/tasks/frozen/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/tape.h"
#include "models/packed_text.h"
#include "models/tasks/frozen/evaluation.h"
#include "models/tasks/jsonl_rows.h"
#include "models/tasks/prediction_text.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {
namespace {

SequenceReader open(const PredictionRequest& request, const SequenceFormat& format, int64_t patch,
                    const FieldNames& called) {
  check_is_jsonl(request, "sequences", "files of pictures", called);
  if (request.stream) return {LineReader(*request.stream, request.stream_name), format, Answers::ignored};
  if (request.format) return {LineReader(request.file), format, Answers::ignored};
  return {request.file, format, patch, Answers::ignored};
}

}  // namespace

FrozenPredictor::FrozenPredictor(FrozenModel& model, int64_t patch, const PredictionRequest& request,
                                 const FieldNames& called)
    : model_(model),
      as_json_(request.as_json),
      reader_(open(request, model.format(), patch, called)),
      longer_(model.format().longest) {}

std::vector<std::string> FrozenPredictor::notes() const {
  const std::string line = longer_.to_text();
  return line.empty() || !model_.has_positions() ? std::vector<std::string>() : std::vector{line};
}

std::string FrozenPredictor::header() const {
  if (as_json_) return "";
  return model_.format().read * model_.format().answers == 1 ? "answer\tprobability\n" : "answers\tprobability\n";
}

bool FrozenPredictor::read_one() {
  const SequenceFormat& format = model_.format();
  LabelledSequence sequence;
  if (!reader_.next(sequence)) return false;
  Encoding one =
      format.ids ? sequence_of_ids(std::move(sequence.ids)) : sequence_of_numbers(sequence.numbers, format.inputs);
  model_.check_length(std::ssize(one.ids), reader_.where());
  longer_.add(static_cast<int64_t>(one.size()));
  sequences_.push_back(std::move(one));
  places_.push_back(reader_.where());
  return true;
}

// probability: of all answers together.
std::string FrozenPredictor::line_of(const std::vector<int32_t>& answers, double probability) const {
  if (!as_json_) return fmt::format("{}\t{:.4f}\n", answer_text(answers, model_.format()), probability);
  Json line = Json::object();
  if (answers.size() == 1)
    line.set("answer", int64_t{answers[0]});
  else
    line.set("answers", std::vector<int64_t>(answers.begin(), answers.end()));
  return line.set("probability", rounded(probability)).dump() + "\n";
}

bool FrozenPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  sequences_.clear();
  places_.clear();
  errors_.read(rows, [&] { return read_one(); });
  if (sequences_.empty()) return false;
  const NoGrad no_grad;
  const EvaluationMode evaluation(model_.store().mode());
  const std::vector<float> logits = model_.transformer()(pointers_to(sequences_)).value().to_host<float>();
  const auto classes = static_cast<size_t>(model_.format().classes);
  const size_t each = logits.size() / sequences_.size();
  for (size_t i = 0; i < sequences_.size(); ++i) {
    const auto begin = logits.begin() + static_cast<ptrdiff_t>(i * each);
    if (!std::all_of(begin, begin + static_cast<ptrdiff_t>(each), [](float x) { return std::isfinite(x); })) {
      errors_.fail(i > 0, [&] { fail_of_overflow(places_[i], "sequence"); });
      break;
    }
    std::vector<int32_t> answers;
    double log_probability = 0;
    for (size_t at = 0; at < each; at += classes) {
      const auto from = begin + static_cast<ptrdiff_t>(at), to = from + static_cast<ptrdiff_t>(classes);
      const auto best = std::max_element(from, to);
      double sum = 0;
      for (auto x = from; x != to; ++x) sum += std::exp(static_cast<double>(*x) - static_cast<double>(*best));
      answers.push_back(static_cast<int32_t>(best - from));
      log_probability -= std::log(sum);
    }
    lines += line_of(answers, std::exp(log_probability));
  }
  return true;
}

}  // namespace thaw
