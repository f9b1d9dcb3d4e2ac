// SPDX-License-Identifier: Apache-2.0
// Reads sequences, and writes what is said of them.
#include "models/tasks/frozen/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/tape.h"
#include "models/packed_text.h"
#include "models/tasks/frozen/evaluation.h"
#include "models/tasks/prediction_text.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {
namespace {

bool is_picture_file(const PredictionRequest& request) { return !request.stream && names_pictures(request.file); }

}  // namespace

FrozenPredictor::FrozenPredictor(FrozenModel& model, int64_t patch, const PredictionRequest& request)
    : model_(model), patch_(patch), as_json_(request.as_json) {
  const SequenceFormat& format = model.format();
  if (is_picture_file(request)) {
    pictures_ = read_pictures(request.file);
    if (picture_format(pictures_, patch) != format)
      fail("{}: its pictures are of another size than those that were learnt", request.file);
  } else {
    rows_.emplace(request.stream ? LineReader(*request.stream, request.stream_name) : LineReader(request.file),
                  format.ids ? 0 : format.inputs);
  }
}

std::string FrozenPredictor::header() const {
  if (as_json_) return "";
  return model_.format().read * model_.format().answers == 1 ? "answer\tprobability\n" : "answers\tprobability\n";
}

bool FrozenPredictor::read_one() {
  const SequenceFormat& format = model_.format();
  LabelledSequence sequence;
  std::string where;
  if (rows_) {
    if (!rows_->next(sequence)) return false;
    where = rows_->where();
    check_sequence(sequence, format, false, where);
  } else {
    if (picture_ == pictures_.count()) return false;
    where = fmt::format("picture {}", picture_);
    sequence = picture_sequence(pictures_, picture_++, patch_);
  }
  Encoding one =
      format.ids ? sequence_of_ids(std::move(sequence.ids)) : sequence_of_numbers(sequence.numbers, format.inputs);
  model_.check_length(std::ssize(one.ids), where);
  sequences_.push_back(std::move(one));
  places_.push_back(std::move(where));
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
