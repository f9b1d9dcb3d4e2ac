// SPDX-License-Identifier: Apache-2.0
// What is asked of freezing and of checkpointing in every family of encoders.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nn/freeze/freeze_mask.h"
#include "nn/parameter.h"
#include "tensor/backend.h"
#include "tensor/counters.h"

namespace thaw {

// Since counters() were set to zero.
inline uint64_t launched(const std::string& name) {
  const auto& all = counters().by_name;
  const auto found = all.find(name);
  return found == all.end() ? 0 : found->second;
}

// A small model that is trained; a family adds a batch and its loss().
template <typename Small>
struct TrainingStep : Small {
  template <typename Config>
  explicit TrainingStep(const Config& of) : Small(of) {
    this->store.mode().training = true;
  }

  uint64_t live() const { return this->device.backend().memory().live_bytes; }
  // That what is trained has a gradient, and nothing else; takes them away.
  void check_gradients() const {
    for (const Parameter& p : this->store.all()) {
      INFO(p.name());
      CHECK(p.variable().grad().defined() == !p.frozen());
      if (!p.frozen()) p.variable().clear_grad();
    }
  }
};

// With all frozen, forward() in training launches what it does where nothing is recorded.
template <typename Step, typename Forward>
void check_frozen_as_inference(Step& step, const Forward& forward) {
  FreezeMask::all_frozen().apply(step.store);
  counters() = {};
  {
    const NoGrad no_grad;
    forward();
  }
  const auto inference = counters().by_name;
  counters() = {};
  forward();
  CHECK(counters().by_name == inference);
}

// Of the states that hidden() gives, from below, `frozen` are in training as in evaluation, and those above are not.
template <typename Step, typename Hidden>
void check_dropout_above(Step& step, size_t frozen, size_t states, const Hidden& hidden) {
  const auto in = [&](bool training) {
    step.store.mode().training = training;
    return hidden();
  };
  const std::vector<Variable> training = in(true), evaluation = in(false);
  REQUIRE(training.size() == states);
  for (size_t i = 0; i < states; ++i) {
    INFO("hidden state " << i);
    CHECK((training[i].value().to_bytes() == evaluation[i].value().to_bytes()) == (i < frozen));
  }
}

// CHECKs that the step's gradients are the same bits with checkpointing, which set(bool) sets. What it keeps then, as a
// part of what it keeps without.
template <typename Step, typename Set>
double kept_by_checkpointing(Step& step, const FreezeMask& mask, const Set& set) {
  const auto run = [&](bool on) {
    set(on);
    mask.apply(step.store);
    step.store.mode().random.set_position(0);
    const uint64_t before = step.live();
    const Variable loss = step.loss();
    const uint64_t kept = step.live() - before;
    backward(loss);
    std::map<std::string, std::vector<std::byte>> gradients;
    for (const Parameter& p : step.store.trained()) {
      gradients[p.name()] = p.variable().grad().to_bytes();
      p.variable().clear_grad();
    }
    return std::pair{gradients, static_cast<double>(kept)};
  };
  const auto plain = run(false), again = run(true);
  CHECK(plain.first == again.first);
  return again.second / plain.second;
}

}  // namespace thaw
