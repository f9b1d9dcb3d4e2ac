// SPDX-License-Identifier: Apache-2.0
// Questions to JSON and back.
#include "examples/data/squad.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// Where the character of a number begins; the text's size behind the last.
size_t byte_of_character(std::string_view text, size_t number) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if (begins_character(text[at]) && number-- == 0) break;
  }
  return at;
}

bool is_there(std::string_view context, const MadeQuestion& question) {
  return question.answer_start <= context.size() && context.substr(question.answer_start).starts_with(question.answer);
}

Json json_of(const QuestionedText& text, const MadeQuestion& question) {
  Json answers = Json::array();
  if (!question.answer.empty()) {
    const auto start = characters(std::string_view(text.context).substr(0, question.answer_start));
    answers.push_back(Json::object().set("text", question.answer).set("answer_start", start));
  }
  return Json::object()
      .set("id", question.id)
      .set("question", question.text)
      .set("answers", std::move(answers))
      .set("is_impossible", question.answer.empty());
}

}  // namespace

void add_squad(FileSet& files, const std::filesystem::path& path, const std::vector<QuestionedText>& texts) {
  Json data = Json::array();
  for (const auto& text : texts) {
    Json questions = Json::array();
    for (const auto& question : text.questions) {
      check(is_there(text.context, question), "{}: the answer {} of {} is not where it says", path.string(),
            quote(question.answer), quote(question.id));
      questions.push_back(json_of(text, question));
    }
    Json paragraph = Json::object().set("context", text.context).set("qas", std::move(questions));
    data.push_back(Json::object().set("title", text.title).set("paragraphs", std::vector<Json>{std::move(paragraph)}));
  }
  files.add(path, Json::object().set("version", "v2.0").set("data", std::move(data)).dump({}) + "\n");
}

std::vector<QuestionedText> read_squad(const std::filesystem::path& path) {
  std::vector<QuestionedText> texts;
  const Json file = Json::read(path.string());
  for (const auto& article : file.get_array("data").items()) {
    for (const auto& paragraph : article.get_array("paragraphs").items()) {
      QuestionedText text{article.get_string_or("title", ""), paragraph.get_string("context"), {}};
      for (const auto& item : paragraph.get_array("qas").items()) {
        MadeQuestion question{item.get_string("id"), item.get_string("question"), "", 0};
        const auto& answers = item.get_array("answers");
        if (!answers.empty()) {
          const auto& answer = answers.get_object(0);
          question.answer = answer.get_string("text");
          question.answer_start =
              byte_of_character(text.context, static_cast<size_t>(answer.get_int("answer_start", 0)));
          if (!is_there(text.context, question))
            fail("{} is not where it says: {}", answer.where("text"), quote(question.answer));
        }
        text.questions.push_back(std::move(question));
      }
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

}  // namespace thaw
