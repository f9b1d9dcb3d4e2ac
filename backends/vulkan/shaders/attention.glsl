// SPDX-License-Identifier: Apache-2.0
// What the attention kernels share (AttentionArgs in tensor/kernel_args.h). A workgroup has one block of queries or
// keys of one segment and one head, and goes through the other side block by block. Everything is products of tiles
// [block, block] in shared memory, of which invocation (y, x) of side x side computes tile x tile numbers. The head
// dimension comes in pieces of `block` as well, called chunks.
//
// Letters: i query and j key of the segment, h head, d head dimension; r row and c column of a tile.
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;  // (block / tile)^2
layout(constant_id = 1) const uint block = 32;
layout(constant_id = 2) const uint tile = 4;        // a multiple of 4
layout(constant_id = 3) const uint head_size = 64;
layout(constant_id = 4) const bool causal = false;
layout(constant_id = 5) const bool has_bias = false;
layout(constant_id = 6) const bool drops = false;

const uint side = block / tile;
const uint chunks = (head_size + block - 1) / block;
const uint stride = block + 1;  // of a tile's rows in shared memory: odd, so that rows begin in different banks

// [tokens, H, D] with a dense last axis; token and head are strides.
struct Tokens {
  Floats memory;
  uint token, head;
};

// The same structs as in attention_call.h.
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Call {
  Tokens q, k, v, result, dresult, dq, dk, dv;
  Floats lse, delta;             // [H, Tq]
  Floats table;                  // [buckets, H]
  Ints bucket_of;                // of the distance j - i: bucket_of[zero + j - i]
  Floats dtable;                 // [blocks, H, buckets]
  uint lse_head, delta_head;     // strides
  uint table_bucket, table_head; // strides
  uint distances;                // size of bucket_of
  int zero;
  float scale;
  float probability, factor;     // of the dropout; factor: 1 / (1 - probability)
  uint key[4];                   // seed low, seed high, stream low, stream high
};
struct Block {
  uint first, rows;        // tokens of this side
  uint position;           // of the first one in its segment
  uint begin, count;       // tokens of the segment on the other side
  int offset;              // keys - queries of the segment: with a causal mask query i sees keys up to i + offset
};
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Blocks { Block at[]; };
layout(push_constant, scalar) uniform Push {
  Call call;
  Blocks blocks;
  uint count, heads;
};

// Below every finite score, and finite itself: lowest - lowest is no NaN.
const float lowest = -3.40282347e38;

const uint tile_size = block * stride;
const uint left_tile = 0, right_tile = tile_size, weight_tile = 2 * tile_size;
shared float tiles[3 * tile_size];
shared float diagonals[2 * block];  // the bias of each distance c - r + block - 1

uint first_row() { return gl_LocalInvocationID.x / side * tile; }
uint first_column() { return gl_LocalInvocationID.x % side * tile; }

// A chunk of `rows` tokens from `first` on; 0 elsewhere.
void load(uint target, Tokens source, uint first, uint rows, uint h, uint chunk) {
  for (uint e = gl_LocalInvocationID.x; e < block * block; e += workgroup) {
    const uint r = e / block, c = e % block, d = chunk * block + c;
    float value = 0.0;
    if (r < rows && d < head_size) value = source.memory.at[(first + r) * source.token + h * source.head + d];
    tiles[target + r * stride + c] = value;
  }
}

// sums[r][c] += sum_k left[r][k] right[k][c]; where an element lies is told by strides.
void add_product(inout float sums[tile][tile], uint left, uint left_row, uint left_k, uint right, uint right_k,
                 uint right_column) {
  left += first_row() * left_row;
  right += first_column() * right_column;
  for (uint k = 0; k < block; ++k) {
    float row[tile], column[tile];
    [[unroll]] for (uint r = 0; r < tile; ++r) row[r] = tiles[left + r * left_row + k * left_k];
    [[unroll]] for (uint c = 0; c < tile; ++c) column[c] = tiles[right + c * right_column + k * right_k];
    [[unroll]] for (uint r = 0; r < tile; ++r)
      [[unroll]] for (uint c = 0; c < tile; ++c) sums[r][c] += row[r] * column[c];
  }
}

void set_zero(out float sums[tile][tile]) {
  [[unroll]] for (uint r = 0; r < tile; ++r)
    [[unroll]] for (uint c = 0; c < tile; ++c) sums[r][c] = 0.0;
}

// A block of queries against a block of keys: their first tokens, their numbers, and their positions in the segment.
struct Pair {
  uint q_first, k_first, q_rows, k_rows, i, j;
  int offset;
  uint h;
};

// scale q k^T + bias; -infinity where masked or outside.
void compute_scores(Pair pair, out float scores[tile][tile]) {
  set_zero(scores);
  for (uint chunk = 0; chunk < chunks; ++chunk) {
    barrier();
    load(left_tile, call.q, pair.q_first, pair.q_rows, pair.h, chunk);
    load(right_tile, call.k, pair.k_first, pair.k_rows, pair.h, chunk);
    if (has_bias && chunk == 0) {
      for (uint t = gl_LocalInvocationID.x; t < 2 * block - 1; t += workgroup) {
        const int distance =
            clamp(call.zero + int(pair.j) - int(pair.i) + int(t) - int(block - 1), 0, int(call.distances) - 1);
        diagonals[t] = call.table.at[uint(call.bucket_of.at[distance]) * call.table_bucket + pair.h * call.table_head];
      }
    }
    barrier();
    add_product(scores, left_tile, stride, 1, right_tile, 1, stride);
  }
  [[unroll]] for (uint r = 0; r < tile; ++r) {
    [[unroll]] for (uint c = 0; c < tile; ++c) {
      const uint row = first_row() + r, column = first_column() + c;
      float score = call.scale * scores[r][c];
      if (has_bias) score += diagonals[column + block - 1 - row];
      const bool seen = row < pair.q_rows && column < pair.k_rows &&
                        (!causal || int(pair.j + column) <= int(pair.i + row) + pair.offset);
      scores[r][c] = seen ? score : -infinity();
    }
  }
}

// What a probability is multiplied by: 1 without dropout.
void compute_factors(Pair pair, out float factors[tile][tile]) {
  [[unroll]] for (uint r = 0; r < tile; ++r) {
    [[unroll]] for (uint four = 0; four < tile; four += 4) {
      uvec4 words = uvec4(0);
      if (drops)
        words = attention_words((pair.j + first_column() + four) / 4, pair.q_first + first_row() + r, pair.h,
                                call.key[0], call.key[1], call.key[2], call.key[3]);
      [[unroll]] for (uint c = 0; c < 4; ++c)
        factors[r][four + c] = !drops ? 1.0 : uniform_of_word(words[c]) >= call.probability ? call.factor : 0.0;
    }
  }
}

void put_weights(float values[tile][tile]) {
  [[unroll]] for (uint r = 0; r < tile; ++r)
    [[unroll]] for (uint c = 0; c < tile; ++c)
      tiles[weight_tile + (first_row() + r) * stride + first_column() + c] = values[r][c];
}

// Writes a chunk of this block's result.
void store(Tokens target, uint first, uint rows, uint h, uint chunk, float values[tile][tile]) {
  [[unroll]] for (uint r = 0; r < tile; ++r) {
    [[unroll]] for (uint c = 0; c < tile; ++c) {
      const uint row = first_row() + r, d = chunk * block + first_column() + c;
      if (row < rows && d < head_size)
        target.memory.at[(first + row) * target.token + h * target.head + d] = values[r][c];
    }
  }
}
