// SPDX-License-Identifier: Apache-2.0
// Losses of targets; texts written and judged.
#include "models/tasks/text2text/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "models/tasks/checksum.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/prediction_text.h"
#include "models/tasks/text2text/evaluation.h"
#include "models/tasks/text2text/model.h"
#include "models/tasks/text2text/source_rows.h"
#include "models/tasks/text2text/target_limits.h"
#include "nn/mode.h"
#include "nn/soft_prompt.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

constexpr int64_t usual_generation_tokens = 4096;  // of a batch: sources and what may be written, times beams
// That writing computes at once for each that training does (tests measure it): of a token it keeps keys and values
// alone, training some ten such rows a layer and gradients. Most texts end long before what may be written.
constexpr int64_t written_per_learnt = 4;

}  // namespace

std::vector<TargetIds> Text2TextExamples::targets(std::span<const int64_t> examples) const {
  std::vector<TargetIds> ids;
  for (const Encoding* target : data_->targets.pick(examples)) ids.push_back(target->ids);
  return ids;
}

double Text2TextExamples::terms(std::span<const int64_t> examples) const {
  int64_t tokens = 0;
  for (const int64_t example : examples) tokens += data_->targets.lengths()[static_cast<size_t>(example)];
  return static_cast<double>(tokens);
}

Variable Text2TextExamples::loss_of(std::span<const int64_t> examples, double count, Tensor* tokens) const {
  const double divisor = count > 0 ? count : terms(examples);
  return model_.writer().loss(encoded(examples), targets(examples), {.smoothing = smoothing_}, divisor, tokens);
}

KeptTexts Text2TextExamples::keep_frozen(std::span<const int64_t> examples, const Keeping& how) {
  return model_.keep_frozen(data_->sources.pick(examples), how);
}

std::vector<float> Text2TextExamples::outputs(std::span<const int64_t> examples) const {
  Tensor losses;
  loss_of(examples, 1, &losses);
  return losses.to_host<float>();
}

std::unique_ptr<Evaluation> Text2TextExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<Text2TextEvaluation::Text> texts(examples.size());
  const auto run = [&](std::span<const int64_t> batch, std::span<const int64_t> places) {
    const std::vector<TargetIds> ids = targets(batch);
    const std::vector<TargetGuesses> guesses = model_.writer().guesses(encoded(batch), ids);
    double sum = 0;
    for (size_t i = 0; i < guesses.size(); ++i) {
      texts[static_cast<size_t>(places[i])].losses = {guesses[i].loss, std::ssize(ids[i])};
      sum += guesses[i].loss;
    }
    return sum;
  };
  evaluate_in_batches(model_.writer().store(), *this, examples, run);
  Writing how = judging_.writing;
  how.batch_tokens = usual_generation_tokens;
  if (evaluation_tokens() > 0) how.batch_tokens = std::min(how.batch_tokens, written_per_learnt * evaluation_tokens());
  how.encoded = [&](std::span<const int64_t> places) {
    std::vector<int64_t> batch;
    for (const int64_t place : places) batch.push_back(examples[static_cast<size_t>(place)]);
    return encoded(batch);
  };
  const std::vector<WrittenTexts> written = model_.write(data_->sources.pick(examples), how);
  for (size_t i = 0; i < texts.size(); ++i) {
    if (written[i].overflowed)
      fail_of_overflow(fmt::format("{}:{}", data_->sources.file(), data_->sources.line(examples[i])), "source");
    texts[i].source = model_.tokenizer().decode(data_->sources[examples[i]].ids);
    texts[i].references = data_->references[static_cast<size_t>(examples[i])];
    if (!written[i].texts.empty()) texts[i].said = written[i].texts[0].text;
  }
  return std::make_unique<Text2TextEvaluation>(std::move(texts), judging_.labels);
}

std::string Text2TextExamples::unknown_targets(int64_t begin, int64_t end) const {
  const std::optional<int32_t> unknown = model_.tokenizer().special().unknown;
  int64_t count = 0, first = 0;
  for (int64_t example = begin; unknown && example < end; ++example) {
    if (std::ranges::find(data_->targets[example].ids, *unknown) == data_->targets[example].ids.end()) continue;
    if (count++ == 0) first = data_->targets.line(example);
  }
  if (count == 0) return {};
  return fmt::format(
      "{} of {} {} tokens that the vocabulary does not know, the first in line {}: nothing that is "
      "written is ever the same",
      count, counted(end - begin, "target"), count == 1 ? "has" : "have", first);
}

