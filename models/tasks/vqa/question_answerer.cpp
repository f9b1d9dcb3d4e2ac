// SPDX-License-Identifier: Apache-2.0
// Opens a model of questions, deciding whether the checkpoint's head fits the answers.
#include "models/tasks/vqa/question_answerer.h"

#include <algorithm>

#include "models/hub/class_labels.h"
#include "models/tasks/classification/scores.h"
#include "models/tasks/head_choice.h"
#include "nn/mode.h"

namespace thaw {
namespace {

constexpr TextPurpose purpose{
    .architecture = "ForQuestionAnswering", .words = "questions about pictures", .reads = InputKind::questions};

// Answers "2" and "3" are numbers of things, never of the classes of a head for other answers.
void keep_numbers_apart(TextCheckpoint& checkpoint, const std::vector<std::string>& answers) {
  const std::vector<std::string>& known = checkpoint.config().labels;
  const auto is_known = [&](const std::string& answer) { return std::ranges::find(known, answer) != known.end(); };
  const bool takes_names = known == made_up_labels(std::ssize(answers));
  if (takes_names || std::ranges::all_of(answers, is_known) || !are_class_numbers(answers, known)) return;
  const TextHead head = checkpoint.head(purpose.architecture);
  checkpoint.source().replace(std::string(head.path) + ".*");
  checkpoint.source().note("the checkpoint's head is for other answers, which are no numbers: a new one is used");
}

}  // namespace

QuestionAnswerer::QuestionAnswerer(const std::string& directory, const TextPipelineOptions& options,
                                   const std::vector<std::string>& answers)
    : TextPipeline(directory, purpose, options, [&](TextCheckpoint& checkpoint) {
        keep_numbers_apart(checkpoint, answers);
        fit_head(checkpoint, purpose.architecture, {answers, ProblemType::multi_label});
      }) {}

std::vector<float> QuestionAnswerer::predict(std::span<const Encoding* const> batch) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(store().mode());
  return scores_of(ProblemType::multi_label, logits(batch));
}

}  // namespace thaw
