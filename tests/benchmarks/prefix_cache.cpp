// SPDX-License-Identifier: Apache-2.0
// Epochs of training a classifier of MiniLM's sizes with random weights, of which a part at the bottom is frozen: one
// that finds what that part gives for each text, in memory, one that computes it, and one that trains all of the model.
// AdamW, clipping, dropout .1.
//   benchmark_prefix_cache [--device cpu] [--texts 256] [--tokens 32] [--batch 16] [--epochs 3]
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "models/bert/classification.h"
#include "models/prefix/prefix_cache.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "tensor/backend.h"
#include "tests/benchmarks/measure.h"

using namespace thaw;

namespace {

struct Setting {
  const char* name;
  FreezeMask mask;
};

std::vector<Setting> settings() {
  FreezeMask half = FreezeMask::all_trained().freeze("bert.embeddings.*").freeze("bert.encoder.layer.[0-2].*");
  return {{"the head alone is trained", FreezeMask::all_frozen().train("classifier.*")},
          {"embeddings and half the layers are frozen", half}};
}

std::vector<Encoding> texts_of(int64_t count, int64_t length) {
  RandomStreams random(5);
  std::vector<Encoding> texts;
  for (int64_t b = 0; b < count; ++b) {
    const RandomKey key = random.take();
    Encoding& text = texts.emplace_back();
    const int64_t tokens = length / 2 + (b * 7) % (length + 1);  // half as long to one and a half times
    for (int64_t i = 0; i < tokens; ++i)
      text.ids.push_back(static_cast<int32_t>(random_words(key, static_cast<uint64_t>(i))[0] % 30000 + 100));
    text.type_ids.assign(text.ids.size(), 0);
  }
  return texts;
}

BertConfig config() {
  BertConfig config;
  config.hidden_size = 384;
  config.intermediate_size = 1536;
  config.num_hidden_layers = 6;
  config.labels = {"a", "b"};
  return config;
}

struct Training {
  Device device;
  ParameterStore store{device, DType::f32, 1};
  BertForSequenceClassification model{Scope(store), config()};
  AdamW optimizer;

  Training(Device where, const FreezeMask& mask)
      : device(where), optimizer(frozen(store, mask), {.weight_decay = 0.01}) {
    store.mode().training = true;
  }
  static ParameterStore& frozen(ParameterStore& store, const FreezeMask& mask) {
    mask.apply(store);
    return store;
  }
  FrozenPrefix prefix() const { return frozen_prefix(store, model.bert); }

  void epoch(const std::vector<Encoding>& texts, size_t batch, PrefixCache& cache) {
    for (size_t begin = 0; begin < texts.size(); begin += batch) {
      std::vector<const Encoding*> some;
      ClassificationTargets targets;
      for (size_t i = begin; i < std::min(begin + batch, texts.size()); ++i) {
        some.push_back(&texts[i]);
        targets.classes.push_back(static_cast<int32_t>(i % 2));
      }
      BertInput input = BertInput::from_encodings(some, device);
      input.below =
          states_below(some, prefix(), store, cache, [&](std::span<const Encoding* const> now, int64_t stages) {
            return model.bert.states(BertInput::from_encodings(now, device), stages);
          });
      const Variable loss = model.loss(model(input), targets);
      backward(loss);
      const GradientNorm norm = clip_gradients(store, 1);
      loss.value().to_host_later().get();
      optimizer.step(5e-5, norm.scale);
      optimizer.clear_gradients();
    }
    device.backend().synchronize();
  }
};

}  // namespace

int main(int argc, char** argv) try {
  const auto option = [&](const char* name, const char* otherwise) {
    return bench::option(argc, argv, name, otherwise);
  };
  const std::string name = option("device", "");
  const Device device = name.empty() ? Device::from_environment() : Device::open(name);
  const auto batch = static_cast<size_t>(std::stoi(option("batch", "16")));
  const std::vector<Encoding> texts = texts_of(std::stoi(option("texts", "256")), std::stoi(option("tokens", "32")));
  for (const Setting& setting : settings()) {
    Training part(device, setting.mask), all(device, FreezeMask::all_trained());
    PrefixCache computing(device, DType::f32, DType::f32), keeping(device, DType::f32, DType::f32);
    const KeptTexts kept = keeping.keep(pointers_to(texts), part.prefix(), 384 * 4, int64_t{1} << 40);
    part.epoch(texts, batch, keeping);  // the first one: computes and keeps
    bench::Timings whole, computed, found;
    for (int i = 0; i < std::stoi(option("epochs", "3")); ++i) {
      whole.run([&] { all.epoch(texts, batch, computing); });
      computed.run([&] { part.epoch(texts, batch, computing); });
      found.run([&] { part.epoch(texts, batch, keeping); });
    }
    const double later = found.times().middle, anew = computed.times().middle, full = whole.times().middle;
    fmt::print(
        "{} ({}; {} texts, {:.1f} MB kept): an epoch that finds it {:.4f} s, one that computes it {:.3f} s, {:.1f} "
        "times as long, one that trains all {:.3f} s, {:.1f} times as long\n",
        setting.name, device.name(), kept.kept, static_cast<double>(kept.bytes) / 1e6, later, anew, anew / later, full,
        full / later);
  }
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
