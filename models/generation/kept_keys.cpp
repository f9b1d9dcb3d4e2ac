// SPDX-License-Identifier: Apache-2.0
// Kept keys are read where they lie.
#include "models/generation/kept_keys.h"

#include "nn/naming.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {

Variable attend_to(const MultiHeadAttention& heads, const Variable& queries, const Segments& segments,
                   const KeysAndValues& seen, const RelativeBiasVariable& bias) {
  if (!seen.kept) return heads.attend(queries, seen.keys, seen.values, segments, seen.segments, bias);
  check(!queries.tracked() && !seen.keys.tracked() && !seen.values.tracked(),
        "{}: kept keys and values have no gradient", heads.path);
  Attention options{heads.scale, heads.causal, {}, {}};
  if (bias.table.defined()) options.bias = {bias.table.value(), bias.bucket_of, bias.zero, 0};
  const Tensor out = naming(heads.path, [&] {
    return decode_attention(queries.value(), seen.keys.value(), seen.values.value(), segments, seen.segments,
                            seen.places, options);
  });
  return Variable(out.reshape({queries.size(0), heads.heads * heads.head_size}));
}

SeenKeysOfLayer seen_in(KeyValueCache& cache) {
  return [&cache](size_t layer, const KeysAndValues& fresh) {
    const KeyValueCache::Seen all = cache.keep(layer, fresh.keys.value(), fresh.values.value());
    return KeysAndValues{Variable(all.keys), Variable(all.values), all.segments, all.places.device().defined(),
                         all.places};
  };
}

void begin_with_prefix(KeyValueCache& cache, size_t layer, const MultiHeadAttention& heads) {
  if (heads.prefix_rows() == 0) return;
  const MultiHeadAttention::Heads prefix = heads.heads_of_prefix();
  cache.begin_with(layer, prefix.keys.value(), prefix.values.value());
}

}  // namespace thaw
