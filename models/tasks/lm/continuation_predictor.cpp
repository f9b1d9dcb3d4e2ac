// SPDX-License-Identifier: Apache-2.0
// Reads prompts, goes on behind them in batches of like lengths.
#include "models/tasks/lm/continuation_predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "autograd/functions.h"
#include "models/generation/generate.h"
#include "models/text/text_stream.h"
#include "nn/train/batches.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int64_t batch_tokens = 8192;  // with those that may be written, times beams

// Parts of a text without the separator that it begins with, if it does.
class BehindSeparator {
 public:
  explicit BehindSeparator(std::string separator) : separator_(std::move(separator)), is_past_(separator_.empty()) {}

  // What can be told now.
  std::string add(std::string part) {
    if (is_past_) return part;
    held_ += part;
    if (held_.size() < separator_.size() && separator_.starts_with(held_)) return {};
    is_past_ = true;
    return held_.substr(held_.starts_with(separator_) ? separator_.size() : 0);
  }
  // Of a text that ended within it.
  std::string finish() { return is_past_ ? std::string() : std::exchange(held_, {}); }

 private:
  std::string separator_, held_;
  bool is_past_;
};

const GenerationConfig& own_generation(const TextPipeline& model) {
  const GenerationConfig* own = model.model().generation();
  if (!own)
    fail("a model of {} continues no texts", quote(model.config().json.get_string_or("model_type", "its family")));
  return *own;
}

// In the caller's names. Each message begins with the name of an option.
GenerationOptions checked_options(const TextPipeline& model, const ContinuationOptions& how,
                                  const FieldNames& called) try {
  const GenerationConfig& own = own_generation(model);
  const int64_t words = model.model().limits().vocab_size;
  GenerationOptions options = with_overrides(own, how.generation, 1);
  apply(how.tokens, model.tokenizer(), words, options);
  check_forced(how.tokens, own.file, options);
  check_with_overrides(own, how.generation, options, words);
  const int64_t room = model.model().limits().positions_left() - 1;  // behind the shortest prompt
  options.max_new_tokens = std::min(options.max_new_tokens, room);
  options.min_new_tokens = std::min(options.min_new_tokens, options.max_new_tokens);
  return options;
} catch (const std::invalid_argument& error) {
  const std::string message = error.what();
  const size_t end = std::min(message.find_first_of(" :"), message.size());
  throw std::invalid_argument(called(message.substr(0, end)) + message.substr(end));
}

}  // namespace

ContinuationPredictor::ContinuationPredictor(TextPipeline& model, const LmOptions& options,
                                             const ContinuationOptions& how, const PredictionRequest& request,
                                             const FieldNames& called)
    : ContinuationPredictor(model, options, how, checked_options(model, how, called), request, called) {}

ContinuationPredictor::ContinuationPredictor(TextPipeline& model, const LmOptions& options,
                                             const ContinuationOptions& how, GenerationOptions generation,
                                             const PredictionRequest& request, const FieldNames& called)
    : WritingPredictor({"prompt", options.prompt_column.empty() ? options.text_column : options.prompt_column},
                       generation, model.tokenizer(), request, called),
      model_(model),
      encoder_(model.encoder(), options),
      how_(how),
      options_(std::move(generation)),
      truncate_name_(called("truncate")) {
  options_.with_scores = writes_several();
  if (request.batch_size > 0) batch_size_ = std::min(batch_size_, request.batch_size);
  for (const auto& [name, why] : effectless(how_.generation, options_))
    warnings_.push_back(fmt::format("{} has no effect: {}", called(name), why));
}

GenerationOptions ContinuationPredictor::options_behind(int64_t tokens) const {
  const GenerationOptions own = with_overrides(own_generation(model_), how_.generation, tokens);
  GenerationOptions options = options_;
  options.max_new_tokens = own.max_new_tokens;
  options.min_new_tokens = own.min_new_tokens;
  return options;
}

