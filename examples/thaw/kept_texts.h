// SPDX-License-Identifier: Apache-2.0
// What a frozen part of the model gives for a run's texts, and keeping it.
#pragma once

#include <cstdint>
#include <string>

#include "examples/thaw/arguments.h"
#include "examples/thaw/run_examples.h"
#include "models/prefix/keeping.h"

namespace thaw {

// Has what a frozen part of the model gives for the examples kept, where a training uses it more than once, or other
// runs may: first of those to train on, then of those to validate by; in memory within so many bytes, or in files.
KeptTexts keep_frozen(const RunExamples& examples, const TrainingOptions& training, const CacheArguments& cache,
                      int64_t memory_bytes);
// What the files of --cache may take: what was asked for, or half of what the disk has.
int64_t folder_bytes(const CacheArguments& cache);
// A line that tells of it; empty: nothing is kept.
std::string to_text(const KeptTexts& kept, const CacheArguments& cache, const ExampleWords& words = {});
// A warning that keeping it was asked for in vain; empty: it was not.
std::string unused_cache_text(const CacheArguments& cache, const KeptTexts& kept, const ExampleWords& words = {});

}  // namespace thaw
