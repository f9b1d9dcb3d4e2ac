// SPDX-License-Identifier: Apache-2.0
// Training steps of a GPT-2 of the small public model's shape (124 M parameters) with random weights, all of them
// trained to say next tokens: AdamW, clipping, dropout .1. One setting a run, so that the peak memory is its own.
//   benchmark_training_gpt [--device cpu] [--steps 10] [--setting NAME] [--texts 4] [--tokens 256]
// Settings: full; checkpointed, each block computed again for its gradients; loss (no gradients).
#include <sys/resource.h>

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "models/gpt/language_model.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "tensor/backend.h"
#include "tensor/check.h"
#include "tests/benchmarks/measure.h"

using namespace thaw;

namespace {

std::vector<Encoding> texts_of(int64_t count, int64_t length, RandomStreams& random) {
  std::vector<Encoding> texts;
  for (int64_t b = 0; b < count; ++b) {
    const RandomKey key = random.take();
    Encoding& text = texts.emplace_back();
    for (int64_t i = 0; i < length; ++i)
      text.ids.push_back(static_cast<int32_t>(random_words(key, static_cast<uint64_t>(i))[0] % 50000));
  }
  return texts;
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
  check(setting == "full" || setting == "checkpointed" || setting == "loss",
        "--setting '{}': full, checkpointed or loss was expected", setting);
  const Device device = name.empty() ? Device::from_environment() : Device::open(name);
  const int64_t count = std::stoi(option("texts", "4")), tokens = std::stoi(option("tokens", "256"));

  const GptConfig config;
  ParameterStore store(device, DType::f32, 1);
  GptLMHeadModel model(Scope(store), config);
  model.transformer.checkpointing = setting == "checkpointed";
  AdamW optimizer(store, {.weight_decay = 0.01});
  RandomStreams random(5);
  store.mode().training = setting != "loss";

  bench::Timings timings;
  const int steps = std::stoi(option("steps", "10"));
  for (int i = -2; i < steps; ++i) {
    const GptInput text = GptInput::from_encodings(texts_of(count, tokens, random), device);
    const std::vector<int32_t> labels(text.ids.host().begin(), text.ids.host().end());
    const auto step = [&] {
      if (setting == "loss") {
        const NoGrad no_grad;
        model.loss(text, labels).value().item<float>();
        return;
      }
      const Variable loss = model.loss(text, labels);
      backward(loss);
      const GradientNorm norm = clip_gradients(store, 1);
      loss.value().to_host_later().get();
      optimizer.step(5e-5, norm.scale);
      optimizer.clear_gradients();
      device.backend().synchronize();
    };
    if (i < 0)
      step();
    else
      timings.run(step);
  }
  const bench::Times times = timings.times();
  fmt::print(
      "GPT-2 {}, {}, {} texts of {} tokens: step min {:.3f} s, median {:.3f} s; peak memory {:.0f} MB, of tensors "
      "{:.0f} MB\n",
      setting, device.name(), count, tokens, times.least, times.middle, peak_megabytes(),
      static_cast<double>(device.backend().memory().peak_bytes) / 1e6);
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
