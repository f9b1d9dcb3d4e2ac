// SPDX-License-Identifier: Apache-2.0
// Checks of options that tasks of texts share.
#include "models/tasks/text_task.h"

#include <optional>

#include "models/data/table.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

OptionField TextTask::max_length_option() {
  return {.name = "max_length",
          .field = &max_length_,
          .help = "cut texts to so many tokens (default: what model and tokenizer allow, at most 512)",
          .kept = true};
}

void TextTask::check_room(int64_t special_tokens) const {
  check(max_length_ == 0 || max_length_ >= special_tokens, "{}: {} leaves no room for {} special tokens",
        called_("max_length"), max_length_, special_tokens);
}

void TextTask::check_columns(const std::vector<std::pair<std::string_view, std::string>>& roles) const {
  for (size_t i = 0; i < roles.size(); ++i)
    for (size_t j = i + 1; j < roles.size(); ++j)
      check(roles[i].second.empty() || roles[i].second != roles[j].second,
            "{} and {}: both are {}: each needs a column of its own", called_(roles[i].first), called_(roles[j].first),
            quote(roles[i].second));
}

TextPipelineOptions TextTask::pipeline_options(const TaskOpening& opening) const {
  return {.device = opening.device,
          .seed = opening.seed,
          .max_length = max_length_,
          .prepare = opening.prepare,
          .trained = opening.trained,
          .first_weights = opening.first_weights};
}

WriterOpening TextTask::writer_opening(const TaskOpening& opening) {
  return {.device = opening.device.defined() ? opening.device : Device::from_environment(),
          .seed = opening.seed,
          .first_weights = opening.first_weights,
          .prepare = opening.prepare};
}

DataReport TextTask::survey_of_texts(const std::string& directory, const std::vector<DataSplit>& splits,
                                     const std::string& column) const {
  std::optional<TextEncoder> encoder;
  if (!directory.empty()) encoder = open_text_encoder(directory, max_length_);
  return report_of_rows(splits, encoder ? &*encoder : nullptr, "which become several examples",
                        [&](const DataSplit& split, const TakeRow& take) -> std::vector<std::string> {
                          TableReader rows(split.file, {.columns = {column}, .text_columns = {column}});
                          for (TableRow row; rows.next(row);) take({row.cells[0], {}, {}, rows.where(row)});
                          return {};
                        });
}

bool TextTask::would_find(std::string_view option, const std::string& directory, const std::string&) const {
  return option == "max_length" && open_text_encoder(directory, 0).max_length() == max_length_;
}

}  // namespace thaw
