// SPDX-License-Identifier: Apache-2.0
// Options and data of question answering.
#include "models/tasks/qa/task.h"

#include <algorithm>
#include <optional>

#include "models/data/questions.h"
#include "models/tasks/qa/data_report.h"
#include "models/tasks/qa/model.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t usual_length = 384;  // the reference's max_seq_length

// Where no max_length is given: what model and tokenizer allow, at most 384.
int64_t unasked_length(const std::string& directory) {
  return std::min(usual_length, open_text_encoder(directory, 0).max_length());
}

bool any_without_answer(const std::string& file) {
  QuestionReader reader(file);
  for (Question question; reader.next(question);)
    if (question.is_answered && question.answers.empty()) return true;
  return false;
}

}  // namespace

std::vector<OptionField> QaTask::options(TaskUse use) {
  QaOptions& o = options_;
  OptionField length = max_length_option();
  length.help =
      "tokens of a window: a question and a part of its context (default: what model and tokenizer allow, at "
      "most 384)";
  std::vector<OptionField> list = {
      length,
      {.name = "doc_stride",
       .field = &o.doc_stride,
       .help = "tokens of a long context that neighbouring windows share",
       .kept = true},
      {.name = "version_2_with_negative",
       .field = &o.version_2_with_negative,
       .help = "a context may have no answer, as in SQuAD 2.0 (default: found in the training data, and kept)",
       .kept = true},
      {.name = "n_best_size",
       .field = &o.n_best_size,
       .help = "starts and ends of a window that are tried, and answers that are kept",
       .range = {1, 1e4},
       .kept = true},
      {.name = "max_answer_length",
       .field = &o.max_answer_length,
       .help = "tokens of an answer",
       .range = {1, 1e6},
       .kept = true},
      {.name = "null_score_diff_threshold",
       .field = &o.null_score_diff_threshold,
       .help = "by how much \"no answer\" must score better than the best answer to be said (best_f1_threshold of an "
               "evaluation)",
       .range = {-OptionRange::infinity, OptionRange::infinity},
       .kept = true}};
  if (use != TaskUse::prediction) return list;
  list.push_back({"n_best", &o.n_best, "with --output-format jsonl: all answers that are kept, not the best alone"});
  list.push_back({"predictions_file", &o.predictions_file,
                  "write the answers into this file, too: {ID: TEXT, ...}, which SQuAD's scripts read"});
  list.push_back({"null_odds_file", &o.null_odds_file,
                  "and into this one by how much \"no answer\" scores better: {ID: NUMBER, ...}, the --na-prob-file "
                  "of SQuAD 2.0's script"});
  return list;
}

TaskHelp QaTask::help() const {
  return {
      .data =
          "Questions are read from SQuAD's JSON (1.1, 2.0), or JSONL: {\"id\", \"question\", \"context\", "
          "\"answers\": {\"text\": [...],\n\"answer_start\": [...]}}; no answers in the lists: the context has none.\n"
          "Warned of: answers that are not where answer_start (in code points) says, answers that no window has "
          "whole, questions that\nare cut, ids and questions that are there twice, contexts of a later split that an "
          "earlier one has too.",
      .predictions =
          "Questions come as JSONL, also from the standard input: {\"id\", \"question\", \"context\"}; or as a "
          "file of SQuAD's form.\nOutput in TSV: id, answer, probability, start, end (code points of the context); no "
          "answer is empty. In JSONL also\nnull_score_diff, and with --n-best the list. To have SQuAD's script judge:\n"
          "  thaw predict --model DIR dev-v2.0.json --predictions-file said.json --null-odds-file odds.json > "
          "said.tsv\n"
          "  python3 evaluate-v2.0.py dev-v2.0.json said.json --na-prob-file odds.json --na-prob-thresh 1e9"};
}

void QaTask::check_options(TaskUse) const {
  check(max_length() == 0 || max_length() >= 5, "{}: {} leaves no room for a question, a context and 3 special tokens",
        called_("max_length"), max_length());
}

void QaTask::look_at(const std::string&, const std::string& train_file) {
  found_none_ = any_without_answer(train_file);
  options_.version_2_with_negative = options_.version_2_with_negative || found_none_;
}

std::vector<std::string> QaTask::notes() const {
  if (!found_none_) return {};
  return {"there are questions without an answer: \"no answer\" may be said (as in SQuAD 2.0)"};
}

std::unique_ptr<TaskModel> QaTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  TextPipelineOptions how = pipeline_options(opening);
  if (how.max_length == 0) how.usual_length = unasked_length(directory);
  return std::make_unique<QaModel>(directory, how, options_, called_);
}

bool QaTask::would_find(std::string_view option, const std::string& directory, const std::string& train_file) const {
  if (option == "version_2_with_negative") return any_without_answer(train_file);
  if (option != "max_length") return false;
  return unasked_length(directory) == max_length();
}

DataReport QaTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  std::optional<TextEncoder> encoder;
  if (!directory.empty()) {
    encoder = open_text_encoder(directory, max_length(), unasked_length(directory));
    encoder->check_takes_pairs();
  }
  return report_questions(splits, options_, encoder ? &*encoder : nullptr);
}

}  // namespace thaw
