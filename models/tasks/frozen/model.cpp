// SPDX-License-Identifier: Apache-2.0
// Opens a frozen transformer, and reads sequences for it.
#include "models/tasks/frozen/model.h"

#include <fmt/format.h>

#include "models/data/sequences/labelled_sequences.h"
#include "models/tasks/frozen/examples.h"
#include "models/tasks/frozen/predictor.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

Device device_of(const TaskOpening& opening) {
  return opening.device.defined() ? opening.device : Device::from_environment();
}

std::string words_of(const SequenceFormat& f) {
  const std::string rows =
      f.ids ? fmt::format("{} ids", f.inputs) : fmt::format("rows of {}", counted(f.inputs, "number"));
  const std::string answers = f.read * f.answers == 1 ? fmt::format("one of {} classes", f.classes)
                                                      : fmt::format("{} answers of {} classes in the last {} rows",
                                                                    f.read * f.answers, f.classes, f.read);
  return fmt::format("{}, {}", rows, answers);
}

}  // namespace

std::vector<std::string> frozen_metric_names(const SequenceFormat& format) {
  if (format.read * format.answers > 1) return {"accuracy", "exact_match", "loss"};
  return {"accuracy", "loss"};
}

FrozenModel::FrozenModel(const std::string& directory, const FrozenOptions& options, const TaskOpening& opening,
                         FieldNames called)
    : options_(options),
      called_(std::move(called)),
      transformer_(directory, options.transformer(), device_of(opening), DType::f32, opening.seed, opening.prepare,
                   opening.first_weights, opening.trained) {}

FrozenModel::FrozenModel(const FrozenModel& like, const Device& dry)
    : options_(like.options_), called_(like.called_), transformer_(like.transformer_, dry), drawn_(like.drawn_) {}

void FrozenModel::check_length(int64_t rows, const std::string& where) const {
  const int64_t most = transformer_.model().body().positions();
  if (rows > most) fail("{}: a sequence of {} rows, and the body has positions for {}", where, rows, most);
}

void FrozenModel::save_model(const std::string& directory, const SaveOptions& options) const {
  check(!options.as_peft, "it is a frozen transformer, of which peft has none");
  transformer_.save(directory, options);
}

std::string FrozenModel::description() const {
  return fmt::format("frozen transformer ({})", words_of(options_.format));
}

std::vector<std::string> FrozenModel::metric_names() const { return frozen_metric_names(options_.format); }

std::unique_ptr<Examples> FrozenModel::drawn(std::vector<LabelledSequence> SequenceSplits::*split, const char* name) {
  SequenceFormat asked = format_of_problem(options_, called_);
  check_length(asked.longest, called_("problem") + " " + options_.problem);
  asked.longest = format().longest;
  check(asked == format(), "{} {}: its sequences are {}, and the model is for {}", called_("problem"), options_.problem,
        words_of(asked), words_of(format()));
  if (!drawn_) drawn_ = std::make_shared<SequenceSplits>(draw_problem(options_, called_));
  const std::vector<LabelledSequence>& sequences = (*drawn_).*split;
  return std::make_unique<FrozenExamples>(
      *this, std::make_shared<FrozenExamples::Data>(sequences, format(), options_.problem + ", " + name));
}

std::unique_ptr<Examples> FrozenModel::read(const std::string& file) {
  if (options_.is_drawn() && file == options_.problem) return drawn(&SequenceSplits::train, "train");
  const std::vector<LabelledSequence> sequences =
      read_labelled_sequences(file, format(), options_.picture_patch, transformer_.model().body().positions());
  return std::make_unique<FrozenExamples>(*this, std::make_shared<FrozenExamples::Data>(sequences, format(), file));
}

std::unique_ptr<Examples> FrozenModel::own_validation() { return drawn(&SequenceSplits::validation, "validation"); }

std::unique_ptr<Examples> FrozenModel::own_test() { return drawn(&SequenceSplits::test, "test"); }

std::unique_ptr<Examples> FrozenModel::longest(int64_t count) {
  const SequenceFormat& f = format();
  LabelledSequence made_up;
  if (f.ids)
    made_up.ids.assign(static_cast<size_t>(f.longest), 0);
  else
    made_up.numbers.assign(static_cast<size_t>(f.longest * f.inputs), 0);
  made_up.answers.assign(static_cast<size_t>(f.read * f.answers), 0);
  const std::vector<LabelledSequence> all(static_cast<size_t>(count), made_up);
  return std::make_unique<FrozenExamples>(*this, std::make_shared<FrozenExamples::Data>(all, f, "made up"));
}

std::unique_ptr<Predictor> FrozenModel::predictor(const PredictionRequest& request) {
  return std::make_unique<FrozenPredictor>(*this, options_.picture_patch, request, called_);
}

}  // namespace thaw
