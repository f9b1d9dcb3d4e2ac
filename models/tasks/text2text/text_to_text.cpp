// SPDX-License-Identifier: Apache-2.0
// Opens, writes in batches, and puts the texts back in order.
#include "models/tasks/text2text/text_to_text.h"

#include <algorithm>
#include <utility>

#include "models/families.h"
#include "models/hub/model_directory.h"
#include "nn/train/batches.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int64_t usual_new_tokens = 128;  // of a model that nothing says more of
constexpr int64_t most_sources = 64;       // of a batch

std::shared_ptr<const Tokenizer> tokenizer_of(const std::string& directory, FirstWeights first) {
  check_model_directory(directory, first);
  return load_tokenizer(directory);
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

EarlyStopping early_stopping_named(const std::string& word) {
  if (word == "never") return EarlyStopping::never;
  return word == "true" ? EarlyStopping::yes : EarlyStopping::no;
}

}  // namespace

TextToText::TextToText(const std::string& directory, const TextToTextOptions& options)
    : TextToText(directory, tokenizer_of(directory, options.opening.first_weights), options) {}

TextToText::TextToText(const std::string& directory, std::shared_ptr<const Tokenizer> tokenizer,
                       const TextToTextOptions& options)
    : writer_(open_text_writer(directory, options.opening)),
      sources_(directory, tokenizer, writer_->limits(), options.max_length),
      targets_(directory, tokenizer, writer_->limits(), options.max_target_length) {
  if (options.trained) check_trained(directory, writer_->report());
  sources_.check_vocabulary();
}

TextToText::TextToText(const TextToText& like, Device dry)
    : writer_(like.writer_->on_dry_device(dry)), sources_(like.sources_), targets_(like.targets_) {}

GenerationOptions TextToText::generation(const Text2TextOptions& o) const {
  const GenerationConfig& own = writer_->generation();
  const auto prompt = static_cast<int64_t>(writer_->beginning().size());
  GenerationOptions g = own.for_prompts_of(prompt);
  if (o.max_target_length > 0) {
    g.max_new_tokens = o.max_target_length;
  } else if (!own.has_max_new_tokens && !own.max_length) {
    g.max_new_tokens = usual_new_tokens;
  }
  const auto take = [](auto given, auto& option) {
    if (given != 0) option = given;
  };
  take(o.num_beams, g.num_beams);
  take(o.length_penalty, g.length_penalty);
  take(o.min_new_tokens, g.min_new_tokens);
  take(o.no_repeat_ngram_size, g.no_repeat_ngram_size);
  take(o.repetition_penalty, g.repetition_penalty);
  take(o.temperature, g.temperature);
  take(o.top_k, g.top_k);
  take(o.top_p, g.top_p);
  take(o.min_p, g.min_p);
  if (o.early_stopping != "model") g.early_stopping = early_stopping_named(o.early_stopping);
  g.do_sample = o.do_sample;
  if (g.do_sample && o.num_beams == 0) g.num_beams = 1;
  g.seed = static_cast<uint64_t>(o.seed);
  g.num_return_sequences = o.num_return_sequences;
  return g;
}

std::vector<std::vector<WrittenText>> TextToText::write(std::span<const Encoding* const> sources,
                                                        const GenerationOptions& options, int64_t batch_tokens,
                                                        uint64_t first) const {
  std::vector<std::vector<WrittenText>> written(sources.size());
  std::vector<int64_t> lengths;
  const int64_t rows = options.do_sample ? options.num_return_sequences : options.num_beams;
  // Keys and values are kept of what is written, too, and each row has its logits.
  for (const Encoding* source : sources)
    lengths.push_back(rows * (static_cast<int64_t>(source->size()) + options.max_new_tokens));
  const int64_t row_bytes = writer_->limits().vocab_size * static_cast<int64_t>(sizeof(float));
  const int64_t most = std::clamp<int64_t>(logits_chunk_bytes / (rows * row_bytes), 1, most_sources);
  for (const std::vector<int64_t>& batch :
       evaluation_batches(lengths, {.batch_size = most, .batch_tokens = batch_tokens})) {
    std::vector<const Encoding*> some;
    GenerationRequest request;
    for (const int64_t place : batch) {
      some.push_back(sources[static_cast<size_t>(place)]);
      request.prompts.push_back(writer_->beginning());
      request.numbers.push_back(first + static_cast<uint64_t>(place));
    }
    const auto hypotheses = generate(*writer_->decoder(some), request, options);
    for (size_t i = 0; i < batch.size(); ++i)
      for (const Hypothesis& one : hypotheses[i]) {
        const bool has_end =
            !one.ids.empty() && std::ranges::find(options.end_ids, one.ids.back()) != options.end_ids.end();
        const bool is_cut = !has_end && std::ssize(one.ids) == options.max_new_tokens;
        written[static_cast<size_t>(batch[i])].push_back(
            {text_of(one.ids, tokenizer()), one.score.value_or(0), is_cut});
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
