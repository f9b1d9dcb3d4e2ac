// SPDX-License-Identifier: Apache-2.0
// What the two backward passes of attention share: the probabilities again, and the gradient of the scores.

// p = exp(score - lse)
void compute_probabilities(Pair pair, out float p[tile][tile]) {
  compute_scores(pair, p);
  [[unroll]] for (uint r = 0; r < tile; ++r) {
    const uint row = min(first_row() + r, pair.q_rows - 1);
    const float lse = max(call.lse.at[pair.h * call.lse_head + pair.q_first + row], lowest);
    [[unroll]] for (uint c = 0; c < tile; ++c) p[r][c] = exp_real(p[r][c] - lse);
  }
}

// dscore = p (factor dp - delta), dp = dresult v^T
void compute_dscores(Pair pair, float p[tile][tile], float factors[tile][tile], inout float dp[tile][tile]) {
  [[unroll]] for (uint r = 0; r < tile; ++r) {
    const uint row = min(first_row() + r, pair.q_rows - 1);
    const float delta = call.delta.at[pair.h * call.delta_head + pair.q_first + row];
    [[unroll]] for (uint c = 0; c < tile; ++c) dp[r][c] = p[r][c] * (dp[r][c] * factors[r][c] - delta);
  }
}
