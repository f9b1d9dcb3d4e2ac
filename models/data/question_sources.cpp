// SPDX-License-Identifier: Apache-2.0
// Questions row by row, and grouped as in SQuAD.
#include <cstdint>
#include <memory>
#include <utility>

#include "models/data/json_rows.h"
#include "models/data/question_source.h"

namespace thaw {
namespace {

class RowSource : public QuestionSource {
 public:
  explicit RowSource(LineReader lines) : rows_(std::move(lines)) {}

  bool next(Question& question) override {
    Json row;
    if (!rows_.next(row)) return false;
    read_question(row, ++number_, question);
    question.where = rows_.where();
    question.context = text_member(row, "context");
    return true;
  }

 private:
  JsonRows rows_;
  int64_t number_ = 0;
};

class SquadSource : public QuestionSource {
 public:
  explicit SquadSource(Json json) : json_(std::move(json)) { json_.get_array("data"); }

  bool next(Question& question) override {
    const Json& data = json_.get_array("data");
    for (; article_ < data.size(); ++article_, paragraph_ = 0) {
      const Json& paragraphs = data.get_object(article_).get_array("paragraphs");
      for (; paragraph_ < paragraphs.size(); ++paragraph_, asked_ = 0) {
        const Json& paragraph = paragraphs.get_object(paragraph_);
        const Json& questions = paragraph.get_array("qas");
        if (asked_ >= questions.size()) continue;
        read_question(questions.get_object(asked_++), ++number_, question);
        question.context = text_member(paragraph, "context");
        return true;
      }
    }
    return false;
  }

 private:
  Json json_;
  size_t article_ = 0, paragraph_ = 0, asked_ = 0;
  int64_t number_ = 0;
};

}  // namespace

std::unique_ptr<QuestionSource> make_row_source(LineReader lines) {
  return std::make_unique<RowSource>(std::move(lines));
}

std::unique_ptr<QuestionSource> make_squad_source(Json json) { return std::make_unique<SquadSource>(std::move(json)); }

}  // namespace thaw
