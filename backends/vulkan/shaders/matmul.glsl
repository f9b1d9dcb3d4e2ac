// SPDX-License-Identifier: Apache-2.0
// What the matrix product kernels share: their arguments, how an element is read, what is done with a finished sum.
// With -DHALVES the matrices are of bf16 or f16. With FETCHED they are texel buffers, and a.x, b.x, a.y are the places
// in them of the first elements of a, b and the target. After types.glsl and pointwise.glsl.
//
// Letters: out [M, N] = a [M, K] b [K, N] for each batch; row and column are the strides of a matrix, in elements.
#if defined(FETCHED)
#define Inputs uvec2
#elif defined(HALVES)
#define Inputs Halves
#else
#define Inputs Floats
#endif

// The same struct as MatmulPush in matmul_push.h.
layout(push_constant, scalar) uniform Push {
  Inputs a, b;
  Floats target, pre_activation, bias;
  uint m, n, k;
  uint a_row, a_column, b_row, b_column, target_row;
  uint a_batch[2], b_batch[2], target_batch[2];  // strides of the outer and the inner batch axis
  uint inner_batches, batches;                   // size of the inner axis; number of all batches
  uint bias_stride;
  uint k_part;  // the k of one part: a split product has ceil(k / k_part) partial results
  float scale;
};

// Constants 1-6 of every product kernel.
layout(constant_id = 1) const bool has_bias = false;
layout(constant_id = 2) const bool keeps_pre_activation = false;
layout(constant_id = 3) const bool accumulates = false;
layout(constant_id = 4) const uint activation = unary_identity;
// Target holds the parts' sums [part, batch, M, N]; matmul_sum adds them up.
layout(constant_id = 5) const bool partial = false;
layout(constant_id = 6) const bool bf16 = false;     // of HALVES: else f16

#ifndef FETCHED
float read(Inputs matrix, uint index) {
#ifdef HALVES
  const uint bits = uint(matrix.at[index]);
  return bf16 ? from_bf16(bits) : from_f16(bits);
#else
  return matrix.at[index];
#endif
}
#endif

// Where a batch's matrices begin.
uint start_of(uint strides[2], uint batch) {
  return batch / inner_batches * strides[0] + batch % inner_batches * strides[1];
}

// Where the results of a part (part * batches + batch) begin.
uint target_start(uint part) { return partial ? part * m * n : start_of(target_batch, part); }

float bias_of(uint column) { return has_bias ? bias.at[column * bias_stride] : 0.0; }

// `before`: what the target holds, where accumulates.
void finish_from(uint index, float column_bias, float before, float sum) {
  float value = scale * sum;
  if (has_bias) value += column_bias;
  if (keeps_pre_activation) pre_activation.at[index] = value;
  if (activation != unary_identity) value = unary_value(activation, value, 1.0, 0.0);
  if (accumulates) value += before;
  target.at[index] = value;
}

void finish(uint index, uint column, float sum) {
  finish_from(index, bias_of(column), accumulates ? target.at[index] : 0.0, sum);
}
