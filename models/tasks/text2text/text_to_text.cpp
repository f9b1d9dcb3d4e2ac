// SPDX-License-Identifier: Apache-2.0
// Opens, writes in batches, and puts the texts back in order.
#include "models/tasks/text2text/text_to_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/families.h"
#include "models/hub/bare_change.h"
#include "models/hub/model_directory.h"
#include "models/tasks/text2text/end_token.h"
#include "models/tasks/text2text/target_limits.h"
#include "models/text/text_stream.h"
#include "nn/mode.h"
#include "nn/train/batches.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

std::shared_ptr<const Tokenizer> tokenizer_of(const std::string& directory, FirstWeights first) {
  check_model_directory(directory, first);
  check_writes_texts(directory);
  return load_tokenizer(tokenizer_directory(directory));
}

// Tensors that no checkpoint gave are random: nothing is to be written by them.
void check_trained(const std::string& directory, const LoadReport& report) {
  if (!report.initialised.empty())
    fail("{}: the checkpoint lacks {}: texts would come from random numbers", directory, listed(report.initialised));
}

// Models often have more embeddings than their tokenizer has tokens: such an id is no text.
std::string text_of(std::vector<int32_t> ids, const Tokenizer& tokenizer) {
  std::erase_if(ids, [&](int32_t id) { return static_cast<size_t>(id) >= tokenizer.vocab_size(); });
  return tokenizer.decode(ids);
}

// Of what every text begins with.
std::vector<int32_t> prefix_ids(const std::string& prefix, const TextEncoder& encoder) {
  if (prefix.empty()) return {};
  try {
    encoder.encode(prefix);  // it knows what the model takes
    return known_tokens(prefix, encoder.tokenizer());
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("target_prefix: {}", error.what()));
  }
}

}  // namespace

TextToText::TextToText(const std::string& directory, const TextToTextOptions& options)
    : TextToText(directory, tokenizer_of(directory, options.opening.first_weights), options) {}

TextToText::TextToText(const std::string& directory, std::shared_ptr<const Tokenizer> tokenizer,
                       const TextToTextOptions& options)
    : writer_(open_text_writer(directory, options.opening)),
      sources_(directory, tokenizer, writer_->limits(), options.max_length),
      targets_(in_words_of_targets(
          [&] { return TextEncoder(directory, tokenizer, writer_->target_limits(), options.max_target_length); })) {
  if (options.trained) check_trained(directory, writer_->report());
  sources_.check_vocabulary();
  targets_.check_vocabulary();
}

TextToText::TextToText(const TextToText& like, Device dry)
    : writer_(like.writer_->on_dry_device(dry)), sources_(like.sources_), targets_(like.targets_) {}

Encoding TextToText::learnt(Encoding target) const {
  const std::vector<int32_t> before = tokenizer().tokens_around().before, beginning = writer_->beginning();
  if (before.empty() || before != beginning || target.size() < before.size()) return target;
  Encoding learnt;
  learnt.cut = target.cut;
  const auto own = std::ssize(before);
  learnt.ids.assign(target.ids.begin() + own, target.ids.end());
  learnt.type_ids.assign(target.type_ids.begin() + own, target.type_ids.end());
  return learnt;
}

Writing TextToText::unchecked(const Text2TextOptions& options) const {
  GenerationOverrides given = options.generation;
  if (!given.max_new_tokens && options.target_length() > 0) given.max_new_tokens = options.target_length();
  Writing how{.options = {}, .prompt = writer_->beginning()};
  const std::vector<int32_t> prefix = prefix_ids(options.target_prefix, targets_);
  how.prompt.insert(how.prompt.end(), prefix.begin(), prefix.end());
  how.options = with_overrides(writer_->generation(), given, std::ssize(how.prompt));
  apply(options.tokens, tokenizer(), writer_->target_limits().vocab_size, how.options);
  return how;
}

Writing TextToText::writing(const Text2TextOptions& options) const {
  const GenerationConfig& own = writer_->generation();
  Writing how = unchecked(options);
  check_forced(options.tokens, own.file, how.options);
  check_with_overrides(own, options.generation, how.options, writer_->target_limits().vocab_size);
  return how;
}

