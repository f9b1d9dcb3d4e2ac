// SPDX-License-Identifier: Apache-2.0
// Greedy and sampling: each row goes on by itself until its end.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>

#include "models/generation/sampling.h"
#include "models/generation/search.h"
#include "models/generation/token_rules.h"

namespace thaw {
namespace {

class RowSearch : public Search {
 public:
  RowSearch(const GenerationOptions& options, std::vector<int32_t> prompt, uint64_t number)
      : options_(options), rules_(options), prompt_(prompt.size()), number_(number) {
    const auto rows = static_cast<size_t>(options.do_sample ? options.num_return_sequences : 1);
    rows_.assign(rows, Row{std::move(prompt), 0});
    living_.push_back(0);
  }

  std::vector<Continuation> advance(std::span<float> logits) override {
    ++steps_;
    const size_t vocabulary = logits.size() / living_.size();
    std::vector<Continuation> next;
    std::vector<size_t> going_on;
    const auto go_on = [&](size_t row, size_t place, std::span<float> scores) {
      const int32_t id = choose(row, scores);
      if (id < 0) return;
      rows_[row].ids.push_back(id);
      const bool is_end = std::ranges::find(options_.end_ids, id) != options_.end_ids.end();
      if (is_end || made(row) == options_.max_new_tokens) return;
      going_on.push_back(row);
      next.push_back({static_cast<int32_t>(place), id});
    };
    if (steps_ == 1) {  // all rows begin with the prompt
      for (size_t row = 0; row < rows_.size(); ++row) {
        std::vector<float> scores(logits.begin(), logits.end());
        go_on(row, 0, scores);
      }
    } else {
      for (size_t place = 0; place < living_.size(); ++place)
        go_on(living_[place], place, logits.subspan(place * vocabulary, vocabulary));
    }
    living_ = std::move(going_on);
    return next;
  }

  std::optional<int32_t> last() const override {
    return rows_.size() == 1 && made(0) == steps_ ? std::optional(rows_[0].ids.back()) : std::nullopt;
  }

  std::vector<Hypothesis> results() const override {
    std::vector<Hypothesis> all;
    for (const Row& row : rows_) {
      Hypothesis& one = all.emplace_back();
      one.ids.assign(row.ids.begin() + static_cast<ptrdiff_t>(prompt_), row.ids.end());
      if (options_.with_scores) one.score = row.score;
    }
    if (options_.with_scores)
      std::ranges::stable_sort(all, std::greater(), [](const Hypothesis& one) { return *one.score; });
    return all;
  }

 private:
  struct Row {
    std::vector<int32_t> ids;  // the prompt's first
    double score;
  };

  int64_t made(size_t row) const { return static_cast<int64_t>(rows_[row].ids.size() - prompt_); }

  // -1: no token may come.
  int32_t choose(size_t row, std::span<float> scores) {
    rules_.apply(rows_[row].ids, prompt_, scores);
    int32_t id = -1;
    if (options_.do_sample) {
      filter_scores(options_, scores);
      id = draw(scores, {options_.seed, number_ * 0x100000000 + row}, made(row));
    } else {
      const size_t best = likeliest_token(scores);
      if (std::isfinite(scores[best])) id = static_cast<int32_t>(best);
    }
    if (id >= 0 && options_.with_scores)
      rows_[row].score += static_cast<double>(scores[static_cast<size_t>(id)]) - log_sum_exp(scores);
    return id;
  }

  GenerationOptions options_;
  TokenRules rules_;
  size_t prompt_;
  uint64_t number_;
  std::vector<Row> rows_;
  std::vector<size_t> living_;  // rows that live, in the order of the logits
  int64_t steps_ = 0;
};

}  // namespace

std::unique_ptr<Search> make_greedy_search(const GenerationOptions& options, std::vector<int32_t> prompt) {
  return std::make_unique<RowSearch>(options, std::move(prompt), 0);
}

std::unique_ptr<Search> make_sampling_search(const GenerationOptions& options, std::vector<int32_t> prompt,
                                             uint64_t number) {
  return std::make_unique<RowSearch>(options, std::move(prompt), number);
}

}  // namespace thaw
