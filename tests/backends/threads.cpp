// SPDX-License-Identifier: Apache-2.0
// What threads may do at once: two train models of their own while two run a third without gradients, and each gets bit
// for bit what it gets alone.
#include <doctest/doctest.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "autograd/functions.h"
#include "models/bert/classification.h"
#include "nn/optim/adamw.h"
#include "nn/parameter.h"
#include "nn/scope.h"
#include "tensor/counters.h"
#include "tensor/device.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"

using namespace thaw;

namespace {

// Some of the time alone, some of it beside others: enough rounds that they meet.
constexpr int64_t rounds = 6;

BertConfig config_of(uint64_t seed) {
  BertConfig config = small_bert_config();
  config.labels = {"a", "b", "c"};
  config.hidden_dropout_prob = 0.2;
  config.attention_probs_dropout_prob = 0.1;
  config.hidden_size = seed == 1 ? 16 : 48;
  return config;
}

struct Classifier {
  BertConfig config;
  ParameterStore store;
  BertForSequenceClassification model;

  Classifier(Device device, uint64_t seed)
      : config(config_of(seed)), store(device, DType::f32, seed), model(Scope(store), config) {
    randomise(store);
  }
  BertInput batch(int64_t round) const {
    return small_batch(config, {7, 3, static_cast<int32_t>(2 + round), 12}, store.device(),
                       static_cast<uint64_t>(round));
  }
};

// A training from the first weights: the losses, and then the numbers of a classifier's weight.
std::vector<float> trained(Device device, uint64_t seed) {
  Classifier c(device, seed);
  c.store.mode().training = true;
  c.store.mode().random = RandomStreams(seed);
  AdamW optimizer(c.store);
  std::vector<float> numbers;
  for (int64_t round = 0; round < rounds; ++round) {
    const Variable loss = cross_entropy(c.model(c.batch(round)), Indices({0, 2, 1, 2}, device));
    backward(loss);
    optimizer.step(1e-3);
    optimizer.clear_gradients();
    numbers.push_back(loss.value().item());
  }
  for (const float x : c.model.classifier.weight.value().to_host<float>()) numbers.push_back(x);
  return numbers;
}

// The logits of some batches, without gradients.
std::vector<float> predicted(const Classifier& c) {
  const NoGrad no_grad;
  std::vector<float> numbers;
  for (int64_t round = 0; round < 3 * rounds; ++round)
    for (const float x : c.model(c.batch(round % rounds)).value().to_host<float>()) numbers.push_back(x);
  return numbers;
}

// All of them at once, each in a thread of its own.
std::vector<std::vector<float>> at_once(const std::vector<std::function<std::vector<float>()>>& all) {
  std::vector<std::vector<float>> results(all.size());
  std::vector<std::exception_ptr> errors(all.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < all.size(); ++i)
    threads.emplace_back([&, i] {
      try {
        results[i] = all[i]();
      } catch (...) {
        errors[i] = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
  return results;
}

}  // namespace

TEST_CASE("threads: two train and two predict at once, each as if alone") {
  std::vector<std::string> names{"reference"};
  if (Device::open("").name() == "cpu") names.push_back("cpu");
  for (const std::string& name : names) {
    CAPTURE(name);
    const Device device = Device::open(name);
    const Classifier shared(device, 3);
    const std::function<std::vector<float>()> one = [&] { return trained(device, 1); };
    const std::function<std::vector<float>()> other = [&] { return trained(device, 2); };
    const std::function<std::vector<float>()> predict = [&] { return predicted(shared); };
    // At once first: then what each product needs is made by several threads at a time, too.
    const auto together = at_once({one, other, predict, predict});
    CHECK(together[0] == one());
    CHECK(together[1] == other());
    const std::vector<float> alone = predict();
    CHECK(together[2] == alone);
    CHECK(together[3] == alone);
    CHECK(together[0] != together[1]);
  }
}

TEST_CASE("threads: what is recorded and counted is a thread's own") {
  const Device device = Device::open("reference");
  const Variable x = Variable::leaf(Tensor::full({3}, 2, DType::f32, device));
  const NoGrad no_grad;
  const uint64_t launches = counters().launches;
  bool enabled = false, tracked = false;
  uint64_t others = 0;
  std::thread([&] {
    enabled = grad_enabled();
    tracked = square(x).tracked();
    const NoGrad here;
    others = counters().launches;
  }).join();
  CHECK(enabled);
  CHECK(tracked);
  CHECK(others == 1);
  CHECK_FALSE(grad_enabled());
  CHECK(counters().launches == launches);
  CHECK(x.value().backend().memory().live_bytes > 0);  // of the device, not of a thread
}
