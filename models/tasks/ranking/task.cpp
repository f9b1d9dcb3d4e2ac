// SPDX-License-Identifier: Apache-2.0
// Options and data of the task of ranking.
#include "models/tasks/ranking/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/families.h"
#include "models/hub/change_directory.h"
#include "models/hub/class_labels.h"
#include "models/hub/config.h"
#include "models/hub/shards.h"
#include "models/tasks/ranking/data_report.h"
#include "models/tasks/ranking/evaluation.h"
#include "models/tasks/ranking/model.h"
#include "models/tasks/ranking/scored_rows.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

InputKind reads_of(const std::string& directory) {
  const Json config = read_config_json(directory);
  const ModelFamily& family = family_of(config);
  if (family.reads == InputKind::questions)
    fail("{}: models of {} answer {}, which are not ranked", config.where("model_type"), quote(family.model_type),
         name_of(family.reads));
  return family.reads;
}

// The option that names the column of their paths.
std::string column_of(InputKind reads) { return std::string(medium_of(reads).column) + "_column"; }

// Without a model: by the columns that a table has, texts before all else.
InputKind read_by_columns(const std::string& file, const RankingOptions& options) {
  const std::vector<std::string> columns = TableReader(file).columns();
  const auto has = [&](const std::string& column) { return std::ranges::find(columns, column) != columns.end(); };
  if (has(options.text_column)) return InputKind::texts;
  for (const auto& [reads, column] : options.file_columns)
    if (has(column)) return reads;
  return InputKind::texts;
}

}  // namespace

std::vector<OptionField> RankingTask::options(TaskUse use) {
  RankingOptions& o = options_;
  std::vector<OptionField> list{{"text_column", &o.text_column, "column of the text, of models that read texts"},
                                {"text_pair_column", &o.text_pair_column,
                                 "column of a second text, which is judged behind the first: an answer to it"}};
  for (auto& [reads, column] : o.file_columns)
    list.push_back(
        {column_of(reads), &column,
         fmt::format("column of paths, of models that read {}, from the folder that the table is in", name_of(reads))});
  list.push_back(max_length_option());
  if (use == TaskUse::prediction) return list;
  const auto add = [&](const char* name, std::string& column, const char* help) {
    list.push_back(kept_column(name, column, help));
  };
  add("score_column", o.score_column, "column of a number, the higher, the better");
  add("group_column", o.group_column,
      "column of what rows are compared within (default: all are compared): one picture and one kind of damage, one "
      "question");
  add("better_column", o.better_column,
      "in the place of scores: column of a text, or a path, that is better than the one in worse_column");
  add("worse_column", o.worse_column, "see better_column");
  add("prompt_column", o.prompt_column,
      "beside better_column: column of a text that both are judged behind (a question)");
  return list;
}

std::vector<OptionField> RankingTask::kept_facts() {
  return {{.name = "takes_pairs", .field = &takes_pairs_, .help = "trained on two texts at once", .kept = true}};
}

TaskHelp RankingTask::help() const {
  return {
      .data =
          "Ranking gives a number for each text, picture or sound, whatever the model reads, and learns from pairs "
          "alone: -log sigmoid\n(better - worse). A table has scores, and perhaps groups: in each epoch every row is "
          "compared with another one of its group that\nhas another score; or it has pairs (--better-column, "
          "--worse-column). To learn the numbers themselves is a regression: --task\nclassification, or "
          "image-classification, with --label-column. Warned of: rows without a partner, rows that are in a group "
          "twice,\nthe same row with other scores in a group, leaks between splits, empty texts, texts that are cut.",
      .predictions =
          "Output in TSV: value, and the row: text, image, audio, video. Of two values the higher is better; alone a "
          "value\nsays nothing."};
}

bool RankingTask::is_kept(std::string_view option) const {
  return std::ranges::find(taken_up(), option) != taken_up().end();
}

RankingOptions RankingTask::standing_options() const {
  RankingOptions o = options_;
  const RankingOptions usual;
  const auto drop = [&](std::string_view option, std::string& column, const std::string& usual_column) {
    if (is_kept(option)) column = usual_column;
  };
  if (is_kept("better_column") && !(is_kept("score_column") && is_kept("group_column"))) {  // scores are asked for
    drop("better_column", o.better_column, usual.better_column);
    drop("worse_column", o.worse_column, usual.worse_column);
    drop("prompt_column", o.prompt_column, usual.prompt_column);
  }
  if (!o.has_preferences()) return o;
  drop("score_column", o.score_column, usual.score_column);
  drop("group_column", o.group_column, usual.group_column);
  return o;
}

void RankingTask::check_preferences(const RankingOptions& o) const {
  const RankingOptions usual;
  const auto check_unused = [&](std::string_view option, const std::string& column, const std::string& usual_column) {
    check(column == usual_column, "{}: pairs need no {}", called_("better_column"), called_(option));
  };
  check_unused("score_column", o.score_column, usual.score_column);
  check_unused("group_column", o.group_column, usual.group_column);
  check_unused("text_column", o.text_column, usual.text_column);
  check_unused("text_pair_column", o.text_pair_column, usual.text_pair_column);
  for (const auto& [reads, column] : o.file_columns)
    check_unused(column_of(reads), column, usual.file_columns.at(reads));
  check_columns(
      {{"better_column", o.better_column}, {"worse_column", o.worse_column}, {"prompt_column", o.prompt_column}});
}

