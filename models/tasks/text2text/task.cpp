// SPDX-License-Identifier: Apache-2.0
// Options and data of the task of writing texts.
#include "models/tasks/text2text/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "models/families.h"
#include "models/tasks/text2text/comma_list.h"
#include "models/tasks/text2text/mixture_examples.h"
#include "models/tasks/text2text/mixture_labels.h"
#include "models/tasks/text2text/mixture_table.h"
#include "models/tasks/text2text/model.h"
#include "models/tasks/text2text/source_rows.h"
#include "models/tasks/text2text/target_limits.h"
#include "models/tasks/text_pipeline.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int64_t most_target_tokens = 512;  // of what is found
// Of an epoch: all are drawn before its first step, for batches are made of examples of like length.
constexpr double most_mixture_examples = 10'000'000;

}  // namespace

std::vector<OptionField> Text2TextTask::options(TaskUse use) {
  Text2TextOptions& o = options_;
  std::vector<OptionField> list = {
      {.name = "source_column",
       .field = &o.source_column,
       .help = use == TaskUse::training ? "column of the text that is read"
                                        : "column of the text that is read (of a model that was trained here: as then)",
       .kept = true,
       .of_data = true},
      {.name = "source_prefix",
       .field = &o.source_prefix,
       .help = "words before every source, such as \"summarize: \"",
       .kept = true},
      max_length_option(),
  };
  const auto add = [&](std::vector<OptionField> fields) {
    for (OptionField& field : fields) list.push_back(std::move(field));
  };
  if (use != TaskUse::prediction)
    add({{.name = "target_column",
          .field = &o.target_column,
          .help = use == TaskUse::training
                      ? "column of the text that is to be written; several with commas between them: the first is "
                        "learnt, all are right"
                      : "column of the text that is to be written; several with commas between them: all are right (of "
                        "a model that was trained here: as then)",
          .kept = true,
          .of_data = true},
         {.name = "max_target_length",
          .field = &o.max_target_length,
          .help = use == TaskUse::training
                      ? "cut targets to so many tokens, and write no more (default: what holds 999 of 1,000 targets)"
                      : "cut targets to so many tokens, and write no more (default: as in training)",
          .range = {0, most_new_tokens},
          .kept = true},
         {.name = "label_words",
          .field = &o.label_words,
          .help =
              "what targets may be, with commas between them, where they are labels: accuracy counts them (default: "
              "found in the training data)",
          .kept = true}});
  add(o.generation.judged_fields());
  if (use == TaskUse::training) {
    add({{.name = "label_smoothing",
          .field = &o.label_smoothing,
          .help = "share of the truth that is spread evenly over all tokens",
          .range = {0, 1, false, true}}});
    list.push_back({.name = "mixture",
                    .field = &o.mixture,
                    .help = "learn several tasks at once, instead of --train-file: a table with columns name, prefix, "
                            "file, validation_file, source_column, target_column, metric, label_words, weight",
                    .is_file = true});
    list.push_back({.name = "mixture_cap",
                    .field = &o.mixture_cap,
                    .help = "a task's share of a mixture is as its examples, of which at most so many count (0: all)"});
    list.push_back({.name = "mixture_temperature",
                    .field = &o.mixture_temperature,
                    .help = "... raised to the power 1 / this: the larger, the more alike the shares",
                    .range = {1, OptionRange::infinity}});
    list.push_back({.name = "mixture_examples",
                    .field = &o.mixture_examples,
                    .help = "examples of an epoch of a mixture (default: all that count)",
                    .range = {0, most_mixture_examples}});
  }
  if (use != TaskUse::prediction) return list;
  add(o.generation.other_fields());
  add(o.tokens.fields());
  add({{"target_prefix", &o.target_prefix, "words that every text begins with: the model writes on behind them"},
       {"truncate", &o.truncate, "cut the ends of sources that are too long, which else are an error"}});
  return list;
}

