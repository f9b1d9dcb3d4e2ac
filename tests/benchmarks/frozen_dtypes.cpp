// SPDX-License-Identifier: Apache-2.0
// Training steps of LoRA on a frozen base in f32, bf16 and int8: their times, taken in turns, and the memory that each
// needs: weights, what a step has at most, and the copies of frozen weights that the cpu device makes.
#include <array>
#include <cstdio>
#include <memory>

#include "backends/shared/config.h"
#include "models/bert/classification.h"
#include "nn/freeze/compress_frozen.h"
#include "nn/optim/adamw.h"
#include "tests/benchmarks/benchmark.h"
#include "tests/benchmarks/measure.h"
#if THAW_CPU
#include "backends/cpu/gemm.h"
#endif

namespace thaw::benchmarks {
namespace {

struct Batch {
  int64_t texts, tokens;  // of each
};

std::vector<Encoding> texts_of(const BertConfig& config, const Batch& batch) {
  std::vector<Encoding> all(static_cast<size_t>(batch.texts));
  for (size_t b = 0; b < all.size(); ++b)
    for (int64_t t = 0; t < batch.tokens; ++t) {
      all[b].ids.push_back(static_cast<int32_t>((t * 7919 + static_cast<int64_t>(b) * 104729) % config.vocab_size));
      all[b].type_ids.push_back(0);
    }
  return all;
}

uint64_t packed_bytes() {
#if THAW_CPU
  return cpu::packed_bytes();
#else
  return 0;
#endif
}

class Tuned {
 public:
  Tuned(const BertConfig& config, FrozenDType dtype, const Batch& batch, Device device)
      : memory_(device.backend().memory()),
        before_(memory_.live_bytes),
        packed_before_(packed_bytes()),
        store_(device, DType::f32, 1),
        model_(Scope(store_), config),
        input_(BertInput::from_encodings(texts_of(config, batch), device)),
        labels_(static_cast<size_t>(batch.texts), 1) {
    FreezeMask::parse("lora r=8\ntrain classifier.*", "benchmark").apply(store_);
    compress_weights(store_, compressible_weights(store_), dtype);
    weights_ = memory_.live_bytes - before_;
    optimizer_ = std::make_unique<AdamW>(store_);
    store_.mode().training = true;
    memory_.reset_peak();
    step();
    step();
    peak_ = memory_.peak_bytes - before_;
    packed_ = packed_bytes() - packed_before_;
  }

  void step() {
    const Variable loss = model_.loss(model_(input_), {labels_, {}});
    backward(loss);
    optimizer_->step(1e-4);
    optimizer_->clear_gradients();
    store_.device().backend().synchronize();
  }

  bench::Timings timings;
  double weights() const { return static_cast<double>(weights_) / 1e6; }
  double peak() const { return static_cast<double>(peak_) / 1e6; }
  double packed() const { return static_cast<double>(packed_) / 1e6; }

 private:
  MemoryStats& memory_;
  const uint64_t before_, packed_before_;
  ParameterStore store_;
  BertForSequenceClassification model_;
  BertInput input_;
  std::vector<int32_t> labels_;
  std::unique_ptr<Optimizer> optimizer_;
  uint64_t weights_ = 0, peak_ = 0, packed_ = 0;
};

void measure(const char* name, const BertConfig& config, const Batch& batch, Device device) {
  constexpr std::array dtypes{FrozenDType::f32, FrozenDType::bf16, FrozenDType::int8};
  std::vector<std::unique_ptr<Tuned>> all;
  for (const FrozenDType dtype : dtypes) all.push_back(std::make_unique<Tuned>(config, dtype, batch, device));
  for (int round = 0; round < 9; ++round)
    for (const auto& tuned : all) tuned->timings.run([&] { tuned->step(); });
  fmt::print("{}, {} texts of {} tokens\n", name, batch.texts, batch.tokens);
  fmt::print("  {:<6}{:>12}{:>8}{:>13}{:>12}{:>12}{:>8}\n", "base", "step, ms", "", "weights, MB", "packed", "in all",
             "");
  const auto in_all = [](const Tuned& tuned) { return tuned.peak() + tuned.packed(); };
  for (size_t i = 0; i < all.size(); ++i) {
    const Tuned &tuned = *all[i], &whole = *all[0];
    const double least = tuned.timings.times().least;
    fmt::print("  {:<6}{:>12.1f}{:>8.3f}{:>13.1f}{:>12.1f}{:>12.1f}{:>8.3f}\n", name_of(dtypes[i]), 1e3 * least,
               least / whole.timings.times().least, tuned.weights(), tuned.packed(), in_all(tuned),
               in_all(tuned) / in_all(whole));
  }
  std::fflush(stdout);
}

BertConfig sizes(int64_t hidden, int64_t layers, int64_t inner) {
  BertConfig config;
  config.hidden_size = hidden;
  config.num_hidden_layers = layers;
  config.intermediate_size = inner;
  config.num_attention_heads = 12;
  return config;
}

}  // namespace

void frozen_dtypes(Device device) {
  fmt::print("\n{}\n", frozen_dtypes_name);
  for (const Batch& batch : {Batch{16, 32}, Batch{16, 128}}) measure("MiniLM", sizes(384, 6, 1536), batch, device);
  for (const Batch& batch : {Batch{4, 32}, Batch{8, 64}}) measure("BERT-base", sizes(768, 12, 3072), batch, device);
}

}  // namespace thaw::benchmarks
