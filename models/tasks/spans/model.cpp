// SPDX-License-Identifier: Apache-2.0
// Opens a model for missing spans.
#include "models/tasks/spans/model.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "models/tasks/spans/examples.h"
#include "models/tasks/spans/predictor.h"
#include "tensor/check.h"

namespace thaw {
namespace {

std::shared_ptr<const SpanRule> rule_of(const std::string& directory, const SpansOptions& options,
                                        const TextToText& text) try {
  return std::make_shared<SpanRule>(options.noise_density, options.mean_noise_span_length, text.tokenizer(),
                                    text.writer().limits().vocab_size);
} catch (const std::runtime_error& error) {
  fail("{}: {}", directory, error.what());
}

// Sources of max_length tokens must be of texts that have no more spans than there are sentinels. Where they are not,
// the option to blame is the one that is not as it usually is, if that would do.
void check_sentinels(const SpanRule& rule, int64_t max_length, const FieldNames& called) {
  const auto fault_of = [&](double noise_density, double mean_span_length) -> std::string {
    SpanRule other = rule;
    other.shape.noise_density = noise_density;
    other.shape.mean_span_length = mean_span_length;
    try {
      other.check_sentinels(raw_length(max_length, other.shape));
      return {};
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  };
  const double noise = rule.shape.noise_density, mean = rule.shape.mean_span_length;
  const std::string fault = fault_of(noise, mean);
  if (fault.empty()) return;
  const SpansOptions usual;
  const std::string limit = fmt::format("{} {}", called("max_length"), max_length);
  if (fault_of(usual.noise_density, mean).empty())
    check(false, "{} {}: {} (sources of {})", called("noise_density"), noise, fault, limit);
  if (fault_of(noise, usual.mean_noise_span_length).empty())
    check(false, "{} {}: {} (sources of {})", called("mean_noise_span_length"), mean, fault, limit);
  check(false, "{}: {}", limit, fault);
}

}  // namespace

SpansModel::SpansModel(const std::string& directory, const TextToTextOptions& how, SpansOptions options,
                       FieldNames called)
    : text_(std::make_shared<TextToText>(directory, how)),
      rule_(rule_of(directory, options, *text_)),
      seed_(how.opening.seed),
      options_(std::move(options)),
      called_(std::move(called)) {
  check_sentinels(*rule_, text_->sources().max_length(), called_);
}

SpansModel::SpansModel(const SpansModel& like, const Device& dry)
    : text_(std::make_shared<TextToText>(*like.text_, dry)),
      rule_(like.rule_),
      seed_(like.seed_),
      options_(like.options_),
      called_(like.called_) {}

std::string SpansModel::description() const {
  return fmt::format("missing spans ({:.6g} % of the tokens, {:.6g} a span{})", 100 * rule_->shape.noise_density,
                     rule_->shape.mean_span_length, options_.join_texts ? ", of joined texts" : "");
}

std::unique_ptr<Examples> SpansModel::read(const std::string& file) {
  return std::make_unique<SpansExamples>(text_->writer(), text_->tokenizer(), rule_, seed_,
                                         read_pieces(text_->sources(), file, options_, *rule_));
}

std::unique_ptr<Examples> SpansModel::longest(int64_t count) {
  return std::make_unique<SpansExamples>(text_->writer(), text_->tokenizer(), rule_, seed_,
                                         made_up_pieces(text_->sources(), count, *rule_));
}

std::unique_ptr<Predictor> SpansModel::predictor(const PredictionRequest& request) {
  return std::make_unique<SpansPredictor>(*text_, rule_, options_, request, called_);
}

Fingerprint SpansModel::identity() const {
  Fingerprint identity = text_->identity();
  identity["missing spans"] = description();
  return identity;
}

}  // namespace thaw
