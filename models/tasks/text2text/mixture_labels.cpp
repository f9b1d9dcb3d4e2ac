// SPDX-License-Identifier: Apache-2.0
// Labels of one task.
#include "models/tasks/text2text/mixture_labels.h"

#include "models/tasks/text2text/source_rows.h"
#include "tensor/check.h"

namespace thaw {

std::vector<std::string> labels_of(const MixtureTask& task, const Text2TextOptions& options) {
  if (!task.counts_labels()) return {};
  if (!task.label_words.empty()) return task.label_words;
  std::vector<std::string> words = find_label_words(task.file, options_of(task, options));
  if (words.empty())
    fail(
        "{}: a metric counts labels, and the targets of {} are none (2 to 100 different ones, each there ten times on "
        "average): \"label_words\" may name them",
        task.where, task.file);
  return words;
}

}  // namespace thaw
