// SPDX-License-Identifier: Apache-2.0
// Tokenizes a file's rows; losses of batches, metrics of whole data sets.
#include "models/tasks/classification/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "autograd/functions.h"
#include "models/tasks/checksum.h"
#include "models/tasks/classification/evaluation.h"
#include "models/tasks/classification/labelled_rows.h"
#include "models/tasks/classification/model.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/two_counts.h"
#include "tensor/check.h"

namespace thaw {

ClassificationExamples::ClassificationExamples(TextClassifier& model, const std::string& file,
                                               const ClassificationOptions& options, const Problem& problem,
                                               const FieldNames& called, const ClassLoss& class_loss)
    : model_(model) {
  auto data = std::make_shared<Data>();
  data->class_loss = class_loss;
  data->lm_weight = options.lm_weight;
  data->notes = problem.notes;
  data->texts = EncodedTexts(file);
  LabelledRows rows(file, options, called);
  LabelledRow row;
  const std::unique_ptr<RowNotes> notes = notes_of_files(model.rows(), options.reads);
  while (rows.next(row)) {
    problem.add_target(row.label, row.input.where, data->targets);
    Encoding encoding = model.rows().encode(row.input);
    notes->add(row.input, encoding);
    data->texts.add(std::move(encoding), row.line);
  }
  for (const std::string& line : notes->lines()) data->notes.push_back(fmt::format("{}: {}", file, line));
  if (data->texts.empty()) fail_without_rows(file, options);
  data_ = std::move(data);
}

ClassificationExamples::ClassificationExamples(TextClassifier& model, int64_t count,
                                               const ClassificationOptions& options, const ClassLoss& class_loss)
    : model_(model) {
  auto data = std::make_shared<Data>();
  data->class_loss = class_loss;
  data->lm_weight = options.lm_weight;
  const auto examples = static_cast<size_t>(count);
  data->texts = EncodedTexts::made_up(count, model.rows().longest());
  data->targets.classes.assign(examples, 0);
  data->targets.values.assign(examples * static_cast<size_t>(model.num_labels()), 0.0);
  data_ = std::move(data);
}

std::unique_ptr<Examples> ClassificationExamples::read_by(TaskModel& other) const {
  TextClassifier& classifier = dynamic_cast<ClassificationModel&>(other).classifier();
  return std::make_unique<ClassificationExamples>(classifier, data_);
}

ClassificationTargets ClassificationExamples::pick_targets(std::span<const int64_t> examples) const {
  ClassificationTargets picked;
  const int64_t width = model_.num_labels();
  for (const int64_t example : examples) {
    if (model_.problem() == ProblemType::single_label) {
      picked.classes.push_back(data_->targets.classes[static_cast<size_t>(example)]);
    } else {
      const auto row = data_->targets.values.begin() + example * width;
      picked.values.insert(picked.values.end(), row, row + width);
    }
  }
  return picked;
}

double ClassificationExamples::terms(std::span<const int64_t> examples) const {
  if (data_->lm_weight > 0) {
    TwoCounts counts{std::ssize(examples), 0};
    for (const int64_t example : examples) counts.second += lengths()[static_cast<size_t>(example)] - 1;
    return counts.in_one();
  }
  if (data_->class_loss.weights.empty()) return Examples::terms(examples);
  return data_->class_loss.terms(pick_targets(examples).classes);
}

Variable ClassificationExamples::loss(std::span<const int64_t> examples, double count) const {
  const std::vector<const Encoding*> texts = data_->texts.pick(examples);
  if (data_->lm_weight == 0) return class_loss_of(model_.logits(texts), examples, count);
  const TwoCounts counts = TwoCounts::of(count);
  std::vector<int32_t> tokens, next;
  int32_t before = 0;
  for (const Encoding* text : texts) {
    for (size_t place = 1; place < text->size(); ++place) {
      tokens.push_back(before + static_cast<int32_t>(place) - 1);
      next.push_back(text->ids[place]);
    }
    before += static_cast<int32_t>(text->size());
  }
  const ClassesAndWords said =
      model_.model().classes_and_words(texts, tokens, next, static_cast<double>(std::max<int64_t>(counts.second, 1)));
  const Variable classes = class_loss_of(said.logits, examples, static_cast<double>(counts.first));
  return tokens.empty() ? classes : add(classes, scale(said.words_loss, data_->lm_weight));
}

Variable ClassificationExamples::class_loss_of(const Variable& logits, std::span<const int64_t> examples,
                                               double count) const {
  const ClassificationTargets targets = pick_targets(examples);
  if (data_->class_loss.is_plain()) return model_.loss(logits, targets, count);
  return class_loss(logits, targets.classes, data_->class_loss, count);
}

std::vector<float> ClassificationExamples::outputs(std::span<const int64_t> examples) const {
  return model_.logits(data_->texts.pick(examples)).value().to_host<float>();
}

std::unique_ptr<Evaluation> ClassificationExamples::evaluate(std::span<const int64_t> examples) const {
  const auto width = static_cast<size_t>(model_.num_labels());
  std::vector<float> logits(examples.size() * width);
  const auto run = [&](std::span<const int64_t> batch, std::span<const int64_t> places) {
    const Variable y = model_.logits(data_->texts.pick(batch));
    const std::vector<float> rows = y.value().to_host<float>();
    for (size_t i = 0; i < batch.size(); ++i)
      std::copy_n(rows.begin() + static_cast<ptrdiff_t>(i * width), width,
                  logits.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(places[i]) * width));
    return static_cast<double>(model_.loss(y, pick_targets(batch), 1).value().item());
  };
  const double loss = evaluate_in_batches(model_.store(), *this, examples, run, Examples::terms(examples));
  return std::make_unique<ClassificationEvaluation>(model_.problem(), model_.labels(), std::move(logits),
                                                    pick_targets(examples), loss, model_.threshold());
}

ShownExample ClassificationExamples::show(int64_t example) const {
  ShownExample shown = data_->texts.show(example, model_.rows());
  shown.truth = truth_of(model_.problem(), model_.labels(), pick_targets(std::span(&example, 1)), 0);
  return shown;
}

int64_t ClassificationExamples::stratum(int64_t example) const {
  const auto at = static_cast<size_t>(example);
  if (model_.problem() == ProblemType::single_label) return data_->targets.classes[at];
  if (model_.problem() == ProblemType::regression) return 0;
  const auto width = static_cast<size_t>(model_.num_labels());  // the first of its labels
  const auto row = std::span(data_->targets.values).subspan(at * width, width);
  return std::ranges::find_if(row, [](double value) { return value > 0.5; }) - row.begin();
}

Fingerprint ClassificationExamples::identity() const {
  const std::string of = words().several(), what = of == "texts" ? "texts, as token ids" : of;
  return {{what, checksum_text(data_->texts.checksum())},
          {"labels of the " + of, checksum_text(checksum(data_->targets.values, checksum(data_->targets.classes)))}};
}

}  // namespace thaw
