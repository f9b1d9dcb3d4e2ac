// SPDX-License-Identifier: Apache-2.0
// Which examples make a step: shuffled by a seed, bucketed by length, cut into micro-batches that fit a number of
// tokens.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace thaw {

// The examples of one optimizer step, as micro-batches: their gradients are summed.
struct StepBatch {
  std::vector<std::vector<int64_t>> micro_batches;
  std::vector<int64_t> examples() const;
};

// All of them, one after the other.
std::vector<int64_t> examples_of(std::span<const StepBatch> steps);

struct BatchOptions {
  int64_t batch_size = 32;   // examples of a micro-batch
  int64_t accumulation = 1;  // a step has batch_size * accumulation examples
  // At most so many tokens in a micro-batch (a single longer example still makes one); 0: no limit. Other micro-batches
  // give a step the same loss and gradients but for rounding, unless there is dropout: each draws masks of its own.
  int64_t batch_tokens = 0;
  // Within so many steps' examples (at most a quarter of the epoch's), those of like length come together; 1: purely
  // random batches.
  int64_t bucket_steps = 8;
  bool drop_last = false;  // leave out a last, smaller step
};

// The steps of one epoch. The same (lengths, seed, epoch) give the same steps. Shuffle, sort windows of bucket_steps
// steps' examples by length, cut into steps, shuffle the steps.
std::vector<StepBatch> epoch_steps(std::span<const int64_t> lengths, const BatchOptions& options, uint64_t seed,
                                   int64_t epoch);

// For evaluation: all examples, longest first, in batches of at most batch_tokens tokens and batch_size examples.
std::vector<std::vector<int64_t>> evaluation_batches(std::span<const int64_t> lengths, const BatchOptions& options);

// Cuts `examples`, in their order, into micro-batches: a new one begins where the next example would exceed batch_size
// or batch_tokens.
std::vector<std::vector<int64_t>> micro_batches(std::span<const int64_t> examples, std::span<const int64_t> lengths,
                                                const BatchOptions& options);

// Tokens of these examples together; of a step's largest micro-batch.
int64_t tokens_of(std::span<const int64_t> examples, std::span<const int64_t> lengths);
int64_t most_tokens(const StepBatch& step, std::span<const int64_t> lengths);

// The most that a step may hold at once, whatever the order: of the longest examples the micro-batch with the most
// tokens, last. Another stands before it if steps have several: its gradients are there by then.
StepBatch largest_step(std::span<const int64_t> lengths, const BatchOptions& options);

// A permutation of [0, n) drawn from the stream (seed, stream): Fisher-Yates.
std::vector<int64_t> permutation(int64_t n, uint64_t seed, uint64_t stream);

}  // namespace thaw