std::vector<OptionField> Text2TextTask::kept_facts() {
  return {{.name = "found_target_length", .field = &options_.found_target_length, .help = {}, .kept = true},
          {.name = "found_label_words", .field = &options_.found_label_words, .help = {}, .kept = true}};
}

std::vector<std::string> Text2TextTask::notes() const {
  std::vector<std::string> lines = notes_;
  const Text2TextOptions usual;
  const auto tell = [&](const char* name, const std::string& column, const std::string& usual_column) {
    if (column != usual_column && std::ranges::find(taken_up(), name) != taken_up().end())
      lines.push_back(fmt::format("{}: {}, as in training", called_(name), quote(column)));
  };
  tell("source_column", options_.source_column, usual.source_column);
  tell("target_column", options_.target_column, usual.target_column);
  return lines;
}

TaskHelp Text2TextTask::help() const {
  return {.data =
              "A text is written for each source. An empty target, and one without a token, is an error. Warned of: "
              "duplicates, leaks between\nsplits, empty sources, unknown tokens, sources and targets that are cut.",
          .predictions =
              "Of each source: text, source; with --num-return-sequences number, score, text, source, the best first. "
              "JSONL: \"source\", \"text\",\nor \"texts\" with their scores. A source that is too long is an error "
              "without --truncate."};
}

void Text2TextTask::check_options(TaskUse use) const {
  check_lists(options_.tokens, called_);
  const std::string& first = options_.tokens.forced_bos_token_id;
  check(first.empty() || first == TokenWords::no_rule || options_.target_prefix.empty(),
        "{} {}: texts begin with {}, {}: one or the other", called_("forced_bos_token_id"), quote_if_odd(first),
        called_("target_prefix"), quote(options_.target_prefix));
  if (use != TaskUse::prediction && options_.mixture.empty()) {  // a mixture's rows may name their own
    const std::string fault = column_fault(options_, called_);
    check(fault.empty(), "{}", fault);
  }
  if (!options_.label_words.empty()) {
    const std::string fault = label_words_fault(options_.labels());
    check(fault.empty(), "{}: {} has {}", called_("label_words"), quote(options_.label_words), fault);
  }
  for (const auto& [name, length] :
       {std::pair{"max_length", max_length()}, {"max_target_length", options_.max_target_length}})
    check(length == 0 || length >= 2, "{} {}: leaves no room for a token and the end", called_(name), length);
  check(options_.mixture.empty() || options_.source_prefix.empty(),
        "{}: with {} each task has its own prefix ({} \"\" drops one that the model has from before)",
        called_("source_prefix"), called_("mixture"), called_("source_prefix"));
  check(options_.mixture.empty() || options_.label_words.empty(),
        "{}: with {} each task has its own, in the table ({} \"\" drops those that the model has from before)",
        called_("label_words"), called_("mixture"), called_("label_words"));
  for (const auto& [name, is_given] : {std::pair{"mixture_cap", options_.mixture_cap != Text2TextOptions().mixture_cap},
                                       {"mixture_temperature", options_.mixture_temperature != 1},
                                       {"mixture_examples", options_.mixture_examples != 0}})
    check(!options_.mixture.empty() || !is_given, "{}: there is no {}", called_(name), called_("mixture"));
}

std::vector<std::string> Text2TextTask::metric_names() const {
  return options_.mixture.empty() ? text2text_metric_names(!options_.labels().empty())
                                  : mixture_metric_names(read_mixture_table(options_.mixture, options_));
}

OwnData Text2TextTask::own_data() const {
  if (options_.mixture.empty()) return {};
  OwnData own{.option = called_("mixture"), .train = options_.mixture};
  for (const MixtureTask& task : read_mixture_table(options_.mixture, options_)) {
    own.files.push_back(task.file);
    if (!task.validation_file.empty()) own.files.push_back(task.validation_file);
    own.has_validation = own.has_validation || !task.validation_file.empty();
    if (task.weight > 0 && options_.mixture_temperature != 1)
      fail("{}: has a weight, and {} is {}: rates are by the one or by the other", task.where,
           called_("mixture_temperature"), options_.mixture_temperature);
  }
  return own;
}

