// SPDX-License-Identifier: Apache-2.0
// Options and data of the task of embeddings.
#include "models/tasks/embed/task.h"

#include <fmt/format.h>

#include <optional>

#include "models/tasks/embed/pair_rows.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"

namespace thaw {

std::vector<OptionField> EmbedTask::options(TaskUse use) {
  EmbedOptions& o = options_;
  std::vector<OptionField> list = {
      {"text_column", &o.text_column, "column of the text"},
      {"text_pair_column", &o.text_pair_column, "column of its partner, a text that means the same"},
      max_length_option(),
      {.name = "pooling",
       .field = &o.pooling,
       .help = "what a text's vector is: the mean of its tokens' last states, or that of the first (default: as the "
               "model's 1_Pooling/config.json says, else mean)",
       .words = {"mean", "first"}},
      {.name = "normalize",
       .field = &o.normalize,
       .help = "vectors of unit length (default: as the model's modules.json says, else true)",
       .words = {"true", "false"}}};
  if (use == TaskUse::prediction) return list;
  list.push_back({"negative_column", &o.negative_column, "column of a text that is like the first and no partner"});
  list.push_back(
      {"score_column", &o.score_column, "column of how alike a pair is, in [-1, 1]: cosines are trained to be that"});
  list.push_back({.name = "similarity_scale",
                  .field = &o.similarity_scale,
                  .help = "what cosines are multiplied by before the softmax over a micro-batch",
                  .range = {.least_open = true}});
  list.push_back({"symmetric", &o.symmetric, "the partner looks for the text, too, not only the text for its partner"});
  return list;
}

TaskHelp EmbedTask::help() const {
  return {.data =
              "Embeddings are learnt from pairs of texts. Without scores, the partner of a text has to be found among "
              "the partners of its\nmicro-batch: the larger that is (--batch-size; --batch-tokens cuts it), the more "
              "is learnt, and a text that is there twice\nis its own wrong answer. Warned of: duplicate pairs, leaks "
              "between splits, empty texts, texts that are cut.",
          .predictions = "Of pairs (--text-pair-column): cosine, text, text_pair. `thaw embed` writes vectors."};
}

void EmbedTask::check_options(TaskUse use) const {
  const EmbedOptions& o = options_;
  check_columns({{"text_column", o.text_column},
                 {"text_pair_column", o.text_pair_column},
                 {"negative_column", o.negative_column},
                 {"score_column", o.score_column}});
  check_room(2);
  if (use == TaskUse::prediction) return;
  check(!o.text_pair_column.empty(), "{}: needed: embeddings are learnt from pairs of texts",
        called_("text_pair_column"));
  check(o.score_column.empty() || (o.negative_column.empty() && !o.symmetric),
        "{}: its pairs need no {} and no direction ({})", called_("score_column"), called_("negative_column"),
        called_("symmetric"));
  check(o.score_column.empty() || o.similarity_scale == EmbedOptions().similarity_scale,
        "{}: cosines are trained to be the scores, {} has no effect", called_("score_column"),
        called_("similarity_scale"));
}

void EmbedTask::look_at(const std::string&, const std::string& train_file) { PairRows(train_file, options_); }

std::unique_ptr<TaskModel> EmbedTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  return std::make_unique<EmbedModel>(std::make_shared<TextEmbedder>(directory, pipeline_options(opening), options_),
                                      options_, called_);
}

bool EmbedTask::would_find(std::string_view option, const std::string& directory, const std::string&) const {
  return option == "max_length" && embedding_length(directory, 0) == max_length();
}

DataReport EmbedTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  check(!splits.empty(), "there are no data to look at");
  std::optional<TextEncoder> encoder;
  if (!directory.empty()) encoder = open_text_encoder(directory, embedding_length(directory, max_length()));
  // Each text is read by itself, so each is a row of its own here.
  TextSurvey pairs(nullptr), texts(encoder ? &*encoder : nullptr);
  for (const DataSplit& split : splits) {
    pairs.begin(split);
    texts.begin(split);
    PairRows rows(split.file, options_);
    for (PairRow row; rows.next(row);) {
      pairs.add({row.first, row.second, row.score ? fmt::format("{}", *row.score) : "", rows.where()});
      for (const std::string* text : {&row.first, &row.second}) texts.add({*text, {}, {}, rows.where()});
      if (row.negative) texts.add({*row.negative, {}, {}, rows.where()});
    }
    pairs.end();
    texts.end();
  }
  DataReport report{pairs.rows_text() + texts.lengths_text(), {}};
  for (size_t i = 0; i < splits.size(); ++i) {
    for (const std::string& line : pairs.warnings(i, {})) report.warnings.push_back(line);
    if (encoder)
      for (const std::string& line : texts.token_warnings(i)) report.warnings.push_back(line);
  }
  return report;
}

}  // namespace thaw
