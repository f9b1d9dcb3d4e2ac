// SPDX-License-Identifier: Apache-2.0
// Beams. Each step joins the log probabilities of all rows, takes the best 2 K continuations of K beams (more where
// there are several end tokens), lets those that end compete with what has ended before, and goes on with the best K
// others.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <utility>

#include "models/generation/search.h"
#include "models/generation/token_rules.h"

namespace thaw {
namespace {

class BeamSearch : public Search {
 public:
  BeamSearch(const GenerationOptions& options, std::vector<int32_t> prompt)
      : options_(options), rules_(options), prompt_(prompt.size()) {
    beams_.push_back({std::move(prompt), 0});
  }

  std::vector<Continuation> advance(std::span<float> logits) override {
    ++length_;
    const std::vector<Candidate> candidates = best_candidates(logits);
    std::vector<Beam> going_on;
    std::vector<Continuation> next;
    const auto beams = static_cast<size_t>(options_.num_beams);
    for (size_t place = 0; place < candidates.size(); ++place) {
      const Candidate& candidate = candidates[place];
      if (ends(candidate.id)) {
        if (place < beams) finish(candidate);
      } else if (next.size() < beams) {
        going_on.push_back({longer(candidate), candidate.score});
        next.push_back({static_cast<int32_t>(candidate.beam), candidate.id});
      }
    }
    beams_ = std::move(going_on);
    if (beams_.empty() || is_done()) {
      beams_.clear();
      next.clear();
    }
    return next;
  }

  std::vector<Hypothesis> results() const override {
    const auto count = std::min(finished_.size(), static_cast<size_t>(options_.num_return_sequences));
    return {finished_.begin(), finished_.begin() + static_cast<ptrdiff_t>(count)};
  }

 private:
  struct Beam {
    std::vector<int32_t> ids;  // the prompt's first
    float score;               // sum of log probabilities, in f32 as the reference's: what is equal there is equal here
  };
  struct Candidate {
    float score;
    size_t beam;
    int32_t id;
  };

  // The best first; of equal ones that of the earlier beam, of the lower id.
  static bool is_better(const Candidate& a, const Candidate& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.beam != b.beam ? a.beam < b.beam : a.id < b.id;
  }

  bool ends(int32_t id) const {
    return length_ == options_.max_new_tokens || std::ranges::find(options_.end_ids, id) != options_.end_ids.end();
  }

  std::vector<int32_t> longer(const Candidate& candidate) const {
    std::vector<int32_t> ids = beams_[candidate.beam].ids;
    ids.push_back(candidate.id);
    return ids;
  }

  // One more for each way to end: that many beams may end at once, and as many still go on.
  std::vector<Candidate> best_candidates(std::span<float> logits) const {
    const size_t vocabulary = logits.size() / beams_.size();
    const size_t most = std::max<size_t>(2, 1 + options_.end_ids.size()) * static_cast<size_t>(options_.num_beams);
    std::vector<Candidate> heap;  // the worst on top
    for (size_t beam = 0; beam < beams_.size(); ++beam) {
      const std::span<float> scores = logits.subspan(beam * vocabulary, vocabulary);
      const double sum = log_sum_exp(scores);
      const auto log_probability = [sum](float logit) { return static_cast<float>(static_cast<double>(logit) - sum); };
      const bool has_rules = !rules_.empty();
      if (has_rules) {
        std::ranges::transform(scores, scores.begin(), log_probability);
        rules_.apply(beams_[beam].ids, prompt_, scores);
      }
      // Of most of a vocabulary it is enough to know that another, as great or greater, was too small.
      float too_small = -std::numeric_limits<float>::infinity();
      for (size_t id = 0; id < vocabulary; ++id) {
        const float score = scores[id];
        if (score <= too_small) continue;
        const Candidate candidate{beams_[beam].score + (has_rules ? score : log_probability(score)), beam,
                                  static_cast<int32_t>(id)};
        if (heap.size() == most && !is_better(candidate, heap.front())) {
          if (candidate.score < heap.front().score) too_small = score;
          continue;
        }
        if (!std::isfinite(candidate.score)) continue;
        if (heap.size() == most) {
          std::ranges::pop_heap(heap, is_better);
          heap.pop_back();
        }
        heap.push_back(candidate);
        std::ranges::push_heap(heap, is_better);
      }
    }
    std::ranges::sort(heap, is_better);
    return heap;
  }

  double judged(float score, int64_t length) const {
    return static_cast<double>(score) / std::pow(static_cast<double>(length), options_.length_penalty);
  }

  void finish(const Candidate& candidate) {
    std::vector<int32_t> ids = longer(candidate);
    ids.erase(ids.begin(), ids.begin() + static_cast<ptrdiff_t>(prompt_));
    const double score = judged(candidate.score, length_);
    // Behind those that are as good.
    const auto place =
        std::ranges::upper_bound(finished_, score, std::greater(), [](const Hypothesis& one) { return *one.score; });
    finished_.insert(place, {std::move(ids), score});
    if (std::ssize(finished_) > options_.num_beams) finished_.pop_back();
  }

  bool is_done() const {
    if (std::ssize(finished_) < options_.num_beams) return false;
    if (options_.early_stopping == EarlyStopping::yes) return true;
    const bool may_grow = options_.early_stopping == EarlyStopping::never && options_.length_penalty > 0;
    const double best = judged(beams_[0].score, may_grow ? options_.max_new_tokens : length_);
    return best <= *finished_.back().score;
  }

  GenerationOptions options_;
  TokenRules rules_;
  size_t prompt_;
  int64_t length_ = 0;  // new tokens of each row
  std::vector<Beam> beams_;
  std::vector<Hypothesis> finished_;
};

}  // namespace

std::unique_ptr<Search> make_beam_search(const GenerationOptions& options, std::vector<int32_t> prompt) {
  return std::make_unique<BeamSearch>(options, std::move(prompt));
}

}  // namespace thaw
