// SPDX-License-Identifier: Apache-2.0
// Training steps of a BERT with random weights: AdamW, clipping, dropout .1, ten classes. One setting a run, so that
// the peak memory is its own.
//   benchmark_training [--device cpu] [--steps 10] [--setting NAME] [--shape NAME] [--type f32] [--texts 16]
//                      [--tokens 128]
// Settings: full, half (embeddings and lower three layers frozen), head (classifier only), lora (on queries and values,
// rank 8, with the classifier), dora, ia3, bitfit, lengths (full, texts of realistic lengths of at most --tokens),
// inference. Shapes: minilm (6 layers of 384 channels, 12 heads), bert-base (12 of 768). Type: what parameters are held
// in.
#include <sys/resource.h>

#include <cmath>
#include <exception>
#include <string>

#include "models/bert/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "tensor/backend.h"
#include "tensor/check.h"
#include "tests/benchmarks/measure.h"

using namespace thaw;

namespace {

struct Wanted {
  std::string setting, shape;
  DType type = DType::f32;
  int steps = 10;
  size_t texts = 16;
  int32_t tokens = 128;
  Device device;
};

DType type_named(const std::string& name) {
  for (const DType type : {DType::f32, DType::bf16, DType::f16})
    if (name_of(type) == name) return type;
  check(false, "--type '{}': f32, bf16 or f16 was expected", name);
  return DType::f32;
}

BertConfig config_of(const std::string& shape) {
  BertConfig config;  // BERT-base
  check(shape == "minilm" || shape == "bert-base", "--shape '{}': minilm or bert-base was expected", shape);
  if (shape == "minilm") {
    config.hidden_size = 384;
    config.num_hidden_layers = 6;
    config.intermediate_size = 1536;
  }
  for (int i = 0; i < 10; ++i) config.labels.push_back(std::to_string(i));
  return config;
}

// Log-normal with median 40, cut to [5, longest]: as the descriptions of packages are.
int32_t drawn_length(RandomStreams& random, int32_t longest) {
  const auto words = random_words(random.take(), 0);
  const double u = (words[0] + 0.5) * 0x1p-32, v = (words[1] + 0.5) * 0x1p-32;
  const double normal = std::sqrt(-2 * std::log(u)) * std::cos(2 * M_PI * v);
  return static_cast<int32_t>(std::clamp(40 * std::exp(0.6 * normal), 5.0, static_cast<double>(std::max(5, longest))));
}

FreezeMask freeze_for(const std::string& setting) {
  FreezeMask mask = FreezeMask::all_trained();
  if (setting == "half") {
    mask.freeze("bert.embeddings.*");
    for (int i = 0; i < 3; ++i) mask.freeze(fmt::format("bert.encoder.layer.{}.*", i));
  }
  if (setting == "lora") mask = FreezeMask().lora("");
  if (setting == "dora") mask = FreezeMask().lora("", {.magnitudes = true});
  if (setting == "ia3") mask = FreezeMask().ia3("");
  if (setting == "bitfit") mask = FreezeMask::all_frozen().train("bert.*.bias").train("classifier.*");
  return setting == "head" ? FreezeMask::all_frozen().train("classifier.*") : mask;
}

BertInput make_batch(RandomStreams& random, const Wanted& wanted) {
  std::vector<Encoding> texts(wanted.texts);
  for (Encoding& text : texts) {
    const int32_t length = wanted.setting == "lengths" ? drawn_length(random, wanted.tokens) : wanted.tokens;
    const RandomKey key = random.take();
    for (int32_t i = 0; i < length; ++i)
      text.ids.push_back(static_cast<int32_t>(random_words(key, static_cast<uint64_t>(i))[0] % 30000 + 100));
    text.type_ids.assign(text.ids.size(), 0);
  }
  return BertInput::from_encodings(texts, wanted.device);
}

rusage usage_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

double peak_megabytes() { return static_cast<double>(usage_now().ru_maxrss) * 1024 / 1e6; }

// Processor time of all threads, in seconds: what a machine that is busy with other work does not blur.
double processor_seconds() {
  const rusage usage = usage_now();
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Result {
  bench::Times step;
  double tokens_per_second = 0;
  double processor = 0;  // seconds a step, of all threads
};

Result run_steps(const Wanted& wanted) {
  const bool infers = wanted.setting == "inference";
  ParameterStore store(wanted.device, wanted.type, 1);
  const BertForSequenceClassification model(Scope(store), config_of(wanted.shape));
  freeze_for(wanted.setting).apply(store);
  AdamW optimizer(store, {.weight_decay = 0.01});
  RandomStreams random(5);
  store.mode().random = RandomStreams(7);
  store.mode().training = !infers;
  ClassificationTargets targets;
  for (size_t b = 0; b < wanted.texts; ++b) targets.classes.push_back(static_cast<int32_t>(b % 10));

  const auto step = [&](const BertInput& text) {
    if (infers) {
      const NoGrad no_grad;
      model(text).value().to_host<float>();
      return;
    }
    const Variable loss = model.loss(model(text), targets);
    backward(loss);
    const GradientNorm norm = clip_gradients(store, 1);
    loss.value().to_host_later().get();
    optimizer.step(5e-5, norm.scale);
    optimizer.clear_gradients();
    wanted.device.backend().synchronize();
  };
  for (int i = 0; i < 2; ++i) step(make_batch(random, wanted));
  int64_t tokens = 0;
  double processor = 0;
  bench::Timings timings;
  for (int i = 0; i < wanted.steps; ++i) {
    const BertInput text = make_batch(random, wanted);
    tokens += text.total();
    const double before = processor_seconds();
    timings.run([&] { step(text); });
    processor += processor_seconds() - before;
  }
  return {timings.times(), static_cast<double>(tokens) / timings.total(), processor / wanted.steps};
}

}  // namespace

int main(int argc, char** argv) try {
  const auto option = [&](const char* name, const char* otherwise) {
    return bench::option(argc, argv, name, otherwise);
  };
  const std::string name = option("device", "");
  const Wanted wanted{option("setting", "full"),
                      option("shape", "minilm"),
                      type_named(option("type", "f32")),
                      std::stoi(option("steps", "10")),
                      static_cast<size_t>(std::stoi(option("texts", "16"))),
                      std::stoi(option("tokens", "128")),
                      name.empty() ? Device::from_environment() : Device::open(name)};
  const Result result = run_steps(wanted);
  fmt::print(
      "{:<10} {}: step min {:.3f} s, median {:.3f} s, processor time {:.3f} s; {:.0f} tokens/s; peak memory {:.0f} MB, "
      "of tensors {:.0f} MB\n",
      wanted.setting, wanted.device.name(), result.step.least, result.step.middle, result.processor,
      result.tokens_per_second, peak_megabytes(),
      static_cast<double>(wanted.device.backend().memory().peak_bytes) / 1e6);
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
