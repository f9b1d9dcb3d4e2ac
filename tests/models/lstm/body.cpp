// SPDX-License-Identifier: Apache-2.0
// An LSTM in the place of a frozen transformer's body: the module itself, trained whole, saved and opened again.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "models/fresh_model.h"
#include "models/frozen_transformer/opened.h"
#include "models/packed_text.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/lstm.h"
#include "nn/optim/adamw.h"
#include "tensor/counters.h"
#include "tensor/dry_device.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr int64_t numbers_of_a_row = 3, hidden = 8;

FrozenTransformerOptions options() { return {.shape = {.inputs = numbers_of_a_row, .outputs = 2, .read = 1}}; }

std::string fresh_directory(const ScratchFolder& folder) {
  const std::string directory = folder / "lstm";
  std::filesystem::create_directory(directory);
  write_fresh_model(directory, "lstm", {.layers = 2, .hidden_size = hidden}, Device::open("reference"), 5);
  return directory;
}

std::vector<Encoding> some_sequences() {
  std::vector<Encoding> all;
  for (const int64_t rows : {2, 5, 3}) {
    std::vector<float> numbers;
    for (int64_t i = 0; i < rows * numbers_of_a_row; ++i) numbers.push_back(std::sin(static_cast<float>(i + 7 * rows)));
    all.push_back(sequence_of_numbers(numbers, numbers_of_a_row));
  }
  return all;
}

}  // namespace

TEST_CASE("lstm body: what the module gives for the input layer's rows") {
  const ScratchFolder folder;
  const Device device = Device::from_environment();
  OpenedFrozenTransformer opened(fresh_directory(folder), options(), device);
  CHECK(opened.width() == hidden);
  CHECK(opened.report().initialised ==
        std::vector<std::string>{"in_net.0.weight", "in_net.0.bias", "out_net.0.weight", "out_net.0.bias"});
  const std::vector<Encoding> sequences = some_sequences();
  const SequenceBatch batch = opened.batch_of(pointers_to(sequences));

  ParameterStore store(device);
  const Lstm alone(Scope(store), LstmOptions::of_lu(hidden, hidden, 2));
  for (const Parameter& parameter : store.all())
    parameter.value().copy_from(opened.store().find("sequence_model." + parameter.name()).value());
  const ParameterStore& in = opened.store();
  const Variable rows =
      linear(batch.numbers, in.find("in_net.0.weight").variable(), in.find("in_net.0.bias").variable());
  const std::vector<float> expected = alone(rows, batch.segments).value().to_host<float>();
  CHECK(opened.model().last_hidden(batch).value().to_host<float>() == expected);
  CHECK(opened(pointers_to(sequences)).shape() == Shape{3, 2});
  CHECK_FALSE(opened.frozen_prefix().any());
}

TEST_CASE("lstm body: trained whole, saved as a model of its own or as a change, and opened again") {
  const ScratchFolder folder;
  const Device device = Device::from_environment();
  const std::string directory = fresh_directory(folder);
  OpenedFrozenTransformer opened(directory, options(), device);
  FreezeMask::parse("train *", "rules").apply(opened.store());
  const std::vector<Encoding> sequences = some_sequences();
  const Indices answers({1, 0, 1}, device);
  AdamW adam(opened.store(), {.weight_decay = 0});
  std::vector<float> losses;
  for (int step = 0; step < 20; ++step) {
    const TrainingMode training(opened.store().mode());
    adam.clear_gradients();
    const Variable loss = cross_entropy(opened(pointers_to(sequences)), answers);
    backward(loss);
    for (const Parameter& parameter : opened.store().all()) CHECK(parameter.variable().grad().defined());
    adam.step(3e-2);
    losses.push_back(loss.item());
  }
  CHECK(losses.back() < 0.5f * losses.front());

  const std::vector<float> given = opened(pointers_to(sequences)).value().to_host<float>();
  opened.save(folder / "whole");
  const OpenedFrozenTransformer again(folder / "whole", options(), device, DType::f32, 1, {}, FirstWeights::checkpoint,
                                      true);
  CHECK(again(pointers_to(sequences)).value().to_host<float>() == given);
}

TEST_CASE("lstm body: the usual rules train all of it; checkpointing changes no number") {
  const ScratchFolder folder;
  OpenedFrozenTransformer opened(fresh_directory(folder), options(), Device::from_environment());
  FreezeMask::parse(opened.model().usual_rules(5), "rules").apply(opened.store());
  CHECK(opened.store().find("sequence_model.norm_c_l1.weight").frozen() == false);
  CHECK(opened.store().trained().size() == opened.store().all().size());
  for (const std::string& pattern : opened.model().body().norms())
    FreezeMask::parse("freeze *\ntrain " + pattern, "rules").apply(opened.store());
  CHECK(opened.store().trained().size() == 2 * 6);
  const std::vector<Encoding> sequences = some_sequences();
  const auto gradient = [&] {
    const Parameter norm = opened.store().find("sequence_model.norm_ih_l0.weight");
    norm.variable().clear_grad();
    backward(sum_all(opened(pointers_to(sequences))));
    return norm.variable().grad().to_host<float>();
  };
  const std::vector<float> plain = gradient();
  opened.set_checkpointing(true);
  CHECK(gradient() == plain);
}

TEST_CASE("lstm body: a dry run counts the arithmetic of a step") {
  const ScratchFolder folder;
  OpenedFrozenTransformer opened(fresh_directory(folder), options(), Device::from_environment());
  FreezeMask::parse(opened.model().usual_rules(5), "rules").apply(opened.store());
  DryDevice dry;
  OpenedFrozenTransformer twin(opened, dry.device());
  FreezeMask::parse(opened.model().usual_rules(5), "rules").apply(twin.store());
  const std::vector<Encoding> sequences = some_sequences();
  const auto flops_of = [&](const OpenedFrozenTransformer& model) {
    counters() = {};
    backward(sum_all(model(pointers_to(sequences))));
    return counters().flops;
  };
  const double expected = flops_of(opened);
  CHECK(expected > 0);
  CHECK(flops_of(twin) == expected);
  CHECK(dry.flops() == expected);
}
