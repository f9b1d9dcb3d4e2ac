// SPDX-License-Identifier: Apache-2.0
// Attention over packed segments.
#include "autograd/functions.h"
#include "autograd/tape.h"

namespace thaw {

// Kept: the inputs, the output and one number per row of scores; the probabilities are made again (Dao et al. 2022).
Variable attention(const Variable& q, const Variable& k, const Variable& v, const Segments& queries,
                   const Segments& keys, const Attention& options, const RelativeBiasVariable& bias) {
  Attention all = options;
  all.bias.reset();
  if (bias.table.defined()) all.bias = {bias.table.value(), bias.bucket_of, bias.zero, bias.query_offset};
  const AttentionWanted wanted{needed(q), needed(k), needed(v), needed(bias.table)};
  const bool keep = wanted.q || wanted.k || wanted.v || wanted.table;
  const AttentionResult made = attention(q.value(), k.value(), v.value(), queries, keys, all, keep);
  return record_joint(
      "attention", made.out, {q, k, v, bias.table},
      [out = Saved(made.out, "attention"), lse = made.lse, q = saved(q), k = saved(k), v = saved(v),
       table = saved(bias.table), queries, keys, all, wanted](const Tensor& dout) {
        table.get();  // `all` holds the same tensor
        const AttentionGradients g = attention_backward(dout, q, k, v, {out, lse}, queries, keys, all, wanted);
        return std::vector<Tensor>{g.q, g.k, g.v, g.table};
      });
}

}  // namespace thaw
