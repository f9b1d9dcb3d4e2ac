// SPDX-License-Identifier: Apache-2.0
// Options, labels and data of the task of labelling words.
#include "models/tasks/tokens/task.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "models/families.h"
#include "models/hub/class_labels.h"
#include "models/tasks/tokens/data_report.h"
#include "models/tasks/tokens/model.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Of a directory's model; none if they have no names, or there is no directory.
std::vector<std::string> labels_of(const std::string& directory) {
  if (directory.empty()) return {};
  std::vector<std::string> labels = read_text_facts(directory).labels;
  if (labels == made_up_labels(std::ssize(labels))) labels.clear();
  return labels;
}

}  // namespace

std::vector<OptionField> TokensTask::options(TaskUse use) {
  std::vector<OptionField> list = {
      {"words_column", &options_.words_column,
       "list of words in a row of JSONL, or number of their column in CoNLL files (there the first, if not given)"},
      max_length_option()};
  if (use != TaskUse::prediction) {
    list.push_back({"tags_column", &options_.tags_column,
                    "list of labels in a row of JSONL, or number of their column in CoNLL files (there the last, if "
                    "not given; in CoNLL-U the fourth)"});
    if (use == TaskUse::training)
      for (OptionField& field : options_.class_loss.fields()) list.push_back(std::move(field));
  } else {
    list.push_back({"probabilities", &options_.probabilities, "the probability of each word's label"});
  }
  return list;
}

TaskHelp TokensTask::help() const {
  return {
      .data =
          "Files are JSONL ({\"tokens\": [\"Ada\", \"came\"], \"tags\": [\"B-PER\", \"O\"]}; labels may be the numbers "
          "of a model's), or\ncolumns: .conll, .bio, .iob, .txt (a word a line, an empty line after each sentence), "
          ".conllu. A word's first token\ncarries its label. Words beyond --max-length teach nothing; evaluations "
          "count them as O, as they do words that have\nno token (nothing but control characters).\n"
          "Warned of (each line counts): labels that differ only by blanks, case or Unicode form; labels that the "
          "training data\ndoes not have; I- or E- without a B- of its type before it (it counts as an entity's "
          "beginning); labels with few words;\nsentences that are there twice, in two splits, or elsewhere with other "
          "labels; words that are cut or have no token;\nunknown tokens.\n"
          "Metrics: precision, recall and f1 of entities, all types together, as seqeval counts them; macro_f1: the "
          "mean over\ntypes; accuracy over words. Where no label names an entity (parts of speech), macro_f1 is the "
          "mean over labels, and an\nentity is, as seqeval has it, a run of words with one label.",
      .predictions =
          "Sentences in: plain text (a sentence a line, words between blanks: .txt, the standard input), JSONL with "
          "lists of words,\nor columns (.conll, .conllu, ...; --format tsv). Output in TSV: word, label, with "
          "--probabilities that of the label; an\nempty line after each sentence. JSONL: tokens, tags, "
          "probabilities; of plain text also text and entities: type, text,\nstart and end in characters. Words "
          "beyond --max-length or without a token are O, and counted on the standard error."};
}

void TokensTask::check_options(TaskUse use) const {
  constexpr int64_t special_tokens = 2;
  if (use != TaskUse::prediction)
    check_columns({{"words_column", options_.words_column}, {"tags_column", options_.tags_column}});
  check_room(special_tokens);
  options_.class_loss.check_smoothing(called_);
}

void TokensTask::look_at(const std::string& directory, const std::string& train_file) {
  known_ = labels_of(directory);
  found_ = find_tags(train_file, options_, known_, called_);
}

std::vector<std::string> TokensTask::notes() const {
  if (found_.labels.size() == 0 || name_entities(found_.labels.names()) || name_entities(known_)) return {};
  return {
      "no label names an entity (B-, I-, ...): precision, recall and f1 count runs of words with one label, as seqeval "
      "does",
      "macro_f1 is the mean over labels"};
}

std::unique_ptr<TaskModel> TokensTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  WordTaggerOptions how;
  static_cast<TextPipelineOptions&>(how) = pipeline_options(opening);
  how.labels = found_.labels.names();
  return std::make_unique<TokensModel>(directory, how, options_, found_.counts, called_);
}

DataReport TokensTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  check(!splits.empty(), "there are no data to look at");
  const std::vector<std::string> known = labels_of(directory);
  const FoundTags found = find_tags(splits[0].file, options_, known, called_);
  // A model that knows all of these labels knows its others, too.
  const auto is_known = [&](const std::string& label) { return std::ranges::find(known, label) != known.end(); };
  const LabelSet labels = std::ranges::all_of(found.labels.names(), is_known) ? LabelSet(known) : found.labels;
  std::optional<TextEncoder> encoder;
  if (!directory.empty()) encoder = open_text_encoder(directory, max_length());
  DataReport report = report_tagged_words(splits, options_, labels, encoder ? &*encoder : nullptr, called_);
  report.warnings.insert(report.warnings.begin(), found.warnings.begin(), found.warnings.end());
  return report;
}

}  // namespace thaw
