// SPDX-License-Identifier: Apache-2.0
// Which example of which task is learnt when: rates of tasks (Raffel et al. 2020, 3.5.2), and draws by them.
#pragma once

#include <cstdint>
#include <vector>

namespace thaw {

// min(examples, cap)^(1 / temperature) of each task, as shares that sum to 1. cap 0: none. temperature 1: proportional
// to their examples; the larger, the more alike.
std::vector<double> mixture_rates(const std::vector<int64_t>& examples, int64_t cap, double temperature);
// Weights as such shares.
std::vector<double> shares_of(const std::vector<double>& weights);

struct MixtureDraw {
  int64_t task, example;
};

// Tasks are drawn for each place of an epoch by its rates, whatever came before; of a task its examples come in an
// order drawn anew for each pass through them, so that each is there once before one is there twice, across epochs,
// too. All of it depends on the arguments and the epoch alone.
class MixtureDraws {
 public:
  MixtureDraws(std::vector<int64_t> examples, std::vector<double> rates, int64_t per_epoch, uint64_t seed);

  const std::vector<MixtureDraw>& of_epoch(int64_t epoch);
  const std::vector<double>& rates() const { return rates_; }

 private:
  int64_t drawn_task(int64_t epoch, int64_t place) const;
  int64_t drawn_example(int64_t task, int64_t number);  // of the number-th draw of a task

  struct Pass {
    int64_t number = -1;
    std::vector<int64_t> order;
  };
  std::vector<int64_t> examples_;
  std::vector<double> rates_;
  std::vector<double> ends_;  // of each task's part of [0, 1)
  int64_t per_epoch_;
  uint64_t seed_;
  int64_t counted_ = 0;          // epochs in counts_
  std::vector<int64_t> counts_;  // draws of each task in them
  std::vector<Pass> passes_;     // of each task, the last that was asked for
  int64_t epoch_ = -1;
  std::vector<MixtureDraw> draws_;  // of that epoch
};

}  // namespace thaw
