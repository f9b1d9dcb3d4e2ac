// SPDX-License-Identifier: Apache-2.0
// Finds out the form of a file, and reads what all forms share.
#include "models/data/questions.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "models/data/file_extension.h"
#include "models/data/file_kind.h"
#include "models/data/json_brackets.h"
#include "models/data/json_rows.h"
#include "models/data/question_source.h"
#include "models/data/unpacked_bytes.h"
#include "tensor/check.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string read_all(const std::filesystem::path& path) {
  UnpackedBytes bytes(path);
  std::string text;
  char block[1 << 16];
  while (const size_t count = bytes.read(block, sizeof block)) {
    text.append(block, count);
    if (text.size() > Json::max_bytes) fail("{}: has more than {} bytes", path.string(), Json::max_bytes);
  }
  if (bytes.bad()) fail("{}: cannot be read", path.string());
  if (const std::string kind = foreign_kind(std::string_view(text).substr(0, 10'000)); !kind.empty())
    fail("{}: {}", path.string(), kind);
  return text;
}

// Does an object end before the text does? Then there is one a line.
bool has_several(std::string_view text) {
  JsonBrackets brackets;
  for (size_t i = 0; i < text.size(); ++i) {
    brackets.add(text[i]);
    if (text[i] == '}' && !brackets.in_string() && brackets.depth() == 0)
      return text.find_first_not_of(blanks, i + 1) != std::string_view::npos;
  }
  return false;
}

std::unique_ptr<QuestionSource> open(const std::filesystem::path& path) {
  const std::string extension = content_extension(path);
  if (extension == ".jsonl" || extension == ".ndjson") return make_row_source(LineReader(path));
  if (extension != ".json")
    fail("{}: questions are read from .jsonl and .ndjson (an object a line), and .json (SQuAD's form, or the same)",
         path.string());
  std::string text = read_all(path);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (text.find_first_not_of(blanks) == std::string::npos) fail("{}: is empty", path.string());
  if (has_several(text)) return make_row_source(LineReader(path));
  Json json = Json::parse(text, path.string());
  if (json.is_object() && json.contains("data")) return make_squad_source(std::move(json));
  if (json.is_object() && json.contains("question")) return make_row_source(LineReader(path));
  fail("{}: is neither SQuAD's JSON (an object with \"data\") nor JSONL (an object a line with \"question\")",
       path.string());
}

const std::string& filled_text(const Json& object, const char* key) {
  const std::string& text = text_member(object, key);
  if (text.find_first_not_of(blanks) == std::string::npos) fail("{}: is empty", object.where(key));
  return text;
}

void add_answer(const Json& object, const std::string& text, int64_t start, std::vector<GivenAnswer>& answers) {
  if (text.empty()) fail("{}: an answer is empty: a question without an answer has none", object.where());
  answers.push_back({text, start});
}

std::vector<GivenAnswer> read_answers(const Json& object) {
  std::vector<GivenAnswer> answers;
  const Json& given = object.at("answers");
  if (given.is_array()) {
    for (size_t i = 0; i < given.size(); ++i) {
      const Json& answer = given.get_object(i);
      add_answer(answer, text_member(answer, "text"), answer.get_int("answer_start"), answers);
    }
    return answers;
  }
  const Json& lists = object.get_object("answers");
  const std::vector<std::string> texts = texts_member(lists, "text");
  const std::vector<int64_t> starts = lists.get_ints("answer_start");
  if (texts.size() != starts.size())
    fail("{}: {} in \"text\", {} in \"answer_start\"", lists.where(), texts.size(), starts.size());
  for (size_t i = 0; i < texts.size(); ++i) add_answer(lists, texts[i], starts[i], answers);
  return answers;
}

std::string read_id(const Json& object, int64_t number) {
  const Json* id = object.find("id");
  if (!id || id->is_null()) return fmt::format("{}", number);
  if (id->is_integer()) return id->dump();
  return text_member(object, "id");
}

}  // namespace

bool matches(const GivenAnswer& answer, const std::string& context) {
  if (answer.start < 0) return false;
  size_t at = 0;
  for (int64_t i = 0; i < answer.start; ++i) {
    if (at >= context.size()) return false;
    next_code_point(context, at);
  }
  return context.compare(at, answer.text.size(), answer.text) == 0;
}

void read_question(const Json& object, int64_t number, Question& question) {
  question.id = read_id(object, number);
  question.text = filled_text(object, "question");
  question.where = object.where();
  question.answers.clear();
  const Json* impossible = object.find("is_impossible");
  const bool is_impossible = impossible && !impossible->is_null() && object.get_bool("is_impossible");
  const Json* answers = object.find("answers");
  const bool has_answers = answers && !answers->is_null();
  if (has_answers) question.answers = read_answers(object);
  if (is_impossible && !question.answers.empty())
    fail("{}: \"is_impossible\" is true, but there are answers", object.where());
  question.is_answered = has_answers || is_impossible;
}

QuestionReader::QuestionReader(std::unique_ptr<QuestionSource> source) : source_(std::move(source)) {}
QuestionReader::QuestionReader(const std::filesystem::path& path) : QuestionReader(open(path)) {}
QuestionReader QuestionReader::of_rows(const std::filesystem::path& path) {
  return QuestionReader(make_row_source(LineReader(path)));
}
QuestionReader QuestionReader::of_rows(std::istream& stream, const std::string& name) {
  return QuestionReader(make_row_source(LineReader(stream, name)));
}
QuestionReader::~QuestionReader() = default;
QuestionReader::QuestionReader(QuestionReader&&) noexcept = default;

bool QuestionReader::next(Question& question) { return source_->next(question); }

}  // namespace thaw