std::vector<std::pair<std::string, Text2TextOptions>> Text2TextTask::training_files(
    const std::string& train_file) const {
  if (options_.mixture.empty()) return {{train_file, options_}};
  std::vector<std::pair<std::string, Text2TextOptions>> files;
  for (const MixtureTask& task : read_mixture_table(options_.mixture, options_))
    files.emplace_back(task.file, options_of(task, options_));
  return files;
}

int64_t Text2TextTask::longest_target(const std::string& directory, const std::string& train_file, int64_t most,
                                      int64_t per_mille, TokenizedTargets* kept) const {
  const TextEncoder encoder = open_text_encoder(directory, 0, most);
  std::vector<int64_t> lengths;
  for (const auto& [file, options] : training_files(train_file)) {
    SourceRows rows(file, options);
    TargetTokens* targets = kept ? &kept->begin(file, options.target_column, encoder) : nullptr;
    for (SourceRow row; rows.next(row);) {
      Encoding target = encoder.encode_row(row.references[0], {}, rows.where());
      lengths.push_back(static_cast<int64_t>(target.size()));
      if (targets) targets->add(row.references[0], std::move(target));
    }
  }
  if (lengths.empty()) fail("{}: has no rows below its header", train_file);
  const auto place =
      lengths.begin() + static_cast<ptrdiff_t>((lengths.size() * static_cast<size_t>(per_mille) + 999) / 1000 - 1);
  std::ranges::nth_element(lengths, place);
  return std::max<int64_t>(2, *place);
}

int64_t Text2TextTask::usual_target(const std::string& directory, const std::string& train_file,
                                    TokenizedTargets* kept) const {
  return longest_target(directory, train_file, most_target_tokens, 999, kept);
}

std::string Text2TextTask::found_label_words(const std::string& train_file) const {
  if (!options_.mixture.empty()) return {};  // labels of several tasks are none of one
  return label_word_lines(find_label_words(train_file, options_));
}

void Text2TextTask::check_tasks(const std::string& directory) const {
  std::optional<TextEncoder> sources;
  if (!directory.empty()) sources = open_text_encoder(directory, max_length());
  for (const MixtureTask& task : read_mixture_table(options_.mixture, options_)) {
    if (sources) check_prefix(task, *sources);
    SourceRows(task.file, options_of(task, options_));
    labels_of(task, options_);
  }
}

void Text2TextTask::look_at(const std::string& directory, const std::string& train_file) {
  if (!directory.empty()) check_writes_texts(directory);
  notes_.clear();
  warnings_.clear();
  targets_->clear();
  options_.found_target_length = 0;
  options_.found_label_words = options_.label_words.empty() ? found_label_words(train_file) : "";
  if (!options_.found_label_words.empty())
    notes_.push_back(fmt::format("{}: {}, from the training data: accuracy counts them", called_("label_words"),
                                 listed(options_.labels())));
  if (!options_.mixture.empty()) {
    check_tasks(directory);
    for (const std::string& line : shared_prefixes(read_mixture_table(options_.mixture, options_)))
      notes_.push_back("note: " + line);
  }
  if (directory.empty()) return;
  if (const int64_t given = options_.max_target_length; given > 0) {
    if (given <= most_target_tokens) return;
    const int64_t longest = longest_target(directory, train_file, given, 1000, targets_.get());
    if (given > 2 * longest)
      warnings_.push_back(
          fmt::format("{} {}: no target of the training data has more than {}; evaluations are slow where "
                      "a model writes on and on",
                      called_("max_target_length"), given, counted(longest, "token")));
    return;
  }
  options_.found_target_length = usual_target(directory, train_file, targets_.get());
  notes_.push_back(
      fmt::format("{}: {}, from the training data", called_("max_target_length"), options_.found_target_length));
}

