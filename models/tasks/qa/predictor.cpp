// SPDX-License-Identifier: Apache-2.0
// Reads questions, and writes what the model answers.
#include "models/tasks/qa/predictor.h"

#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "models/tasks/jsonl_rows.h"
#include "models/tasks/prediction_text.h"
#include "models/tasks/qa/examples.h"
#include "models/tasks/qa/question_set.h"
#include "tensor/check.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

QuestionReader open(const PredictionRequest& request, const FieldNames& called) {
  check_is_jsonl(request, "questions", "files of SQuAD's form", called);
  if (request.stream) return QuestionReader::of_rows(*request.stream, request.stream_name);
  return request.format ? QuestionReader::of_rows(request.file) : QuestionReader(request.file);
}

std::string tsv_line(const std::string& id, const Answer& answer) {
  const std::string place = answer.text.empty() ? "\t" : fmt::format("{}\t{}", answer.start, answer.end);
  return fmt::format("{}\t{}\t{:.4f}\t{}\n", tsv_cell(id), tsv_cell(answer.text), answer.probability, place);
}

void set_answer(Json& object, const Answer& answer) {
  object.set("answer", answer.text).set("probability", rounded(answer.probability));
  object.set("start", answer.text.empty() ? Json() : Json(answer.start));
  object.set("end", answer.text.empty() ? Json() : Json(answer.end));
}

std::string json_line(const std::string& id, const QuestionAnswers& answers, const QaOptions& options) {
  Json row = Json::object();
  row.set("id", id);
  set_answer(row, answers.said());
  if (options.version_2_with_negative) row.set("null_score_diff", rounded(answers.null_score_diff));
  if (options.n_best) {
    Json list = Json::array();
    for (const Answer& answer : answers.best) {
      Json entry = Json::object();
      set_answer(entry, answer);
      list.push_back(std::move(entry));
    }
    row.set("n_best", std::move(list));
  }
  return row.dump() + "\n";
}

}  // namespace

QaPredictor::QaPredictor(TextPipeline& model, const QaOptions& options, const PredictionRequest& request,
                         const FieldNames& called)
    : model_(model), options_(options), as_json_(request.as_json), reader_(open(request, called)) {
  check(as_json_ || !options.n_best, "{} needs {} jsonl: a line of tsv has one answer", called("n_best"),
        called("output_format"));
  check(options.null_odds_file.empty() || options.version_2_with_negative,
        "{}: the model always answers ({} lets it say that there is no answer)", called("null_odds_file"),
        called("version_2_with_negative"));
  if (!options.predictions_file.empty()) predictions_.emplace(options.predictions_file);
  if (!options.null_odds_file.empty()) null_odds_.emplace(options.null_odds_file);
}

std::string QaPredictor::header() const { return as_json_ ? "" : "id\tanswer\tprobability\tstart\tend\n"; }

std::vector<std::string> QaPredictor::notes() const {
  const std::string line = cut_.to_text();
  return line.empty() ? std::vector<std::string>{} : std::vector{line};
}

bool QaPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  auto set = std::make_shared<QuestionSet>("");
  errors_.read(rows, [&] {
    Question question;
    if (!reader_.next(question)) return false;
    question.answers.clear();
    for (std::optional<SquadFile>* file : {&predictions_, &null_odds_})
      if (*file) (*file)->expect(question.id, question.where);
    set->add(question, model_.encoder(), options_);
    return true;
  });
  if (set->questions().empty()) {
    for (std::optional<SquadFile>* file : {&predictions_, &null_odds_}) {
      if (*file) (*file)->commit();
      file->reset();
    }
    return false;
  }
  std::vector<int64_t> all(set->windows().size());
  std::iota(all.begin(), all.end(), int64_t{0});
  const std::vector<QuestionAnswers> answers = QaExamples(model_, set, options_).answers(all);
  for (size_t i = 0; i < answers.size(); ++i) {
    const AskedQuestion& asked = set->questions()[i];
    if (!answers[i].is_finite) fail_of_overflow(asked.where, "question");
    cut_.add(static_cast<int64_t>(set->texts()[asked.first_window].cut));
    if (predictions_) predictions_->add(asked.id, answers[i].said().text);
    if (null_odds_) null_odds_->add(asked.id, answers[i].null_score_diff);
    lines += as_json_ ? json_line(asked.id, answers[i], options_) : tsv_line(asked.id, answers[i].said());
  }
  return true;
}

}  // namespace thaw
