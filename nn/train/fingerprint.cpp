// SPDX-License-Identifier: Apache-2.0
// Options as text, and checksums.
#include "nn/train/fingerprint.h"

#include <fmt/format.h>

#include "nn/train/crc32c.h"

namespace thaw {
namespace {

std::string trained_parameters(const ParameterStore& store) {
  std::string lines;
  for (const Parameter& p : store.trained()) {
    const auto [begin, end] = p.trained_rows().value_or(std::pair<int64_t, int64_t>{0, -1});
    lines += fmt::format("{} {} {}:{}\n", p.name(), p.value().shape(), begin, end);
  }
  return lines;
}

}  // namespace

Fingerprint run_fingerprint(const TrainingOptions& o, const ParameterStore& store, std::span<const int64_t> lengths,
                            int64_t total_steps) {
  const std::string_view length_bytes(reinterpret_cast<const char*>(lengths.data()), lengths.size_bytes());
  const auto text = [](const auto& value) { return fmt::format("{}", value); };
  return {{"adam_beta1", text(o.adam_beta1)},
          {"adam_beta2", text(o.adam_beta2)},
          {"adam_epsilon", text(o.adam_epsilon)},
          {"batch_size", text(o.batches.batch_size)},
          {"batch_tokens", text(o.batches.batch_tokens)},
          {"bucket_steps", text(o.batches.bucket_steps)},
          {"drop_last", text(o.batches.drop_last)},
          {"examples", fmt::format("{} (checksum of their lengths {:08x})", lengths.size(), crc32c(length_bytes))},
          {"gradient_accumulation_steps", text(o.batches.accumulation)},
          {"learning_rate", text(o.learning_rate)},
          {"lr_scheduler_type", o.lr_scheduler_type},
          {"max_grad_norm", text(o.max_grad_norm)},
          {"seed", text(o.seed)},
          {"skip_nonfinite_steps", text(o.skip_nonfinite_steps)},
          {"steps", text(total_steps)},
          {"trained parameters", fmt::format("{} (checksum of their names {:08x})", store.trained().size(),
                                             crc32c(trained_parameters(store)))},
          {"warmup_ratio", text(o.warmup_ratio)},
          {"warmup_steps", text(o.warmup_steps)},
          {"weight_decay", text(o.weight_decay)}};
}

std::string fingerprint_difference(const Fingerprint& then, const Fingerprint& now) {
  std::string text;
  const auto add = [&](const std::string& name, const std::string& was, const std::string& is) {
    text += fmt::format("{}{} was {}, is {}", text.empty() ? "" : "; ", name, was, is);
  };
  for (const auto& [name, value] : now) {
    const auto found = then.find(name);
    if (found == then.end() || found->second != value)
      add(name, found == then.end() ? "not given" : found->second, value);
  }
  for (const auto& [name, value] : then)
    if (!now.contains(name)) add(name, value, "not known");
  return text;
}

}  // namespace thaw
