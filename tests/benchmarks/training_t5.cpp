// SPDX-License-Identifier: Apache-2.0
// Training steps of a T5 of t5-small's shape with random weights: AdamW, clipping, dropout .1. One setting a run, so
// that the peak memory is its own.
//   benchmark_training_t5 [--device cpu] [--steps 10] [--setting NAME] [--texts 16] [--tokens 64] [--labels 32]
// Settings: full, encoder_frozen (words too), encoder_kept (frozen, and what it gives for the texts kept, as from the
// second epoch on: turn by turn with steps that compute it), loss (no gradients).
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/prefix/prefix_cache.h"
#include "models/t5/t5.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "tensor/backend.h"
#include "tensor/check.h"
#include "tests/benchmarks/measure.h"

using namespace thaw;

namespace {

std::vector<std::vector<int32_t>> texts_of(int64_t count, int64_t length, RandomStreams& random) {
  std::vector<std::vector<int32_t>> texts;
  for (int64_t b = 0; b < count; ++b) {
    const RandomKey key = random.take();
    std::vector<int32_t>& text = texts.emplace_back();
    for (int64_t i = 0; i < length; ++i)
      text.push_back(static_cast<int32_t>(random_words(key, static_cast<uint64_t>(i))[0] % 32000 + 100));
  }
  return texts;
}

std::vector<Encoding> encoded(const std::vector<std::vector<int32_t>>& texts) {
  std::vector<Encoding> encodings;
  for (const std::vector<int32_t>& ids : texts) encodings.emplace_back().ids = ids;
  return encodings;
}

FreezeMask freeze_for(const std::string& setting) {
  FreezeMask mask = FreezeMask::all_trained();
  if (setting.starts_with("encoder_")) mask.freeze("encoder.*").freeze("shared.weight");
  return mask;
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

}  // namespace

int main(int argc, char** argv) try {
  const auto option = [&](const char* name, const char* otherwise) {
    return bench::option(argc, argv, name, otherwise);
  };
  const std::string name = option("device", ""), setting = option("setting", "full");
  check(setting == "full" || setting == "encoder_frozen" || setting == "encoder_kept" || setting == "loss",
        "--setting '{}': full, encoder_frozen, encoder_kept or loss was expected", setting);
  const Device device = name.empty() ? Device::from_environment() : Device::open(name);
  const int64_t count = std::stoi(option("texts", "16")), tokens = std::stoi(option("tokens", "64")),
                labels = std::stoi(option("labels", "32"));

  const T5Config config;  // t5-small's sizes
  ParameterStore store(device, DType::f32, 1);
  const T5ForConditionalGeneration model(Scope(store), config);
  freeze_for(setting).apply(store);
  AdamW optimizer(store, {.weight_decay = 0.01});
  RandomStreams random(5);
  store.mode().training = setting != "loss";

  using MakeMemory = std::function<EncoderMemory()>;
  const auto step = [&](const MakeMemory& memory, const DecoderTargets& targets) {
    if (setting == "loss") {
      const NoGrad no_grad;
      model.lm_head.loss(model.model.decoder(targets.read, memory()), targets.labels).value().item<float>();
      return;
    }
    const Variable loss = model.lm_head.loss(model.model.decoder(targets.read, memory()), targets.labels);
    backward(loss);
    const GradientNorm norm = clip_gradients(store, 1);
    loss.value().to_host_later().get();
    optimizer.step(5e-5, norm.scale);
    optimizer.clear_gradients();
    device.backend().synchronize();
  };
  bench::Timings timings, computed_anew;
  PrefixCache kept(device, DType::f32, DType::f32);
  const int steps = std::stoi(option("steps", "10"));
  for (int i = -2; i < steps; ++i) {
    const std::vector<Encoding> texts = encoded(texts_of(count, tokens, random));
    const std::vector<const Encoding*> batch = pointers_to(texts);
    const PackedText sources = PackedText::from_encodings(batch, device);
    const DecoderTargets targets = DecoderTargets::from_labels(texts_of(count, labels, random), config, device);
    const MakeMemory computed = [&] { return model.model.encode(sources); };
    const FrozenPrefix prefix = frozen_prefix(store, model.model.encoder);
    const MakeMemory looked_up = [&] {
      PackedText text = sources;
      text.below = states_below(batch, prefix, store, kept, [&](std::span<const Encoding* const> some, int64_t stages) {
        return model.model.encoder.states(PackedText::from_encodings(some, device), stages);
      });
      return model.model.encode(text);
    };
    const bool keeps = setting == "encoder_kept";
    if (keeps) {
      kept.keep(batch, prefix, config.d_model * static_cast<int64_t>(sizeof(float)), int64_t{1} << 40);
      looked_up();
    }
    if (i < 0) {
      step(computed, targets);
      continue;
    }
    timings.run([&] { step(keeps ? looked_up : computed, targets); });
    if (keeps) computed_anew.run([&] { step(computed, targets); });
  }
  const bench::Times times = timings.times();
  fmt::print(
      "T5 {:<14} {}, {} texts of {} tokens, {} labels: step min {:.3f} s, median {:.3f} s; peak memory {:.0f} MB, of "
      "tensors {:.0f} MB\n",
      setting, device.name(), count, tokens, labels, times.least, times.middle, peak_megabytes(),
      static_cast<double>(device.backend().memory().peak_bytes) / 1e6);
  if (setting == "encoder_kept") {
    const double anew = computed_anew.times().middle;
    fmt::print("with the encoder computed in each step: median {:.3f} s, {:.2f} times as long\n", anew,
               anew / times.middle);
  }
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