void RankingTask::check_options(TaskUse use) const {
  const RankingOptions o = standing_options();
  check_room(o.takes_pairs() ? 3 : 2);
  check_columns({{"text_column", o.text_column}, {"text_pair_column", o.text_pair_column}});
  if (use == TaskUse::prediction) return;
  check(o.better_column.empty() == o.worse_column.empty(), "{}: pairs need {}, too",
        called_(o.better_column.empty() ? "worse_column" : "better_column"),
        called_(o.better_column.empty() ? "better_column" : "worse_column"));
  check(o.has_preferences() || o.prompt_column.empty(), "{}: is for pairs ({}); rows with scores have {}",
        called_("prompt_column"), called_("better_column"), called_("text_pair_column"));
  if (o.has_preferences()) return check_preferences(o);
  check_columns({{"score_column", o.score_column}, {"group_column", o.group_column}});
  std::vector<std::pair<std::string, std::string>> inputs{{"text_column", o.text_column},
                                                          {"text_pair_column", o.text_pair_column}};
  for (const auto& [reads, column] : o.file_columns) inputs.emplace_back(column_of(reads), column);
  for (const auto& [name, column] : inputs) check_columns({{name, column}, {"score_column", o.score_column}});
}

RankingOptions RankingTask::options_for(const std::string& directory) const {
  RankingOptions options = standing_options();
  options.reads = reads_of(directory);
  const bool of_texts = options.reads == InputKind::texts;
  check(of_texts || max_length() == 0, "{}: {} are not cut", called_("max_length"), name_of(options.reads));
  check(of_texts || !options.takes_pairs(), "{}: is for texts, and the model reads {}",
        called_(options.prompt_column.empty() ? "text_pair_column" : "prompt_column"), name_of(options.reads));
  return options;
}

void RankingTask::look_at(const std::string& directory, const std::string& train_file) {
  const RankingOptions options = options_for(directory);
  if (options.has_preferences()) {
    PreferredRows(train_file, options);
  } else {
    ScoredRows(train_file, options);
  }
  has_looked_ = true;
  takes_pairs_ = options.takes_pairs();
}

std::vector<std::string> RankingTask::notes() const {
  const RankingOptions o = standing_options(), usual;
  std::vector<std::string> lines;
  const auto tell = [&](std::string_view option, const std::string& column, const std::string& usual_column) {
    if (column != usual_column && is_kept(option))
      lines.push_back(fmt::format("{}: {}, as in training", called_(option), quote(column)));
  };
  tell("score_column", o.score_column, usual.score_column);
  tell("group_column", o.group_column, usual.group_column);
  tell("better_column", o.better_column, usual.better_column);
  tell("worse_column", o.worse_column, usual.worse_column);
  tell("prompt_column", o.prompt_column, usual.prompt_column);
  return lines;
}

std::vector<std::string> RankingTask::warnings() const {
  if (has_looked_ || !takes_pairs_ || standing_options().takes_pairs()) return {};
  return {fmt::format("the model was trained on two texts at once, but there is no {}: it sees the first alone",
                      called_("text_pair_column"))};
}

std::vector<std::string> RankingTask::metric_names() const {
  return standing_options().has_preferences() ? PreferenceEvaluation::metric_names() : ScoredEvaluation::metric_names();
}

std::unique_ptr<TaskModel> RankingTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  const RankingOptions options = options_for(directory);
  TextClassifierOptions how;
  static_cast<TextPipelineOptions&>(how) = pipeline_options(opening);
  how.reads = options.reads;
  if (has_looked_) {
    how.labels = made_up_labels(1);
    how.problem_type = ProblemType::regression;
  }
  auto classifier = std::make_shared<TextClassifier>(directory, how);
  if (classifier->num_labels() != 1 || classifier->problem() != ProblemType::regression)
    fail("{}: its head is for {} of {}: a ranking has one number", directory, name_of(classifier->problem()),
         classifier->num_labels());
  if (options.takes_pairs()) classifier->encoder().check_takes_pairs();
  return std::make_unique<RankingModel>(std::move(classifier), options, opening.seed, called_);
}

bool RankingTask::would_find(std::string_view option, const std::string& directory,
                             const std::string& train_file) const {
  return reads_of(directory) == InputKind::texts && TextTask::would_find(option, directory, train_file);
}

void RankingTask::check_saved(const std::string& directory) const {
  const InputKind reads = reads_of(directory);
  if (reads == InputKind::texts) return TextTask::check_saved(directory);
  read_facts(directory, reads);
  const ModelWeights weights(weights_directory(directory));
}

bool RankingTask::takes_several_files(const std::string& directory) const {
  return reads_of(directory) != InputKind::texts;
}

DataReport RankingTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  check(!splits.empty(), "there are no data to look at");
  RankingOptions options = standing_options();
  if (!directory.empty()) {
    options = options_for(directory);
  } else if (!options.has_preferences()) {
    options.reads = read_by_columns(splits[0].file, options);
  }
  std::optional<TextEncoder> encoder;
  if (!directory.empty() && options.reads == InputKind::texts) {
    encoder = open_text_encoder(directory, max_length());
    if (options.takes_pairs()) encoder->check_takes_pairs();
  }
  return report_ranked_rows(splits, options, encoder ? &*encoder : nullptr);
}

}  // namespace thaw
