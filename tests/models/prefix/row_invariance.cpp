// SPDX-License-Identifier: Apache-2.0
// What a frozen prefix gives for a text does not depend on the texts beside it, on their order, or on where a device
// tells rows apart, on its threads: to the bit.
#include "tests/models/prefix/row_invariance.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "autograd/tape.h"
#include "models/bert/bert.h"
#include "models/gpt/gpt.h"
#include "models/prefix/prefix_cache.h"
#include "models/t5/t5.h"
#include "nn/freeze/freeze_mask.h"

namespace thaw {
namespace {

std::vector<Encoding> texts_of(const std::vector<size_t>& lengths, std::mt19937& random) {
  std::vector<Encoding> texts;
  for (const size_t length : lengths) {
    Encoding& text = texts.emplace_back();
    for (size_t i = 0; i < length; ++i) text.ids.push_back(static_cast<int32_t>(random() % 100));
    text.type_ids.assign(length, 0);
  }
  return texts;
}

// Computes texts alone, then in shuffled batches of some sizes; gives what they give alone.
std::vector<float> check_invariance(const PrefixCache::Compute& compute, const FrozenPrefix& prefix,
                                    const Device& device, const std::vector<size_t>& lengths) {
  const NoGrad no_grad;
  std::mt19937 random(5);
  const std::vector<Encoding> texts = texts_of(lengths, random);
  const auto states = [&](std::span<const Encoding* const> some) {
    return compute_apart(some, prefix, device.backend().rows_are_independent(), compute).to_host<float>();
  };
  std::vector<std::vector<float>> alone;
  std::vector<float> all;
  for (const Encoding& text : texts) {
    alone.push_back(states(std::vector<const Encoding*>{&text}));
    all.insert(all.end(), alone.back().begin(), alone.back().end());
  }
  for (const size_t size : {2, 3, 64}) {
    std::vector<size_t> order(texts.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::shuffle(order, random);
    int64_t others = 0;
    for (size_t begin = 0; begin < order.size(); begin += size) {
      std::vector<const Encoding*> batch;
      std::vector<float> expected;
      for (size_t i = begin; i < std::min(order.size(), begin + size); ++i) {
        batch.push_back(&texts[order[i]]);
        expected.insert(expected.end(), alone[order[i]].begin(), alone[order[i]].end());
      }
      others += states(batch) != expected;
    }
    INFO("batches of ", size);
    CHECK(others == 0);
  }
  return all;
}

struct Sizes {
  int64_t channels, inner, heads;
};
const std::vector<size_t> many_lengths{1, 2, 3, 7, 8, 9, 16, 17, 31, 33, 48, 64, 65, 129};
const std::vector<size_t> few_lengths{1, 2, 3, 7, 16, 17, 33};

// Large sizes are for the device that trains on processors; others would take long.
std::vector<Sizes> sizes_for(const Device& device) {
  if (device.name() == "cpu") return {{384, 1536, 12}, {24, 44, 3}, {256, 1024, 4}};
  return {{24, 44, 3}};
}
const std::vector<size_t>& lengths_for(const Device& device) {
  return device.name() == "cpu" ? many_lengths : few_lengths;
}

template <typename Trunk, typename Input>
void check_trunk(const Trunk& trunk, const ParameterStore& store, const std::vector<size_t>& lengths,
                 std::vector<float>& all) {
  FrozenPrefix prefix = frozen_prefix(store, trunk);
  CHECK(prefix.stages == prefix.of);
  for (; prefix.stages > 0; --prefix.stages) {
    INFO(prefix.stages, " stages");
    const auto compute = [&](std::span<const Encoding* const> some) {
      return trunk.states(Input::from_encodings(some, store.device()), prefix.stages).value();
    };
    const std::vector<float> states = check_invariance(compute, prefix, store.device(), lengths);
    all.insert(all.end(), states.begin(), states.end());
  }
}

void check_bert(const Device& device, std::vector<float>& all) {
  for (const Sizes& sizes : sizes_for(device)) {
    BertConfig config;
    config.vocab_size = 100;
    config.hidden_size = sizes.channels;
    config.intermediate_size = sizes.inner;
    config.num_attention_heads = sizes.heads;
    config.num_hidden_layers = 2;
    ParameterStore store(device, DType::f32, 3);
    const Bert bert(Scope(store), config);
    FreezeMask::all_frozen().apply(store);
    INFO(sizes.channels, " channels");
    check_trunk<Bert, BertInput>(bert, store, lengths_for(device), all);
  }
}

void check_t5(const Device& device, std::vector<float>& all) {
  for (const Sizes& sizes : sizes_for(device)) {
    T5EncoderConfig config;
    config.vocab_size = 100;
    config.d_model = sizes.channels;
    config.d_ff = sizes.inner;
    config.num_heads = sizes.heads;
    config.d_kv = sizes.channels / sizes.heads;
    config.num_layers = 1;
    ParameterStore store(device, DType::f32, 3);
    const T5EncoderModel model(Scope(store), config);
    FreezeMask::all_frozen().apply(store);
    INFO(sizes.channels, " channels");
    check_trunk<T5Stack, PackedText>(model.encoder, store, lengths_for(device), all);
  }
}

void check_gpt(const Device& device, std::vector<float>& all) {
  for (const Sizes& sizes : sizes_for(device))
    for (const Gpt::Reads reads : {Gpt::Reads::all, Gpt::Reads::last}) {
      GptConfig config;
      config.vocab_size = 100;
      config.n_embd = sizes.channels;
      config.n_inner = sizes.inner;
      config.n_head = sizes.heads;
      config.n_layer = 2;
      config.pad_token_id = 3;
      ParameterStore store(device, DType::f32, 3);
      const Gpt gpt(Scope(store), config, reads);
      FreezeMask::all_frozen().apply(store);
      INFO(sizes.channels, " channels");
      check_trunk<Gpt, GptInput>(gpt, store, lengths_for(device), all);
    }
}

}  // namespace

std::vector<float> check_row_invariance(const Device& device) {
  std::vector<float> all;
  check_bert(device, all);
  check_t5(device, all);
  check_gpt(device, all);
  return all;
}

TEST_CASE("prefix invariance: what BERT, GPT and T5's encoder give for a text does not depend on the others") {
  CHECK_FALSE(check_row_invariance(Device::from_environment()).empty());
}

}  // namespace thaw
