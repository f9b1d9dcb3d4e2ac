// SPDX-License-Identifier: Apache-2.0
// Text of options and hashes.
#include "nn/train/fingerprint.h"

#include <fmt/format.h>

#include "nn/train/crc32c.h"

namespace thaw {

std::string run_fingerprint(const TrainingOptions& o, const ParameterStore& store, std::span<const int64_t> lengths,
                            int64_t total_steps) {
  std::string trained;
  for (const Parameter& p : store.trained()) {
    const auto rows = p.trained_rows().value_or(std::pair<int64_t, int64_t>{0, 0});
    trained += fmt::format("{} {} {}:{}\n", p.name(), p.value().shape().to_string(), rows.first, rows.second);
  }
  const std::string_view length_bytes(reinterpret_cast<const char*>(lengths.data()), lengths.size_bytes());
  const BatchOptions& b = o.batches;
  return fmt::format(
      "examples {} ({:08x}), steps {}, batch {} x {}, tokens {}, buckets {}, drop last {}, rate {}, decay {}, betas {} "
      "{}, eps {}, clip {}, schedule {}, "
      "warm-up {} {}, seed {}, skip {}, trained {:08x}",
      lengths.size(), crc32c(length_bytes), total_steps, b.batch_size, b.accumulation, b.batch_tokens, b.bucket_steps,
      b.drop_last, o.learning_rate, o.weight_decay, o.adam_beta1, o.adam_beta2, o.adam_epsilon, o.max_grad_norm,
      o.lr_scheduler_type, o.warmup_ratio, o.warmup_steps, o.seed, o.skip_nonfinite_steps, crc32c(trained));
}

}  // namespace thaw
