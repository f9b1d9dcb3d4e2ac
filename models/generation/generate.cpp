// SPDX-License-Identifier: Apache-2.0
// The loop. Prompts whose search is at its end leave the batch.
#include "models/generation/generate.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {
namespace {

struct LivePrompt {
  size_t number;  // in the request
  std::unique_ptr<Search> search;
  size_t rows = 1;
};

std::unique_ptr<Search> make_search(const GenerationOptions& options, std::vector<int32_t> prompt, uint64_t number) {
  if (options.num_beams > 1) return make_beam_search(options, std::move(prompt));
  if (options.do_sample) return make_sampling_search(options, std::move(prompt), number);
  return make_greedy_search(options, std::move(prompt));
}

// The options with as many new tokens as the decoder has room for behind the prompt.
GenerationOptions fitting(const GenerationOptions& options, const Decoder& decoder, size_t prompt, size_t number) {
  const auto length = static_cast<int64_t>(prompt);
  check(length > 0, "generate: prompt {} has no token", number);
  check(length < decoder.most_tokens(), "generate: prompt {} has {} tokens, {} more than leave room for one of {}",
        number, length, length - decoder.most_tokens() + 1, decoder.most_tokens());
  GenerationOptions fit = options;
  fit.max_new_tokens = std::min(fit.max_new_tokens, decoder.most_tokens() - length);
  fit.min_new_tokens = std::min(fit.min_new_tokens, fit.max_new_tokens);
  return fit;
}

}  // namespace

std::vector<std::vector<Hypothesis>> generate(Decoder& decoder, const GenerationRequest& request,
                                              const GenerationOptions& options) {
  check_options(options, decoder.vocab_size());
  check(request.numbers.empty() || request.numbers.size() == request.prompts.size(),
        "generate: {} numbers for {} prompts", request.numbers.size(), request.prompts.size());
  std::vector<std::vector<Hypothesis>> results(request.prompts.size());
  std::vector<LivePrompt> living;
  for (size_t i = 0; i < request.prompts.size(); ++i) {
    const std::vector<int32_t>& prompt = request.prompts[i];
    const uint64_t number = request.numbers.empty() ? i : request.numbers[i];
    living.push_back({i, make_search(fitting(options, decoder, prompt.size(), i), prompt, number)});
  }
  if (living.empty()) return results;
  const bool tells = request.on_token && options.num_beams == 1 && options.num_return_sequences == 1;
  const NoGrad no_grad;
  Tensor logits = decoder.start(request.prompts);
  while (!living.empty()) {
    std::vector<float> scores = logits.to_host<float>();
    const auto vocabulary = static_cast<size_t>(decoder.vocab_size());
    std::vector<int32_t> parents, ids;
    std::vector<LivePrompt> next;
    size_t first = 0;
    for (LivePrompt& prompt : living) {
      const std::span<float> own = std::span(scores).subspan(first * vocabulary, prompt.rows * vocabulary);
      if (has_overflow(own)) {
        if (!request.on_overflow) fail("generate: the logits of the next token are not finite numbers");
        request.on_overflow(prompt.number);
        first += prompt.rows;
        continue;
      }
      const std::vector<Search::Continuation> rows = prompt.search->advance(own);
      for (const Search::Continuation& row : rows) {
        parents.push_back(static_cast<int32_t>(first) + row.row);
        ids.push_back(row.id);
      }
      first += prompt.rows;
      if (tells && prompt.search->last()) request.on_token(prompt.number, *prompt.search->last());
      if (rows.empty()) {
        results[prompt.number] = prompt.search->results();
      } else {
        prompt.rows = rows.size();
        next.push_back(std::move(prompt));
      }
    }
    living = std::move(next);
    if (!living.empty()) logits = decoder.step(parents, ids);
  }
  return results;
}

}  // namespace thaw