Writing TextToText::writing(const Text2TextOptions& options, const FieldNames& called) const try {
  return writing(options);
} catch (const std::invalid_argument& error) {  // each begins with the name of an option
  const std::string message = error.what();
  const size_t end = std::min(message.find_first_of(" :"), message.size());
  throw std::invalid_argument(called(message.substr(0, end)) + message.substr(end));
}

std::unique_ptr<Decoder> TextToText::decoder(std::span<const Encoding* const> sources, std::span<const int64_t> places,
                                             const Writing& how) const {
  if (how.encoded) {
    const NoGrad no_grad;
    const EvaluationMode evaluation(writer_->store().mode());
    return writer_->decoder(how.encoded(places));
  }
  std::vector<const Encoding*> some;
  for (const int64_t place : places) some.push_back(sources[static_cast<size_t>(place)]);
  return writer_->decoder(some);
}

std::vector<std::string> TextToText::warnings(const Text2TextOptions& options, const FieldNames& called) const {
  const Writing how = unchecked(options);
  std::vector<std::string> lines = writer_->warnings();
  if (std::string fault = end_fault(tokenizer(), writer_->generation()); !fault.empty())
    lines.push_back(std::move(fault));
  for (const auto& [name, why] : effectless(options.generation, how.options))
    lines.push_back(fmt::format("{} has no effect: {}", called(name), why));
  if (how.options.forced_bos_token_id && !options.target_prefix.empty())
    lines.push_back(fmt::format("{}: forced_bos_token_id has no effect: texts begin with {}",
                                writer_->generation().file, called("target_prefix")));
  return lines;
}

std::vector<WrittenTexts> TextToText::write(std::span<const Encoding* const> sources, const Writing& how,
                                            uint64_t first) const {
  const GenerationOptions& options = how.options;
  const std::span<const int32_t> prefix = std::span(how.prompt).subspan(writer_->beginning().size());
  std::vector<WrittenTexts> written(sources.size());
  std::vector<int64_t> lengths;
  const int64_t rows = options.do_sample ? options.num_return_sequences : options.num_beams;
  // Keys and values are kept of what is written, too, and each row has its logits.
  for (const Encoding* source : sources)
    lengths.push_back(rows * (static_cast<int64_t>(source->size()) + std::ssize(how.prompt) + options.max_new_tokens));
  const int64_t row_bytes = writer_->target_limits().vocab_size * static_cast<int64_t>(sizeof(float));
  const int64_t most = std::clamp<int64_t>(logits_chunk_bytes / (rows * row_bytes), 1, how.batch_size);
  for (const std::vector<int64_t>& batch :
       evaluation_batches(lengths, {.batch_size = most, .batch_tokens = how.batch_tokens})) {
    GenerationRequest request;
    for (const int64_t place : batch) {
      request.prompts.push_back(how.prompt);
      request.numbers.push_back(first + static_cast<uint64_t>(place));
    }
    request.on_overflow = [&](size_t i) { written[static_cast<size_t>(batch[i])].overflowed = true; };
    TextStream stream(tokenizer());
    if (how.on_text) {
      check(sources.size() == 1 && rows == 1, "a text is handed out in parts where it is the only one");
      for (const int32_t id : prefix) how.on_text(stream.add(id));
      request.on_token = [&](size_t, int32_t id) { how.on_text(stream.add(id)); };
    }
    const std::unique_ptr<Decoder> rows_of_batch = decoder(sources, batch, how);
    const int64_t room = std::min(options.max_new_tokens, rows_of_batch->most_tokens() - std::ssize(how.prompt));
    const auto hypotheses = generate(*rows_of_batch, request, options);
    if (how.on_text) how.on_text(stream.finish());
    for (size_t i = 0; i < batch.size(); ++i)
      for (const Hypothesis& one : hypotheses[i]) {
        std::vector<int32_t> ids(prefix.begin(), prefix.end());
        ids.insert(ids.end(), one.ids.begin(), one.ids.end());
        written[static_cast<size_t>(batch[i])].texts.push_back(
            written_text(one, text_of(std::move(ids), tokenizer()), options, room));
      }
  }
  return written;
}

Fingerprint TextToText::identity() const {
  Fingerprint identity = writer_->switches();
  identity["files of the tokenizer"] = sources_.tokenizer_checksum();
  return identity;
}

}  // namespace thaw