bool Text2TextTask::would_find(std::string_view option, const std::string& directory,
                               const std::string& train_file) const {
  if (option == "max_target_length") return usual_target(directory, train_file) == options_.max_target_length;
  if (option == "label_words") return label_words_of(found_label_words(train_file)) == options_.labels();
  return TextTask::would_find(option, directory, train_file);
}

std::unique_ptr<TaskModel> Text2TextTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  Text2TextOptions options = options_;
  options.generation.kept = taken_up();
  const TextToTextOptions how{.opening = writer_opening(opening),
                              .max_length = max_length(),
                              .max_target_length = options_.target_length(),
                              .trained = opening.trained};
  return std::make_unique<Text2TextModel>(directory, how, std::move(options), called_, targets_);
}

DataReport Text2TextTask::check_mixture(const std::string& directory) {
  check_tasks(directory);
  if (!directory.empty() && options_.max_target_length == 0)
    options_.found_target_length = usual_target(directory, options_.mixture);
  const std::vector<MixtureTask> tasks = read_mixture_table(options_.mixture, options_);
  DataReport all{{}, shared_prefixes(tasks)};
  for (const MixtureTask& task : tasks) {
    Text2TextTask one(*this);
    one.options_ = options_of(task, options_);
    one.options_.mixture.clear();
    std::vector<DataSplit> splits{{"train", task.file}};
    if (!task.validation_file.empty()) splits.push_back({"validation", task.validation_file});
    const DataReport report = one.check_data(directory, splits);
    all.text += fmt::format("{}{}:\n{}", all.text.empty() ? "" : "\n", task.name, report.text);
    for (const std::string& line : report.warnings) all.warnings.push_back(task.name + ": " + line);
  }
  return all;
}

DataReport Text2TextTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  check(!splits.empty(), "there are no data to look at");
  if (!options_.mixture.empty()) return check_mixture(directory);
  std::optional<TextEncoder> sources, targets;
  if (!directory.empty()) {
    check_writes_texts(directory);
    if (options_.target_length() == 0) options_.found_target_length = usual_target(directory, splits[0].file);
    sources = open_text_encoder(directory, max_length());
    check_source_prefix(*sources, options_.source_prefix);
    targets = in_words_of_targets([&] { return open_text_encoder(directory, options_.target_length()); });
  }
  TextSurvey rows_seen(sources ? &*sources : nullptr), targets_seen(targets ? &*targets : nullptr);
  std::vector<std::string> without_token;  // targets
  for (const DataSplit& split : splits) {
    rows_seen.begin(split);
    targets_seen.begin(split);
    SourceRows rows(split.file, options_);
    for (SourceRow row; rows.next(row);) {
      if (targets)
        if (const std::string fault = target_fault(targets->encode_row(row.references[0], {}, rows.where()), *targets,
                                                   called_("max_target_length"));
            !fault.empty())
          without_token.push_back(fmt::format("{}: {}", rows.where(), fault));
      rows_seen.add({row.source, {}, row.references[0], rows.where()});
      targets_seen.add({row.references[0], {}, {}, rows.where()});
    }
    rows_seen.end();
    targets_seen.end();
  }
  DataReport report{rows_seen.rows_text() + rows_seen.lengths_text(), {}};
  if (targets) report.text += "of targets:\n" + targets_seen.lengths_text();
  report.warnings = std::move(without_token);
  for (size_t i = 0; i < splits.size(); ++i) {
    for (const std::string& line : rows_seen.warnings(i, {})) report.warnings.push_back(line);
    if (targets)
      for (const std::string& line : targets_seen.token_warnings(i)) report.warnings.push_back("targets: " + line);
  }
  return report;
}

}  // namespace thaw