Encoding ContinuationPredictor::encode(const std::string& text, const std::string& where) const {
  Encoding prompt = encoder_.prompt(text, where);
  const int64_t most = model_.model().limits().positions_left(), size = std::ssize(prompt.ids);
  if (size >= most) {
    if (!how_.truncate)
      fail("{}: the prompt has {}, the model takes {} with those that come: {} cuts its beginning", where,
           counted(size, "token"), most, truncate_name_);
    const int64_t kept = std::max(most - options_behind(1).max_new_tokens, most / 2);
    prompt.cut = static_cast<size_t>(size - kept);
    for (std::vector<int32_t>* of : {&prompt.ids, &prompt.type_ids}) of->erase(of->begin(), of->end() - kept);
  }
  if (size == 0) return prompt;  // nothing that could be gone on with
  try {
    options_behind(std::ssize(prompt.ids));
  } catch (const std::runtime_error& error) {
    fail("{}: {}", where, error.what());
  }
  return prompt;
}

std::string ContinuationPredictor::text_of(const std::vector<int32_t>& prompt, const std::vector<int32_t>& ids) const {
  const Tokenizer& tokenizer = model_.tokenizer();
  std::vector<int32_t> all = prompt;
  // Models often have more embeddings than their tokenizer has tokens: such an id is no text.
  for (const int32_t id : ids)
    if (static_cast<size_t>(id) < tokenizer.vocab_size()) all.push_back(id);
  const std::string before = tokenizer.decode(prompt), text = tokenizer.decode(all);
  const std::string behind =
      text.starts_with(before) ? text.substr(before.size()) : tokenizer.decode(std::span(all).subspan(prompt.size()));
  return behind.substr(behind.starts_with(how_.separator) ? how_.separator.size() : 0);
}

std::vector<WrittenTexts> ContinuationPredictor::write(std::span<const Encoding* const> prompts, uint64_t first) const {
  std::vector<WrittenTexts> written(prompts.size());
  // Prompts whose rows may become as long are decoded together.
  std::map<std::pair<int64_t, int64_t>, std::vector<int64_t>> alike;
  for (size_t i = 0; i < prompts.size(); ++i) {
    if (prompts[i]->size() == 0) continue;
    const GenerationOptions options = options_behind(std::ssize(prompts[i]->ids));
    alike[{options.max_new_tokens, options.min_new_tokens}].push_back(static_cast<int64_t>(i));
  }
  const int64_t rows = options_.do_sample ? options_.num_return_sequences : options_.num_beams;
  const int64_t row_bytes = model_.model().limits().vocab_size * static_cast<int64_t>(sizeof(float));
  const int64_t most = std::clamp<int64_t>(logits_chunk_bytes / (rows * row_bytes), 1, batch_size_);
  for (const auto& [new_tokens, places] : alike) {
    GenerationOptions options = options_;
    std::tie(options.max_new_tokens, options.min_new_tokens) = new_tokens;
    std::vector<int64_t> lengths;
    for (const int64_t place : places)
      lengths.push_back(rows * (std::ssize(prompts[static_cast<size_t>(place)]->ids) + options.max_new_tokens));
    for (const std::vector<int64_t>& batch :
         evaluation_batches(lengths, {.batch_size = most, .batch_tokens = batch_tokens})) {
      GenerationRequest request;
      std::vector<size_t> which;
      for (const int64_t number : batch) {
        which.push_back(static_cast<size_t>(places[static_cast<size_t>(number)]));
        request.prompts.push_back(prompts[which.back()]->ids);
        request.numbers.push_back(first + which.back());
      }
      request.on_overflow = [&](size_t i) { written[which[i]].overflowed = true; };
      TextStream stream(model_.tokenizer());
      BehindSeparator behind_separator(how_.separator);
      if (on_text()) {
        check(prompts.size() == 1 && rows == 1, "a text is handed out in parts where it is the only one");
        for (const int32_t id : request.prompts[0]) stream.add(id);  // stands there already
        request.on_token = [&](size_t, int32_t id) { on_text()(behind_separator.add(stream.add(id))); };
      }
      const std::unique_ptr<Decoder> decoder = model_.model().decoder();
      const auto hypotheses = generate(*decoder, request, options);
      if (on_text()) on_text()(behind_separator.add(stream.finish()) + behind_separator.finish());
      for (size_t i = 0; i < which.size(); ++i) {
        const int64_t room = std::min(options.max_new_tokens, decoder->most_tokens() - std::ssize(request.prompts[i]));
        for (const Hypothesis& one : hypotheses[i])
          written[which[i]].texts.push_back(written_text(one, text_of(request.prompts[i], one.ids), options, room));
      }
    }
  }
  return written;
}

}  // namespace thaw