std::vector<std::string> Text2TextExamples::notes() const {
  std::vector<std::string> lines;
  const auto tell = [&](const std::string& text) {
    if (!text.empty()) lines.push_back(fmt::format("note: {}: {}", data_->sources.file(), text));
  };
  tell(unknown_targets(0, size()));
  if (judging_.labels.empty()) return lines;
  const auto others = std::ranges::count_if(data_->references, [&](const std::vector<std::string>& references) {
    return std::ranges::find(judging_.labels, references[0]) == judging_.labels.end();
  });
  if (others > 0)
    tell(fmt::format("{} of {} {} none of the label words", others, counted(size(), "target"),
                     others == 1 ? "is" : "are"));
  return lines;
}

ShownExample Text2TextExamples::show(int64_t example) const {
  ShownExample shown = data_->sources.show(example, model_.tokenizer());
  const ShownExample target = data_->targets.show(example, model_.tokenizer());
  for (ShownExample::Token token : target.tokens) {
    token.has_loss = true;
    shown.tokens.push_back(std::move(token));
  }
  shown.truth = target.text;
  shown.cut += target.cut;
  return shown;
}

int64_t Text2TextExamples::cut(int64_t example) const {
  return static_cast<int64_t>(data_->sources[example].cut + data_->targets[example].cut);
}

std::vector<Examples::CutPart> Text2TextExamples::cut_parts(int64_t example) const {
  return {{"source", static_cast<int64_t>(data_->sources[example].cut)},
          {"target", static_cast<int64_t>(data_->targets[example].cut)}};
}

Fingerprint Text2TextExamples::identity() const {
  std::string references;
  for (const std::vector<std::string>& of_one : data_->references) {
    for (const std::string& text : of_one) references += text + '\n';
    references += '\n';
  }
  return {{"sources, as token ids", checksum_text(data_->sources.checksum())},
          {"targets, as token ids", checksum_text(data_->targets.checksum())},
          {"references", checksum_text(crc32c(references))}};
}

std::unique_ptr<Examples> Text2TextExamples::read_by(TaskModel& other) const {
  return read_by(dynamic_cast<Text2TextModel&>(other).text());
}

void append_sources_and_targets(const TextToText& model, const std::string& file, const Text2TextOptions& options,
                                TargetTokens targets, Text2TextExamples::Data& data) {
  SourceRows rows(file, options);
  const size_t before = data.lengths.size();
  for (SourceRow row; rows.next(row);) {
    Encoding source = model.sources().encode_row(row.source, {}, rows.where());
    Encoding target = targets.next(row.references[0], model.targets(), rows.where());
    if (const std::string fault = target_fault(target, model.targets(), "max_target_length"); !fault.empty())
      fail("{}: {}", rows.where(), fault);
    target = model.learnt(std::move(target));
    data.lengths.push_back(static_cast<int64_t>(source.size() + target.size()));
    data.sources.add(std::move(source), rows.line());
    data.targets.add(std::move(target), rows.line());
    data.references.push_back(std::move(row.references));
  }
  if (data.lengths.size() == before) fail("{}: has no rows below its header", file);
}

std::shared_ptr<const Text2TextExamples::Data> read_sources_and_targets(const TextToText& model,
                                                                        const std::string& file,
                                                                        const Text2TextOptions& options,
                                                                        TokenizedTargets& before) {
  auto data = std::make_shared<Text2TextExamples::Data>();
  data->sources = data->targets = EncodedTexts(file);
  append_sources_and_targets(model, file, options, before.take(file, options.target_column, model.targets()), *data);
  return data;
}

std::shared_ptr<const Text2TextExamples::Data> made_up_sources_and_targets(const TextToText& model, int64_t count) {
  auto data = std::make_shared<Text2TextExamples::Data>();
  data->sources = EncodedTexts::made_up(count, model.sources().max_length());
  data->targets = EncodedTexts::made_up(count, model.targets().max_length());
  data->references.assign(static_cast<size_t>(count), {"a"});
  data->lengths.assign(static_cast<size_t>(count), model.sources().max_length() + model.targets().max_length());
  return data;
}

}  // namespace thaw
